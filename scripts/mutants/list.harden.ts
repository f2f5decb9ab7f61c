import type { TestMutant } from './list.ts';

const harden = 'scripts/harden/harden.e2e.test.ts';
const limits = 'router/src/limits.unit.test.ts';

/** At least one for each family of the hardening suite. */
export const hardenMutants: readonly TestMutant[] = [
  {
    name: 'a query may be nested without end',
    file: 'router/src/limits.ts',
    find: 'if (depth > limits.depth && !isIntrospection(operation)) {',
    replace: 'if (depth > 100_000 && !isIntrospection(operation)) {',
    test: harden,
    expects: 'nesting',
  },
  {
    name: 'one field that is selected again and again is compared with itself',
    file: 'router/src/limits.ts',
    find: 'const MOST_REPEATS = 200;',
    replace: 'const MOST_REPEATS = 200_000;',
    test: limits,
    expects: 'selected again and again',
  },
  {
    name: 'lists within lists are planned as they are',
    file: 'router/src/limits.ts',
    find: 'const DEEPEST_LISTS = 8;',
    replace: 'const DEEPEST_LISTS = 800;',
    test: limits,
    expects: 'more than 8 lists within each other',
  },
  {
    name: 'a value that was refused is said again',
    file: 'router/src/errors.ts',
    find: 'const text = withoutValues(message);',
    replace: 'const text = message;',
    test: harden,
    expects: 'variables',
  },
  {
    name: 'pages of any site may call',
    file: 'router/src/http.ts',
    find: 'if (!originAllowed(origin)) {',
    replace: "if (origin === 'nobody') {",
    test: harden,
    expects: 'cross-site',
  },
  {
    name: 'a socket takes frames of any size',
    file: 'router/src/websocket.ts',
    find: 'maxPayload: limits.bodyBytes',
    replace: 'maxPayload: 1_000 * limits.bodyBytes',
    test: harden,
    expects: 'frames',
  },
  {
    name: 'a subgraph’s values are shown whatever they are',
    file: 'router/src/executor/projection.ts',
    find: "case 'Int':\n      return (value) => Number.isInteger(value);",
    replace: "case 'Int':\n      return () => true;",
    test: harden,
    expects: 'garbage',
  },
  {
    name: 'a subgraph’s answer is read however long it is',
    file: 'subgraphs/kit/src/remote.whole.ts',
    find: 'if (bytes > mostBytes)',
    replace: 'if (bytes < 0)',
    test: 'subgraphs/kit/src/remote.int.test.ts',
    expects: 'is not read beyond what any operation can bring',
  },
  {
    name: 'a subgraph that drips is read for ever',
    file: 'subgraphs/kit/src/remote.whole.ts',
    find: 'Math.max(1, leftMs)',
    replace: 'Math.max(600_000, leftMs)',
    test: 'subgraphs/kit/src/remote.int.test.ts',
    expects: 'that drips is left when its time is over',
  },
];
