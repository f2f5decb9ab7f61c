import { join } from 'node:path';
import { inspectPostgres } from '@souk/kit/postgres';
import { laws, violations } from '@souk/router/laws';
import pg from 'pg';

/** `npm run check:laws`: the conservation laws over the running shop's database, or over the one that DATABASE_URL names. */
const running = await inspectPostgres(join(process.env.SOUK_DATA_DIR ?? join(process.cwd(), '.souk'), 'postgres'));
const url = process.env.DATABASE_URL ?? running.url?.replace(/\/postgres$/, '/souk');
if (!url) {
  console.error(
    'No running shop was found. Start it with npm start, or name its database in DATABASE_URL as an administrator.',
  );
  process.exit(1);
}
const client = new pg.Client({ connectionString: url });
await client.connect();
try {
  const found = await violations(async (sql) => (await client.query(sql)).rows);
  for (const law of laws) {
    const broken = found.find((violation) => violation.law === law);
    console.log(`${broken ? '✗' : '✓'} ${law.number}  ${law.text}`);
    for (const example of broken?.examples ?? []) console.log(`     ${JSON.stringify(example)}`);
  }
  if (found.length > 0)
    console.error('\nA law that is broken while orders are under way may hold again at rest; look twice.');
  process.exitCode = found.length > 0 ? 1 : 0;
} finally {
  await client.end();
}
