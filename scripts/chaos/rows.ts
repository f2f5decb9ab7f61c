import { brokerDown } from './broker-down.row.ts';
import { brokerWiped } from './broker-wiped.row.ts';
import { clockSkew } from './clock-skew.row.ts';
import { diskFull } from './disk-full.row.ts';
import { killNine } from './kill-9.row.ts';
import { migration } from './migration.row.ts';
import { overload } from './overload.row.ts';
import { poison } from './poison.row.ts';
import { redisDown } from './redis-down.row.ts';
import { restoreDrill } from './restore-drill.row.ts';
import { rolling } from './rolling.row.ts';
import type { Row } from './row.ts';
import { sagaCrash } from './saga-crash.row.ts';
import { shuffledFacts } from './shuffled-facts.row.ts';
import { slowSubgraph } from './slow-subgraph.row.ts';
import { webhooks } from './webhooks.row.ts';
import { zombie } from './zombie.row.ts';

/** Every row of the chaos suite, in the order in which they run. */
export const rows: readonly Row[] = [
  killNine,
  sagaCrash,
  brokerDown,
  brokerWiped,
  redisDown,
  webhooks,
  poison,
  clockSkew,
  diskFull,
  migration,
  shuffledFacts,
  restoreDrill,
  rolling,
  zombie,
  slowSubgraph,
  overload,
];
