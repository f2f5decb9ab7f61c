import type { TestMutant } from './list.ts';

const contract = 'subgraphs/kit/src/cache.contract.test.ts';
const router = 'router/src/cache/cache.unit.test.ts';
const policy = 'router/src/cache/policy.unit.test.ts';
const memory = 'subgraphs/kit/src/cache.memory.ts';
const redis = 'subgraphs/kit/src/cache.redis.ts';
const rules = 'router/src/cache/policy.ts';

/** Each of them shows somebody what is not true any more, or not theirs. */
export const cacheMutants: readonly TestMutant[] = [
  {
    name: 'A fill is kept though its tag was evicted since its fetch began',
    file: memory,
    find: '(evicted.get(tag) ?? Number.NEGATIVE_INFINITY) <= mark',
    replace: '(evicted.get(tag) ?? Number.NEGATIVE_INFINITY) <= Number.POSITIVE_INFINITY',
    test: contract,
    expects: 'keeps nothing whose tag was evicted since it was marked',
  },
  {
    name: 'An eviction leaves what is kept',
    file: memory,
    find: 'for (const key of [...(byTag.get(tag) ?? [])]) drop(key);',
    replace: '',
    test: contract,
    expects: 'forgets by any tag, and by no other',
  },
  {
    name: 'What was marked before a new epoch is kept in it',
    file: memory,
    find: "if (typeof mark !== 'number' || mark < epoch) return 0;",
    replace: "if (typeof mark !== 'number') return 0;",
    test: contract,
    expects: 'begins a new epoch',
  },
  {
    name: 'In Redis an eviction that came while a value was fetched is overlooked',
    file: redis,
    find: 'if evicted and tonumber(evicted) > tonumber(ARGV[2]) then holds = false end',
    replace: '',
    test: contract,
    expects: 'keeps nothing whose tag was evicted since it was marked',
  },
  {
    name: 'An eviction that Redis did not hear is forgotten',
    file: redis,
    find: '      } catch {\n        doubts += 1;\n      }',
    replace: '      } catch {}',
    test: contract,
    expects: 'knows nothing while it is away, and nothing of before when it is back',
  },
  {
    name: 'A mutation is answered before what it changed is evicted',
    file: 'router/src/executor/run.ts',
    find: 'if (evicted) await evict(evicted);',
    replace: '',
    test: router,
    expects: 'is gone when a mutation is answered',
  },
  {
    name: 'Two channels share what is kept',
    file: 'router/src/executor/keeping.ts',
    find: '`${channel.id} ${channel.currency} ${locale}`',
    replace: '`${channel.currency} ${locale}`',
    test: router,
    expects: 'is kept for',
  },
  {
    name: 'Staff are given what everybody is shown',
    file: 'router/src/executor/keeping.ts',
    find: 'const sees = isStaff(viewer) || scopes.length > 0',
    replace: 'const sees = scopes.length > 0',
    test: router,
    expects: 'is shared by all who are shown the same, and by nobody who may be shown more',
  },
  {
    name: 'What holds for a while is kept for longer',
    file: 'router/src/executor/keeping.ts',
    find: 'Math.min(maxAgeMs, holdsMs ?? maxAgeMs)',
    replace: 'maxAgeMs',
    test: router,
    expects: 'is given no longer than its house says it holds',
  },
  {
    name: 'A field that another subgraph added to an entity is kept unasked',
    file: rules,
    find: 'returned || owner.isEntity ? undefined : INHERIT',
    replace: 'returned ? undefined : INHERIT',
    test: policy,
    expects: 'is nothing where one field says nothing',
  },
  {
    name: 'A root field that lists entities is not evicted when another joins them',
    file: rules,
    find: 'return field?.isList ? [listTag(field.type)] : [];',
    replace: 'return [];',
    test: policy,
    expects: 'depends on every entity of a type where a root field lists them',
  },
];
