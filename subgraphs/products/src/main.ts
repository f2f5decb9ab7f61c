import { serve } from '@souk/kit/serve';
import { products } from './index.ts';

await serve(products);
