import type { PaymentGateway } from './payment-gateway.ts';

/** What this house reaches the outside by. */
export interface PaymentsPorts {
  readonly gateway: PaymentGateway;
  readonly provider: 'STRIPE' | 'SIMULATOR';
  readonly publishableKey: string | null;
  /** Where a shopper comes back to from the bank's page. */
  readonly returnUrl: string;
  /** The simulator's address and secrets, for tests and tools on this machine; null with a real account. */
  readonly simulator: {
    readonly url: string;
    readonly secretKey: string;
    readonly webhookUrl: string;
    readonly webhookSecret: string;
  } | null;
  readonly close: () => Promise<void>;
}
