import { serve } from '@souk/kit/serve';
import { inventory } from './index.ts';

await serve(inventory);
