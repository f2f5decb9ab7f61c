import { serve } from '@souk/kit/serve';
import { orders } from './index.ts';

await serve(orders);
