import type { IdKind, Scope } from '@souk/schema';

/** How a text of the path or the query becomes a value. */
export type ParamType = 'text' | 'texts' | 'integer' | 'boolean' | 'decimal' | 'sort';

export interface QueryParam {
  /** Where it goes among the variables, such as `filter.inStock`. */
  readonly into: string;
  readonly type: ParamType;
  readonly description: string;
  /** For an id: bare UUIDs are taken too. */
  readonly id?: IdKind;
  /** The only values it takes. */
  readonly values?: readonly string[];
}

interface Body {
  /** The input type it is, less what comes from the path and the headers. */
  readonly type: string;
  readonly without: readonly string[];
  /** Set from outside the graph: the field of the body that chooses the operation. */
  readonly choice?: { readonly field: string; readonly description: string };
}

/** One route: a persisted operation, and how a request and its answer fit it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /api/v1. */
  readonly path: string;
  readonly tag: 'Products' | 'Orders' | 'Cart';
  readonly summary: string;
  /** Name of the operation in schema/operations/rest.json. */
  readonly operation: string;
  /** For whoever has none of the scopes: another operation that shows what is theirs. */
  readonly own?: { readonly scopes: readonly Scope[]; readonly operation: string };
  /** The operation by the value of a field of the body. */
  readonly operations?: Readonly<Record<string, string>>;
  readonly id?: { readonly into: string; readonly kind: IdKind };
  readonly query?: Readonly<Record<string, QueryParam>>;
  readonly body?: Body;
  /** Takes an Idempotency-Key: the same key with the same body is done once. */
  readonly idempotent?: boolean;
  /** Fills in the cart as it is, so that a shopper need not say its lines again. */
  readonly ofCart?: boolean;
  readonly shows: 'page' | 'thing' | 'product' | 'order' | 'cart';
  readonly status?: 201;
  /** Whoever may read it without a token. */
  readonly open?: boolean;
  /** Said where there is no such thing. */
  readonly missing?: string;
}

const page: Readonly<Record<string, QueryParam>> = {
  first: { into: 'first', type: 'integer', description: 'How many from the start; 20 if unsaid, 100 at most.' },
  after: { into: 'after', type: 'text', description: 'Only what comes after this cursor.' },
  last: { into: 'last', type: 'integer', description: 'How many from the end; 100 at most.' },
  before: { into: 'before', type: 'text', description: 'Only what comes before this cursor.' },
};

const NO_PRODUCT = 'There is no such product.';
const NO_ORDER = 'There is no such order, or it is somebody else’s.';
const NO_CART = 'There is no cart yet. Add an item to begin one.';
const NO_LINE = 'There is no such line in the cart.';
const idempotencyKey = 'idempotencyKey';

