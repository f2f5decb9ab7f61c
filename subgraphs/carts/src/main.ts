import { serve } from '@souk/kit/serve';
import { carts } from './index.ts';

await serve(carts);
