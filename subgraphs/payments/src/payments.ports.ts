import type { PaymentGateway } from './payment-gateway.ts';

/** A browser may be on another machine, where the port the simulator listens on is out of reach; the shop's own is not. */
export const SIMULATOR_PATH = '/simulator';

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
    /** Its 3-D Secure page, which is shown under the shop's own address. */
    answerPage(request: { readonly method: string; readonly path: string; readonly body: string }): Promise<{
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }>;
  } | null;
  readonly close: () => Promise<void>;
}
