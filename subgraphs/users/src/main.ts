import { firstAdmin } from '@souk/kit';
import { serve } from '@souk/kit/serve';
import { ensureAdmin, users } from './index.ts';

await serve(users, (house, config) => ensureAdmin(house, firstAdmin(config)));
