import type { Kv, Live, Log } from '@souk/kit';
import type { GraphQLSchema } from 'graphql';
import type { Learned } from '../admission/admission.ts';
import type { Admit, Asked, Asker, Found } from '../pipeline.ts';
import type { Upstream } from '../upstream.ts';
import { finder, type OperationMode, REST_CLIENT } from './find.ts';
import type { Entry } from './known.ts';
import { readManifests } from './manifests.ts';
import { followRegistry } from './registry.ts';
import { keptTexts } from './texts.ts';
import { traitsOf } from './traits.ts';
import { countUsage } from './usage.ts';

interface Options {
  readonly mode: OperationMode;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly kv: Kv;
  readonly live: Live;
  readonly log: Log;
}

/** What the router knows of the operations that clients may ask for. */
export interface Operations {
  readonly find: (asked: Asked, asker: Asker) => Promise<Found> | Found;
  /** Counts what runs; to be the last of the admissions. */
  counting(learned: (schema: GraphQLSchema) => Learned): Admit;
  keyUsed(keyId: string): void;
  /** What the REST routes run. */
  readonly rest: readonly Entry[];
  stop(): Promise<void>;
}

export async function openOperations({ mode, upstreams, kv, live, log }: Options): Promise<Operations> {
  const shipped = await readManifests();
  const platform = upstreams.get('platform')!;
  const registry = followRegistry({ platform, live, shipped, log });
  const usage = countUsage({ platform, users: upstreams.get('users')!, log });
  return {
    find: finder({ mode, known: registry, texts: keptTexts(kv), log }),
    counting: (learned) => (prepared) => {
      if (prepared.registered) usage.ran(prepared.registered, () => traitsOf(prepared, learned(prepared.schema)));
      return undefined;
    },
    keyUsed: usage.keyUsed,
    rest: shipped.find(({ client }) => client === REST_CLIENT)?.entries ?? [],
    async stop() {
      await Promise.all([registry.stop(), usage.stop()]);
    },
  };
}
