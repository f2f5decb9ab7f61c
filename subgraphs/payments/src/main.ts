import { serve } from '@souk/kit/serve';
import { payments } from './index.ts';

await serve(payments);
