import { batchBy, batchById, type Copy, type Hot, type HouseContext } from '@souk/kit';
import type { CartId, VariantId } from '@souk/schema';
import type { Kysely } from 'kysely';
import { findCart, type StockedCart } from './cart.repository.ts';
import type { CartsDb } from './cart.tables.ts';
import type { Cart, Goods } from './cart.ts';
import { listGoods } from './goods.repository.ts';

/** A cart as it was committed. What is known of its articles is no part of it: that changes without the cart. */
interface CartCopy {
  readonly cart: Cart;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A cart as a reader gets it; `goods` is null where nobody has read them yet. */
export interface SeenCart extends Omit<StockedCart, 'goods'> {
  readonly goods: ReadonlyMap<VariantId, Goods> | null;
}

/** The hot copy of a principal's cart, kept under the principal. */
export const copyOf = ({ cart, createdAt, updatedAt }: Omit<SeenCart, 'goods' | 'id'>): Copy<CartCopy> => ({
  id: cart.id,
  version: cart.version,
  value: { cart, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
});

/** A viewer's reader of their own cart: from its hot copy, or from the table, with goods then. `db` is never a standby. */
export const cartReader =
  (hot: Hot, db: Kysely<CartsDb>) =>
  async (principal: string): Promise<SeenCart | undefined> => {
    // Who is nobody has nothing.
    if (principal === 'anonymous') return undefined;
    let read: StockedCart | undefined;
    const copy = await hot.get<CartCopy>(principal, async () => {
      read = await findCart(db, principal);
      return read && copyOf(read);
    });
    if (!copy) return undefined;
    const { cart, createdAt, updatedAt } = copy.value;
    const same = read?.id === copy.id && read.cart.version === copy.version;
    return {
      id: copy.id as CartId,
      cart,
      createdAt: new Date(createdAt),
      updatedAt: new Date(updatedAt),
      goods: same ? read!.goods : null,
    };
  };

export interface CartsPorts {
  readonly findCart: ReturnType<typeof cartReader>;
}

interface Loading {
  readonly db: Kysely<CartsDb>;
  readonly viewer: { readonly principal: string };
  readonly ports: CartsPorts;
}

export const loaders = ({ db, viewer, ports }: Loading) => ({
  /** The viewer's own: a principal has one cart, and everybody else's is not there. */
  cartById: batchById(async (ids: readonly CartId[]) => {
    const cart = await ports.findCart(viewer.principal);
    return cart && ids.includes(cart.id) ? [cart] : [];
  }),
  goodsById: batchBy(
    (ids: readonly VariantId[]) => listGoods(db, ids),
    (goods) => goods.variantId,
  ),
});

export type CartsContext = HouseContext<CartsDb, ReturnType<typeof loaders>, CartsPorts>;
