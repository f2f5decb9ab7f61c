import type { Names } from '../names.ts';

export const facts = ({
  house,
  House,
  Thing,
  thing,
  one,
}: Names): string => `import type { ChannelId, ${Thing}Id } from '../ids.ts';
import type { Fact } from './envelope.ts';

/** ${one[0]!.toUpperCase()}${one.slice(1)} came to be. State. Keyed by ${thing}Id. */
export type ${Thing}Created = Fact<
  '${house}.${Thing}Created',
  { ${thing}Id: ${Thing}Id; channelId: ChannelId; name: string; createdAt: string }
>;

export type ${House}Fact = ${Thing}Created;
`;

/** One fact of this house as it travels; the house's own test holds what it really says against it. */
export const example = ({ house, Thing, thing, word }: Names): string =>
  `${JSON.stringify(
    {
      id: '01980000-0000-7000-8000-000000000901',
      type: `${house}.${Thing}Created`,
      at: '2026-03-01T09:30:00.000Z',
      key: '01980000-0000-7000-8000-000000000911',
      version: 1,
      subject: null,
      trace: null,
      data: {
        [`${thing}Id`]: '01980000-0000-7000-8000-000000000911',
        channelId: '01900000-0000-7000-8000-000000000001',
        name: `The first ${word}`,
        createdAt: '2026-03-01T09:30:00.000Z',
      },
    },
    null,
    2,
  )}\n`;
