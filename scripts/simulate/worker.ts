import { takeOver } from './own.ts';

takeOver();
// Only now: whatever is imported from here on takes its time, ids and chance from the simulation.
await import('./seeds.ts');
