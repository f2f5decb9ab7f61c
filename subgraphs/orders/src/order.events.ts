import { forgetProducts, learnPrices, learnProducts } from './copy.service.ts';
import { adoptGuestOrders, advanceCheckout, learnAllocation } from './order.service.ts';

/** What orders listens to. */
export const hears = {
  'products.ProductPublished': { batch: learnProducts },
  'products.ProductUnpublished': { batch: forgetProducts },
  'products.PriceChanged': { batch: learnPrices },
  'users.GuestIdentified': adoptGuestOrders,
  'inventory.StockHeld': advanceCheckout,
  'inventory.StockRefused': advanceCheckout,
  'inventory.StockAllocated': learnAllocation,
  'payments.PaymentAuthorized': advanceCheckout,
  'payments.PaymentDeclined': advanceCheckout,
  'payments.PaymentActionRequired': advanceCheckout,
  'payments.PaymentCaptured': advanceCheckout,
  'payments.CaptureFailed': advanceCheckout,
  'payments.PaymentVoided': advanceCheckout,
  'payments.RefundSettled': advanceCheckout,
  'payments.RefundFailed': advanceCheckout,
  'payments.PaymentDisputed': advanceCheckout,
} as const;
