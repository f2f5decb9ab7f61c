import type { Names } from '../names.ts';

export const manifest = ({ house }: Names, versions: Readonly<Record<string, string>>): string =>
  `${JSON.stringify(
    {
      name: `@souk/${house}`,
      version: '0.1.0',
      private: true,
      type: 'module',
      license: 'MIT',
      exports: { '.': { source: './src/index.ts', default: './dist/index.js' } },
      dependencies: versions,
    },
    null,
    2,
  )}\n`;

export const readme = ({ house, Thing, one, words, word, things, table }: Names): string => `# ${house}

**Owns** ${words} (table \`${table}\`): a name in one channel, active until archived. Nothing is deleted.

**Says**
- \`${house}.${Thing}Created\`: ${one} came to be. State, keyed by ${Thing[0]!.toLowerCase()}${Thing.slice(1)}Id.

**Hears**
- \`platform.ChannelChanged\`: keeps which channels are open, so that none is asked for it in a write.

**Promises**
- A version rises by one with every change; a change made for an older version is refused.
- What is archived stays as it is, and only staff see it. An archived ${word} and an unknown one look the same to others.
- A closed channel gets no new ${words}: creating one waits for a channel that is just being closed.
- Only a merchandiser creates, renames and archives. Everybody reads \`${Thing[0]!.toLowerCase()}${Thing.slice(1)}(id)\` and \`${things}\`.
- The same idempotency key with the same input in the same channel leads to one ${word}.
`;

export const index = ({
  house,
  House,
  Thing,
  thing,
  Things,
  file,
}: Names): string => `import { batchById, defineSubgraph, owned } from '@souk/kit';
import { migrations } from './migrations/0001_${house}.ts';
import { hears } from './${file}.events.ts';
import { list${Things}ByIds, stream${Things} } from './${file}.repository.ts';
import { findVisible${Thing}, type ${House}Loaders, ${Thing}Resolver } from './${file}.resolvers.ts';
import { ${thing}Created } from './${file}.service.ts';
import type { ${House}Db } from './${file}.tables.ts';
import { ${Thing}Error } from './${file}.types.ts';

export const ${house} = defineSubgraph<${House}Db, ${House}Loaders>({
  name: '${house}',
  resolvers: [${Thing}Resolver],
  orphans: [${Thing}Error],
  entities: { ${Thing}: owned(findVisible${Thing}) },
  migrations,
  hears,
  ticks: {},
  loaders: ({ db }) => ({ ${thing}ById: batchById((ids) => list${Things}ByIds(db, ids)) }),
  async *snapshot(db) {
    for await (const one of stream${Things}(db)) yield ${thing}Created(one);
  },
});
`;

export const migration = ({ house, table }: Names): string => `import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const migrations: Migrations = {
  '0001_${house}': {
    async up(db: Kysely<unknown>) {
      await sql\`
        create table ${table} (
          id uuid primary key,
          channel_id uuid not null,
          name text not null check (char_length(name) between 1 and 100),
          status text not null check (status in ('ACTIVE', 'ARCHIVED')),
          version int not null check (version >= 1),
          created_at timestamptz not null,
          updated_at timestamptz not null
        )\`.execute(db);
      // Shoppers page through what is active, staff through all of it.
      await sql\`create index ${table}_active on ${table} (channel_id, id) where status = 'ACTIVE'\`.execute(db);
      await sql\`create index ${table}_channel on ${table} (channel_id, id)\`.execute(db);

      await sql\`
        create table known_channels (
          id uuid primary key,
          active boolean not null,
          version int not null check (version >= 1)
        )\`.execute(db);
    },
  },
};
`;

export const events = ({ House, file }: Names): string => `import type { Hears } from '@souk/kit';
import { learnChannel } from './${file}.service.ts';
import type { ${House}Db } from './${file}.tables.ts';

export const hears: Hears<${House}Db> = {
  'platform.ChannelChanged': (tx, { version, data: { channelId, active } }) =>
    learnChannel(tx, { id: channelId, active, version }),
};
`;

export const tables = ({
  House,
  Thing,
  file,
  table,
}: Names): string => `import type { ChannelId, ${Thing}Id } from '@souk/schema';
import type { ${Thing}Status } from './${file}.ts';

export interface ${Thing}Table {
  id: ${Thing}Id;
  channel_id: ChannelId;
  name: string;
  status: ${Thing}Status;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** A copy of what platform said of its channels. */
export interface KnownChannelTable {
  id: ChannelId;
  active: boolean;
  version: number;
}

export interface ${House}Db {
  ${table}: ${Thing}Table;
  known_channels: KnownChannelTable;
}
`;
