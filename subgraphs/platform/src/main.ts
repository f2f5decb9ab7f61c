import { serve } from '@souk/kit/serve';
import { platform } from './index.ts';

await serve(platform);
