import type { Kv } from '@souk/kit';
import { REMEMBERED_SECONDS, REVOCATIONS_PUBLISHED, revokedKey } from './access-token.ts';
import type { SessionRevocations } from './session-revocations.ts';

export const kvRevocations = (kv: Kv): SessionRevocations => ({
  async publish(kind, ids) {
    await Promise.all(ids.map((id) => kv.set(revokedKey(id), true, REMEMBERED_SECONDS[kind])));
  },
  // Should it ever run out, all that is lost is the time to publish again.
  markPublished: () => kv.set(REVOCATIONS_PUBLISHED, true, REMEMBERED_SECONDS.guest),
  arePublished: async () => (await kv.get(REVOCATIONS_PUBLISHED)) === true,
});
