import { notes } from './serve.testing.ts';
import { serve } from './serve.ts';

await serve(notes);
