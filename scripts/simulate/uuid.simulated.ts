import { nextId } from './own.ts';

/** Stands for the package `uuid` in a simulated process. */
export const v7 = nextId;
