import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { ManifestError, readManifests } from './schema/operations.ts';
import { compareSchemas, describeReport, type Schemas } from './schema/report.ts';

/**
 * `npm run schema:check [-- --release [--accept-breaks]]`: compares the composed schemas with the released ones, names what breaks,
 * and exits with 1 where something does. `--release` makes the composed ones the released ones.
 */
const RELEASED = 'schema/released';
const views = ['public', 'admin'] as const;

const read = async (path: string): Promise<GraphQLSchema> => {
  const sdl = await readFile(path, 'utf8').catch(() => null);
  if (sdl === null)
    stop(`There is no ${path}.`, 'Run npm run codegen, and for schema/released npm run schema:check -- --release.');
  return buildSchema(sdl, { assumeValidSDL: true });
};
const schemasIn = async (folder: string): Promise<Schemas> => ({
  public: await read(`${folder}/public.graphql`),
  admin: await read(`${folder}/admin.graphql`),
});

function stop(sentence: string, advice: string): never {
  console.error(`✗ ${sentence}\n  ${advice}`);
  process.exit(1);
}

function options() {
  try {
    const { values } = parseArgs({
      options: { release: { type: 'boolean', default: false }, 'accept-breaks': { type: 'boolean', default: false } },
    });
    return values;
  } catch {
    return stop(
      'The arguments are not understood.',
      'Use "npm run schema:check", with -- --release, and --accept-breaks.',
    );
  }
}

const { release, 'accept-breaks': acceptBreaks } = options();
const current = await schemasIn('schema');
const released = await readFile(`${RELEASED}/admin.graphql`, 'utf8').then(
  () => schemasIn(RELEASED),
  () => (release ? current : schemasIn(RELEASED)),
);
const operations = await readManifests('schema/operations').catch((error: unknown) => {
  if (error instanceof ManifestError) stop(error.message, 'Write it anew from its client’s operations.');
  throw error;
});
const report = compareSchemas(released, current, operations, new Date().toISOString().slice(0, 10));
console.log(describeReport(report));
if (release) {
  if (!report.passes && !acceptBreaks) {
    stop('Not released.', 'Add --accept-breaks to break these clients knowingly, and tell them.');
  }
  await mkdir(RELEASED, { recursive: true });
  for (const view of views) await copyFile(`schema/${view}.graphql`, `${RELEASED}/${view}.graphql`);
  console.log(`Released: ${views.map((view) => `${RELEASED}/${view}.graphql`).join(', ')}.`);
} else if (!report.passes) process.exit(1);
