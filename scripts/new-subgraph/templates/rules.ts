import type { Names } from '../names.ts';

export const domain = ({
  Thing,
  thing,
  word,
  one,
}: Names): string => `import { type ChannelId, isStaff, Rejection, type ${Thing}Id, type Viewer } from '@souk/schema';

export const ${thing}Statuses = ['ACTIVE', 'ARCHIVED'] as const;
export type ${Thing}Status = (typeof ${thing}Statuses)[number];

export interface ${Thing} {
  readonly id: ${Thing}Id;
  readonly channelId: ChannelId;
  readonly name: string;
  readonly status: ${Thing}Status;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What this house knows of a channel. */
export interface KnownChannel {
  readonly id: ChannelId;
  readonly active: boolean;
  readonly version: number;
}

export const MAX_NAME = 100;

// Line breaks and control characters never belong into a name, and some of them cannot be stored.
const CONTROL = /\\p{Cc}|\\p{Zl}|\\p{Zp}/u;

function checkedName(name: string): string {
  const trimmed = name.normalize('NFC').trim();
  const length = [...trimmed].length;
  if (length < 1 || length > MAX_NAME || CONTROL.test(trimmed)) {
    throw new Rejection('INVALID_NAME', \`A name has 1 to \${MAX_NAME} characters on one line.\`, ['input', 'name']);
  }
  return trimmed;
}

interface Creating {
  readonly id: ${Thing}Id;
  readonly name: string;
  readonly channelId: ChannelId;
  /** Undefined where no fact about the channel has arrived yet: the router has vetted it, so it counts as open. */
  readonly channel: KnownChannel | undefined;
  readonly now: Date;
}

export function create({ id, name, channelId, channel, now }: Creating): ${Thing} {
  if (channel && !channel.active) throw new Rejection('CHANNEL_CLOSED', 'This channel is closed. Choose another one.');
  return { id, channelId, name: checkedName(name), status: 'ACTIVE', version: 1, createdAt: now, updatedAt: now };
}

/** The same ${word} where the name is the one it has. */
export function rename(${thing}: ${Thing}, name: string, expectedVersion: number | null, now: Date): ${Thing} {
  if (expectedVersion !== null && expectedVersion !== ${thing}.version) {
    throw new Rejection('CONFLICT', 'Somebody changed this ${word} meanwhile. Look at it again.', [
      'input',
      'expectedVersion',
    ]);
  }
  if (${thing}.status === 'ARCHIVED') {
    throw new Rejection('ALREADY_ARCHIVED', 'This ${word} is archived and stays as it is.', ['id']);
  }
  const checked = checkedName(name);
  if (checked === ${thing}.name) return ${thing};
  return { ...${thing}, name: checked, version: ${thing}.version + 1, updatedAt: now };
}

/** Archived for good; the same ${word} where it is archived already. */
export function archive(${thing}: ${Thing}, now: Date): ${Thing} {
  if (${thing}.status === 'ARCHIVED') return ${thing};
  return { ...${thing}, status: 'ARCHIVED', version: ${thing}.version + 1, updatedAt: now };
}

/** Everybody sees ${one} that is active; staff see archived ones too. */
export const maySee = (viewer: Viewer, ${thing}: ${Thing}): boolean => ${thing}.status === 'ACTIVE' || isStaff(viewer);
`;

export const service = ({
  house,
  House,
  Thing,
  thing,
  file,
  word,
}: Names): string => `import type { Tx } from '@souk/kit';
import { type ChannelId, Rejection, type ${Thing}Created, type ${Thing}Id } from '@souk/schema';
import { insert${Thing}, lock${Thing}, lockKnownChannel, update${Thing}, upsertKnownChannel } from './${file}.repository.ts';
import type { ${House}Db } from './${file}.tables.ts';
import { archive, create, type KnownChannel, rename, type ${Thing} } from './${file}.ts';

export type ${House}Tx = Tx<${House}Db>;

/** The live topic of one ${word}. */
export const ${thing}Topic = (id: ${Thing}Id): string => \`${thing}:\${id}\`;

export const ${thing}Created = (${thing}: ${Thing}): Pick<${Thing}Created, 'type' | 'key' | 'version' | 'data'> => ({
  type: '${house}.${Thing}Created',
  key: ${thing}.id,
  version: ${thing}.version,
  data: {
    ${thing}Id: ${thing}.id,
    channelId: ${thing}.channelId,
    name: ${thing}.name,
    createdAt: ${thing}.createdAt.toISOString(),
  },
});

export async function create${Thing}(tx: ${House}Tx, channelId: ChannelId, name: string): Promise<${Thing}Id> {
  const channel = await lockKnownChannel(tx.db, channelId);
  const ${thing} = create({ id: tx.newId<'${Thing}'>(), name, channelId, channel, now: tx.now });
  await insert${Thing}(tx.db, ${thing});
  tx.emit(${thing}Created(${thing}));
  tx.touch(${thing}Topic(${thing}.id), ${thing}.id, ${thing}.version);
  return ${thing}.id;
}

export function rename${Thing}(tx: ${House}Tx, id: ${Thing}Id, name: string, expectedVersion: number | null): Promise<${Thing}Id> {
  return change(tx, id, (${thing}) => rename(${thing}, name, expectedVersion, tx.now));
}

export function archive${Thing}(tx: ${House}Tx, id: ${Thing}Id): Promise<${Thing}Id> {
  return change(tx, id, (${thing}) => archive(${thing}, tx.now));
}

async function change(tx: ${House}Tx, id: ${Thing}Id, decide: (${thing}: ${Thing}) => ${Thing}): Promise<${Thing}Id> {
  const known = await lock${Thing}(tx.db, id);
  if (!known) throw new Rejection('NOT_FOUND', 'There is no such ${word}.', ['id']);
  const next = decide(known);
  if (next === known) return id;
  await update${Thing}(tx.db, next);
  tx.touch(${thing}Topic(id), id, next.version);
  return id;
}

/** Keeps the newest that is known of a channel, in whichever order it comes. */
export const learnChannel = (tx: ${House}Tx, channel: KnownChannel): Promise<void> => upsertKnownChannel(tx.db, channel);
`;

