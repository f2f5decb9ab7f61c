import { obeyParent } from './child.ts';
import { type ServedHouses, serveHouses } from './router.houses.ts';

export type HousesAsk = { readonly kind: 'start' } | { readonly kind: 'calls' } | { readonly kind: 'stop' };

let served: ServedHouses | undefined;

obeyParent<HousesAsk>(async ({ kind }) => {
  if (kind === 'start') {
    served = await serveHouses();
    return served.urls;
  }
  if (kind === 'calls') return served!.calls();
  return served?.close();
});
