import type { Words } from './words.ts';

export const english: Words = {
  language: 'en',
  direction: 'ltr',
  greeting: (firstName) => `Hello ${firstName},`,
  closing: 'Your Souk team',
  reason: 'You are receiving this e-mail because an order was placed with this address.',
  viewOrder: 'View your order',
  lookUp: (order) => `You can look up your order at any time with the number ${order} and this e-mail address.`,
  orderNumber: 'Order number',
  quantity: (count) => `Quantity: ${count}`,
  subtotal: 'Subtotal',
  shipping: 'Shipping',
  tax: 'Tax',
  includedTax: 'Tax included',
  total: 'Total',
  confirmed: {
    subject: (order) => `Your order ${order} is confirmed`,
    heading: 'Thank you for your order',
    intro: (order) => `We have received your order ${order} and your payment. Here is what you ordered:`,
    next: 'We will write to you again as soon as your parcel is on its way.',
  },
  cancelled: {
    subject: (order) => `Your order ${order} has been cancelled`,
    heading: 'Your order has been cancelled',
    intro: (order) => `Your order ${order} has been cancelled.`,
    why: {
      CUSTOMER: 'We cancelled it at your request.',
      STAFF: 'We had to cancel it, and we are sorry about that.',
      OUT_OF_STOCK: 'Something you ordered sold out at the last moment, and we are sorry about that.',
      EXPIRED: 'Your payment did not arrive in time.',
      PAYMENT_FAILED: 'Your payment could not be completed.',
    },
    moneyBack:
      'We will refund what you paid to your original payment method. Depending on your bank, this can take up to ten days.',
    nothingTaken: 'You have not been charged. If your bank has set an amount aside, it will release it automatically.',
  },
  shipped: {
    subject: (order) => `Your order ${order} is on its way`,
    heading: 'Your parcel is on its way',
    intro: (order) => `We have shipped a parcel from your order ${order}.`,
    tracking: (carrier, number) => `Carrier: ${carrier}. Tracking number: ${number}.`,
    trackParcel: 'Track your parcel',
    contents: 'In this parcel:',
  },
  refunded: {
    subject: (order, amount) => `${amount} refunded for your order ${order}`,
    heading: 'Your refund is on its way',
    intro: (order, amount) => `We have refunded ${amount} for your order ${order} to your original payment method.`,
    when: 'Depending on your bank, it can take up to ten days to appear in your account.',
  },
};
