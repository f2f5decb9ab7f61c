import { chanceOf } from './chance.ts';
import { Client, type Scene } from './clients.ts';
import { guest } from './graph.ts';
import { merchandiser, supporter, warehouseman } from './shop.ts';
import { shop } from './shoppers.ts';
import { keepGoods, keepPrices, serve, workAtProvider } from './staff.ts';

/** Everybody who uses the shop in a run, each going about their own business. */
export function everybody(scene: Scene): Promise<void>[] {
  const chance = chanceOf(scene.seed, 'everybody');
  const shoppers = 2 + chance.below(3);
  const coming = Array.from({ length: shoppers }, (_, n) =>
    shop(new Client(scene, `shopper ${n + 1}`, guest(0x100 + n))),
  );
  coming.push(keepGoods(new Client(scene, 'warehouse', warehouseman)));
  if (chance.flip(0.7)) coming.push(keepPrices(new Client(scene, 'merchandiser', merchandiser)));
  const serving = chance.pick([0, 0, 1, 1, 2]);
  for (let n = 1; n <= serving; n++) coming.push(serve(new Client(scene, `support ${n}`, supporter)));
  if (chance.flip(0.5)) coming.push(workAtProvider(new Client(scene, 'dashboard', supporter)));
  return coming;
}
