import { killNine } from './kill-9.row.ts';
import type { Row } from './row.ts';

/** Every row of the chaos suite, in the order in which they run. */
export const rows: readonly Row[] = [killNine];