export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/products',
    tag: 'Products',
    summary: 'A page of products',
    operation: 'ListProducts',
    open: true,
    query: {
      ...page,
      search: { into: 'search', type: 'text', description: 'Words to look for.' },
      category: {
        into: 'filter.category',
        type: 'text',
        description: 'Slug or id of a category; those below it count.',
      },
      collection: { into: 'filter.collection', type: 'text', description: 'Slug or id of a collection.' },
      inStock: { into: 'filter.inStock', type: 'boolean', description: 'Only what can be bought now.' },
      priceMin: { into: 'filter.price.min', type: 'decimal', description: 'At least this price.' },
      priceMax: { into: 'filter.price.max', type: 'decimal', description: 'At most this price.' },
      tag: { into: 'filter.tags', type: 'texts', description: 'With any of these tags.' },
      vendor: { into: 'filter.vendors', type: 'texts', description: 'Of any of these vendors.' },
      status: {
        into: 'filter.status',
        type: 'texts',
        description: 'In any of these states; for staff.',
        values: ['DRAFT', 'PUBLISHED', 'ARCHIVED'],
      },
      sort: {
        into: 'sort',
        type: 'sort',
        description: 'What comes first; a hyphen before it turns the order round.',
        values: ['name', 'price', 'created_at', 'relevance'],
      },
    },
    shows: 'page',
  },
  {
    method: 'GET',
    path: '/products/:id',
    tag: 'Products',
    summary: 'A product',
    operation: 'GetProduct',
    open: true,
    id: { into: 'id', kind: 'Product' },
    shows: 'thing',
    missing: NO_PRODUCT,
  },
  {
    method: 'POST',
    path: '/products',
    tag: 'Products',
    summary: 'Makes a product',
    operation: 'CreateProduct',
    body: { type: 'CreateProductInput', without: [] },
    shows: 'product',
    status: 201,
  },
  {
    method: 'PUT',
    path: '/products/:id',
    tag: 'Products',
    summary: 'Changes a product; what is unsaid stays',
    operation: 'UpdateProduct',
    id: { into: 'input.id', kind: 'Product' },
    body: { type: 'UpdateProductInput', without: ['id'] },
    shows: 'product',
    missing: NO_PRODUCT,
  },
  {
    method: 'DELETE',
    path: '/products/:id',
    tag: 'Products',
    summary: 'Archives a product: it is sold no more, and stays in the orders it is in',
    operation: 'ArchiveProduct',
    id: { into: 'input.id', kind: 'Product' },
    shows: 'product',
    missing: NO_PRODUCT,
  },
  {
    method: 'GET',
    path: '/orders',
    tag: 'Orders',
    summary: 'A page of orders: all for staff, for anybody else their own',
    operation: 'ListOrders',
    own: { scopes: ['support:read', 'warehouse:read', 'finance:read'], operation: 'ListMyOrders' },
    query: {
      ...page,
      search: {
        into: 'search',
        type: 'text',
        description: 'Part of a number, a name or an e-mail address; for staff.',
      },
      status: {
        into: 'filter.status',
        type: 'text',
        description: 'Only those in this state; for staff.',
        values: ['PENDING', 'AWAITING_PAYMENT', 'CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
      },
      customer: {
        into: 'filter.customerId',
        type: 'text',
        id: 'User',
        description: 'Only those of this account; for staff.',
      },
      email: { into: 'filter.email', type: 'text', description: 'Only those of this e-mail address; for staff.' },
      placedFrom: {
        into: 'filter.placedFrom',
        type: 'text',
        description: 'Only those placed at or after this moment; for staff.',
      },
      placedTo: {
        into: 'filter.placedTo',
        type: 'text',
        description: 'Only those placed before this moment; for staff.',
      },
      sort: {
        into: 'sort',
        type: 'sort',
        description: 'What comes first; a hyphen before it turns the order round; for staff.',
        values: ['placed_at'],
      },
    },
    shows: 'page',
  },
  {
    method: 'GET',
    path: '/orders/:id',
    tag: 'Orders',
    summary: 'An order',
    operation: 'GetOrder',
    id: { into: 'id', kind: 'Order' },
    shows: 'thing',
    missing: NO_ORDER,
  },
  {
    method: 'POST',
    path: '/orders',
    tag: 'Orders',
    summary: 'Places an order for a cart as its shopper saw it',
    operation: 'CreateOrder',
    body: { type: 'CreateOrderInput', without: [idempotencyKey] },
    idempotent: true,
    shows: 'order',
    status: 201,
  },
  {
    method: 'PUT',
    path: '/orders/:id/status',
    tag: 'Orders',
    summary: 'Ships, delivers or cancels an order',
    operation: 'ShipOrder',
    operations: { SHIPPED: 'ShipOrder', DELIVERED: 'DeliverOrder', CANCELLED: 'CancelOrder' },
    id: { into: 'input.orderId', kind: 'Order' },
    body: {
      type: 'ShipOrderInput',
      without: [idempotencyKey, 'orderId'],
      choice: {
        field: 'status',
        description:
          'What it becomes. SHIPPED takes what is said of the parcel below, DELIVERED a fulfillmentId, CANCELLED a reason.',
      },
    },
    idempotent: true,
    shows: 'order',
    missing: NO_ORDER,
  },
  {
    method: 'POST',
    path: '/orders/:id/cancel',
    tag: 'Orders',
    summary: 'Cancels an order that has not left yet',
    operation: 'CancelOrder',
    id: { into: 'input.orderId', kind: 'Order' },
    body: { type: 'CancelOrderInput', without: [idempotencyKey, 'orderId'] },
    idempotent: true,
    shows: 'order',
    missing: NO_ORDER,
  },
  {
    method: 'GET',
    path: '/cart',
    tag: 'Cart',
    summary: 'The cart of whoever asks',
    operation: 'GetCart',
    shows: 'thing',
    missing: NO_CART,
  },
  {
    method: 'POST',
    path: '/cart/items',
    tag: 'Cart',
    summary: 'Adds an item to the cart',
    operation: 'AddCartItem',
    body: { type: 'AddToCartInput', without: [] },
    shows: 'cart',
    status: 201,
  },
  {
    method: 'PUT',
    path: '/cart/items/:id',
    tag: 'Cart',
    summary: 'Sets the quantity of a line',
    operation: 'UpdateCartItem',
    id: { into: 'input.lineId', kind: 'CartLine' },
    body: { type: 'UpdateCartLineInput', without: ['lineId'] },
    shows: 'cart',
    missing: NO_LINE,
  },
  {
    method: 'DELETE',
    path: '/cart/items/:id',
    tag: 'Cart',
    summary: 'Takes a line out of the cart',
    operation: 'RemoveCartItem',
    id: { into: 'input.lineId', kind: 'CartLine' },
    shows: 'cart',
    missing: NO_LINE,
  },
  {
    method: 'POST',
    path: '/cart/checkout',
    tag: 'Cart',
    summary: 'Places an order for the cart, at the version and the total that its shopper saw',
    operation: 'CreateOrder',
    body: { type: 'CreateOrderInput', without: [idempotencyKey, 'cartId', 'lines'] },
    idempotent: true,
    ofCart: true,
    shows: 'order',
    status: 201,
    missing: NO_CART,
  },
];
