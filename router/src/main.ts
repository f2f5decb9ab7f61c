import { runProcess } from '@souk/kit/process';
import { startRouter } from './distributed.ts';

await runProcess((env) => startRouter({ env }));
