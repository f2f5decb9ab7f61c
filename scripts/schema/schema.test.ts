import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { expect, it } from 'vitest';
import { root } from '../run/options.ts';
import { readManifests } from './operations.ts';
import { compareSchemas, describeReport, type Schemas } from './report.ts';

const read = (path: string): GraphQLSchema =>
  buildSchema(readFileSync(join(root, 'schema', path), 'utf8'), { assumeValidSDL: true });
const views = (folder: string): Schemas => ({
  public: read(`${folder}public.graphql`),
  admin: read(`${folder}admin.graphql`),
});

it('keeps what was released, and every persisted operation', async () => {
  const operations = await readManifests(join(root, 'schema', 'operations'));
  // A day on which no deprecation has expired yet: what may go is for `npm run schema:check` to say.
  const report = compareSchemas(views('released/'), views(''), operations, '2026-01-01');
  expect(report.breakages).toEqual([]);
  expect(report.passes, describeReport(report)).toBe(true);
});
