import { serve } from '@souk/kit/serve';
import { notifications } from './index.ts';

await serve(notifications);
