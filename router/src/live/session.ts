import { sleep, systemError, unixSeconds } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { identityOf } from '../executor/run.ts';
import type { Identified } from '../viewer.ts';

/** How often a session is looked at while something of its is open: well within the minute that a revocation may take there. */
const LOOK_EVERY_SECONDS = 15;

interface Options {
  /** Says who they are now; throws once they may not be here any more. */
  readonly look: () => Promise<Identified>;
  /** Their rights are others now. */
  readonly changed: (viewer: Viewer) => void;
  /** They may not be here any more; the error says why. */
  readonly ended: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** A token that ends, a session that is signed out and a right that is lost take with them what is still open. */
export async function followSession(
  { viewer, expiresAt }: Identified,
  { look, changed, ended, signal }: Options,
): Promise<void> {
  // Nobody in particular: there is nothing to lose.
  if (viewer.principal === 'anonymous') return;
  let identity = identityOf(viewer);
  while (!signal.aborted) {
    const left = expiresAt === null ? Number.POSITIVE_INFINITY : Math.max(0, expiresAt - unixSeconds());
    await sleep(Math.min(left, LOOK_EVERY_SECONDS) * 1_000, signal);
    if (signal.aborted) return;
    if (left <= LOOK_EVERY_SECONDS) return ended(sessionHasEnded());
    try {
      const now = await look();
      if (signal.aborted || identityOf(now.viewer) === identity) continue;
      identity = identityOf(now.viewer);
      changed(now.viewer);
    } catch (error) {
      if (!signal.aborted) ended(error);
      return;
    }
  }
}

const sessionHasEnded = () => systemError('UNAUTHENTICATED', 'Your session has ended. Sign in again.');