export const repository = ({
  House,
  Thing,
  thing,
  Things,
  file,
  table,
  words,
}: Names): string => `import { type Connection, type PageArgs, paginate } from '@souk/kit';
import type { ChannelId, ${Thing}Id } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { ${House}Db, ${Thing}Table } from './${file}.tables.ts';
import type { KnownChannel, ${Thing} } from './${file}.ts';

const from${Thing}Row = (row: Selectable<${Thing}Table>): ${Thing} => ({
  id: row.id,
  channelId: row.channel_id,
  name: row.name,
  status: row.status,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const to${Thing}Row = (${thing}: ${Thing}): Selectable<${Thing}Table> => ({
  id: ${thing}.id,
  channel_id: ${thing}.channelId,
  name: ${thing}.name,
  status: ${thing}.status,
  version: ${thing}.version,
  created_at: ${thing}.createdAt,
  updated_at: ${thing}.updatedAt,
});

export async function list${Things}ByIds(db: Kysely<${House}Db>, ids: readonly ${Thing}Id[]): Promise<${Thing}[]> {
  return (await db.selectFrom('${table}').selectAll().where('id', 'in', ids).execute()).map(from${Thing}Row);
}

/** The ${words} of a channel, newest first: a UUIDv7 sorts by time. */
export async function list${Things}(
  db: Kysely<${House}Db>,
  { channelId, archivedToo }: { channelId: ChannelId; archivedToo: boolean },
  page: PageArgs,
): Promise<Connection<${Thing}>> {
  let query = db.selectFrom('${table}').selectAll().where('channel_id', '=', channelId);
  if (!archivedToo) query = query.where('status', '=', sql.lit('ACTIVE'));
  const found = await paginate(db, query, [{ sql: sql.ref('id'), type: 'uuid', direction: 'desc' }], page);
  const edges = found.edges.map(({ node, cursor }) => ({ node: from${Thing}Row(node), cursor }));
  return { ...found, edges, nodes: edges.map(({ node }) => node) };
}

export async function* stream${Things}(db: Kysely<${House}Db>): AsyncGenerator<${Thing}> {
  let after: ${Thing}Id | undefined;
  for (;;) {
    let query = db.selectFrom('${table}').selectAll().orderBy('id').limit(500);
    if (after) query = query.where('id', '>', after);
    const rows = await query.execute();
    for (const row of rows) yield from${Thing}Row(row);
    if (rows.length < 500) return;
    after = rows.at(-1)!.id;
  }
}

export async function lock${Thing}(db: Transaction<${House}Db>, id: ${Thing}Id): Promise<${Thing} | undefined> {
  const row = await db.selectFrom('${table}').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && from${Thing}Row(row);
}

export async function insert${Thing}(db: Transaction<${House}Db>, ${thing}: ${Thing}): Promise<void> {
  await db.insertInto('${table}').values(to${Thing}Row(${thing})).execute();
}

export async function update${Thing}(db: Transaction<${House}Db>, ${thing}: ${Thing}): Promise<void> {
  await db.updateTable('${table}').set(to${Thing}Row(${thing})).where('id', '=', ${thing}.id).execute();
}

/** Held as it is until the transaction ends; others may hold it so too. */
export function lockKnownChannel(db: Transaction<${House}Db>, id: ChannelId): Promise<KnownChannel | undefined> {
  return db.selectFrom('known_channels').selectAll().where('id', '=', id).forShare().executeTakeFirst();
}

/** A state older than the one that is known changes nothing. */
export async function upsertKnownChannel(db: Transaction<${House}Db>, channel: KnownChannel): Promise<void> {
  await db
    .insertInto('known_channels')
    .values(channel)
    .onConflict((oc) =>
      oc
        .column('id')
        .doUpdateSet((eb) => ({ active: eb.ref('excluded.active'), version: eb.ref('excluded.version') }))
        .whereRef('excluded.version', '>', 'known_channels.version'),
    )
    .execute();
}
`;
