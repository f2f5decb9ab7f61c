import type Stripe from 'stripe';
import { cardByName } from './simulator.cards.ts';
import {
  type Charge,
  type Dispute,
  type Intent,
  lastCharge,
  type PaymentError,
  type PaymentMethod,
  paidCharge,
  type Refund,
  refundedAmount,
} from './simulator.intents.ts';

/** The API version whose shapes these are: the one the pinned SDK sends. */
export const API_VERSION = '2026-10-28.endive';

export function paymentMethodShape(method: PaymentMethod): Stripe.PaymentMethod {
  const card = cardByName(method.card);
  return {
    id: method.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, ...method.billing, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
      country: 'US',
      display_brand: card.brand,
      exp_month: method.expMonth,
      exp_year: method.expYear,
      fingerprint: `simulated-${card.name}`,
      funding: card.funding,
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: card.authentication !== 'unsupported' },
      wallet: null,
    },
    created: method.created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: { ...method.metadata },
    type: 'card',
  };
}

function lastErrorShape(error: PaymentError): Stripe.PaymentIntent.LastPaymentError {
  return {
    code: error.code,
    message: error.message,
    payment_method: paymentMethodShape(error.paymentMethod),
    type: error.type,
    ...(error.charge === null ? {} : { charge: error.charge }),
    ...(error.declineCode === null ? {} : { decline_code: error.declineCode }),
  };
}

/** `publicUrl` is where a browser finds the 3-D Secure page. */
export function intentShape(intent: Intent, publicUrl: string): Stripe.PaymentIntent {
  const paid = paidCharge(intent);
  const url = authenticationUrl(intent, publicUrl);
  return {
    id: intent.id,
    object: 'payment_intent',
    allowed_payment_method_types: intent.allowedMethodTypes === null ? null : [...intent.allowedMethodTypes],
    amount: intent.amount,
    amount_capturable: intent.status === 'requires_capture' && paid !== null ? paid.amount : 0,
    amount_received: paid?.amountCaptured ?? 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: intent.canceledAt,
    cancellation_reason: intent.cancellationReason,
    capture_method: intent.captureMethod,
    client_secret: intent.clientSecret,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    customer: null,
    customer_account: null,
    description: intent.description,
    excluded_payment_method_types: null,
    last_payment_error: intent.lastError === null ? null : lastErrorShape(intent.lastError),
    latest_charge: lastCharge(intent)?.id ?? null,
    livemode: false,
    managed_payments: null,
    metadata: { ...intent.metadata },
    next_action:
      url === null ? null : { type: 'redirect_to_url', redirect_to_url: { return_url: intent.returnUrl, url } },
    on_behalf_of: null,
    payment_method: intent.paymentMethod?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: intent.status,
    transfer_data: null,
    transfer_group: null,
  };
}

export function authenticationUrl(intent: Intent, publicUrl: string): string | null {
  return intent.authentication === null ? null : `${publicUrl}/3d-secure/${intent.id}/${intent.authentication.token}`;
}

export function chargeShape(intent: Intent, charge: Charge): Stripe.Charge {
  const card = cardByName(charge.paymentMethod.card);
  const failed = charge.decline !== null;
  const refunded = charge.released ? charge.amount : refundedAmount(charge);
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: refunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, ...charge.paymentMethod.billing, tax_id: null },
    calculated_statement_descriptor: 'SOUK SIMULATOR',
    captured: charge.captured,
    created: charge.created,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: charge.dispute !== null,
    failure_balance_transaction: null,
    failure_code: charge.decline?.code ?? null,
    failure_message: charge.decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: {
      advice_code: failed ? 'try_again_later' : null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: failed ? 'declined_by_network' : 'approved_by_network',
      reason: charge.decline?.declineCode ?? null,
      risk_level: 'normal',
      seller_message: failed ? 'The bank declined the payment.' : 'Payment complete.',
      type: failed ? 'issuer_declined' : 'authorized',
    },
    paid: !failed,
    payment_intent: intent.id,
    payment_method: charge.paymentMethod.id,
    payment_method_details: {
      card: {
        amount_authorized: failed ? null : charge.amount,
        authorization_code: null,
        brand: card.brand,
        ...(charge.captureBefore === null ? {} : { capture_before: charge.captureBefore }),
        checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
        country: 'US',
        electronic_commerce_indicator: null,
        exp_month: charge.paymentMethod.expMonth,
        exp_year: charge.paymentMethod.expYear,
        fingerprint: `simulated-${card.name}`,
        funding: card.funding,
        installments: null,
        last4: card.last4,
        mandate: null,
        network: card.brand,
        network_transaction_id: null,
        regulated_status: 'unregulated',
        three_d_secure: charge.authenticated
          ? {
              authentication_flow: 'challenge',
              electronic_commerce_indicator: '05',
              exemption_indicator: null,
              result: 'authenticated',
              result_reason: null,
              transaction_id: null,
              version: '2.2.0',
            }
          : null,
        transaction_link_id: null,
        wallet: null,
      },
      type: 'card',
    },
    receipt_email: intent.receiptEmail,
    receipt_number: null,
    receipt_url: null,
    refunded: refunded > 0 && refunded >= (charge.released ? charge.amount : charge.amountCaptured),
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: failed ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: null,
  };
}

export function refundShape(intent: Intent, charge: Charge, refund: Refund): Stripe.Refund {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: null,
    charge: charge.id,
    created: refund.created,
    currency: intent.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      type: 'card',
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
    },
    ...(refund.failureReason === null ? {} : { failure_reason: refund.failureReason }),
    metadata: { ...refund.metadata },
    payment_intent: intent.id,
    payment_method: charge.paymentMethod.id,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
  };
}

/** Of a dispute only what an integration reads; the evidence forms of the dashboard are left out. */
export type DisputeShape = Omit<Stripe.Dispute, 'evidence' | 'evidence_details'>;

export function disputeShape(intent: Intent, charge: Charge, dispute: Dispute): DisputeShape {
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: [],
    charge: charge.id,
    created: dispute.created,
    currency: intent.currency,
    enhanced_eligibility_types: [],
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    network_reason_code: dispute.reason === 'fraudulent' ? '10.4' : '13.1',
    payment_intent: intent.id,
    reason: dispute.reason,
    status: dispute.status,
  };
}

/** The object of this intent that has the id, in Stripe's shape; null where there is none. */
export function objectShape(intent: Intent, id: string, publicUrl: string): object | null {
  if (intent.id === id) return intentShape(intent, publicUrl);
  for (const charge of intent.charges) {
    if (charge.id === id) return chargeShape(intent, charge);
    if (charge.paymentMethod.id === id) return paymentMethodShape(charge.paymentMethod);
    if (charge.dispute?.id === id) return disputeShape(intent, charge, charge.dispute);
    const refund = charge.refunds.find((r) => r.id === id);
    if (refund !== undefined) return refundShape(intent, charge, refund);
  }
  return intent.paymentMethod?.id === id ? paymentMethodShape(intent.paymentMethod) : null;
}
