import { parseArgs } from 'node:util';
import { explain } from './lifetime.ts';
import { finish } from './new-subgraph/finish.ts';
import { usage } from './new-subgraph/names.ts';
import { planHouse, writePlan } from './new-subgraph/plan.ts';
import { root } from './run/options.ts';

/** `npm run new:subgraph -- NAME [--aggregate Thing]`: a house with all its rooms, registered, composed and tested. */
async function main(words: readonly string[]): Promise<void> {
  const { house, aggregate } = readWords(words);
  const plan = await planHouse(root, house, aggregate);
  const { names, created, edited } = plan;
  await writePlan(root, plan);
  const paths = [...created.keys(), ...edited.keys()];
  await finish(
    root,
    paths.filter((path) => path.endsWith('.ts')),
    (line) => console.log(line),
  );
  console.log(`
Made the house ${names.house}, which keeps ${names.words} (ids ${names.prefix}_…):
${[...created.keys()].map((path) => `  + ${path}`).join('\n')}
Registered it in:
${[...edited.keys()].map((path) => `  ~ ${path}`).join('\n')}
  ~ schema/subgraphs/${names.house}.graphql and schema/supergraph.graphql (composed)

What to do next:
  1. npm test -- subgraphs/${names.house}      it passes as it is
  2. subgraphs/${names.house}/src/${names.file}.ts: write what ${names.one} really is; types, tables, migration and tests follow
  3. schema/events/${names.house}.ts: say what others may hear, and name the hearers in schema/events/index.ts
  4. npm run codegen && npm run verify     before you commit
A house that is new to a shop with data hears only what is said from now on; resay() of the other houses fills it.`);
}

function readWords(words: readonly string[]): { house: string; aggregate: string | undefined } {
  const { values, positionals } = parse(words);
  const [house, ...more] = positionals;
  if (house === undefined) throw usage('A house needs a name.');
  if (more.length > 0) throw usage(`One name at a time: "${more.join(' ')}" is too much.`);
  return { house, aggregate: values.aggregate };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: { aggregate: { type: 'string' } }, allowPositionals: true });
  } catch {
    throw usage(`The arguments "${words.join(' ')}" are not understood.`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  explain(error, 'The house could not be made');
  process.exitCode = 1;
}
