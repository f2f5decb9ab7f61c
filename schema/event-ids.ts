/** What an `eventId` of a subscription says: which thing, and which version of it. Clients take it as it is. */
export interface EventId {
  readonly id: string;
  readonly version: number;
}

export const toEventId = ({ id, version }: EventId): string => `${version}-${id}`;

/** Null for what is no event id, such as one a client made up. */
export function fromEventId(text: string): EventId | null {
  const found = /^(\d{1,15})-(.{1,200})$/.exec(text);
  return found && { version: Number(found[1]), id: found[2]! };
}
