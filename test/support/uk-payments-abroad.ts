import { randomUUID } from 'node:crypto';

import type { Customer } from './customer.js';
import type { ApiAnswer, CallOptions, ThirdParty } from './third-party.js';
import { bodyOf, type WireAmount } from './uk-bank.js';

export interface WireRate {
  readonly UnitCurrency: string;
  readonly ExchangeRate: number;
  readonly RateType: string;
  readonly ContractIdentification?: string;
  readonly ExpirationDateTime?: string;
}

export interface WireCharge {
  readonly ChargeBearer: string;
  readonly Type: string;
  readonly Amount: WireAmount;
}

export interface WireConsentAbroad {
  readonly Data: {
    readonly ConsentId: string;
    readonly Status: string;
    readonly Charges?: readonly WireCharge[];
    readonly ExchangeRateInformation?: WireRate;
    readonly Initiation: unknown;
  };
}

export interface WirePaymentAbroad {
  readonly Data: {
    readonly InternationalPaymentId: string;
    readonly ConsentId: string;
    readonly Status: string;
    readonly StatusReason?: readonly { readonly StatusReasonCode?: string }[];
    readonly Charges?: readonly WireCharge[];
    readonly ExchangeRateInformation?: WireRate;
    readonly Initiation: unknown;
    readonly Refund?: unknown;
    readonly Debtor?: unknown;
  };
}

/** A payment as a third party holds it: what it asked for, and the keys it asked with. */
export interface PlanAbroad {
  readonly initiation: Readonly<Record<string, unknown>>;
  readonly reference: string;
  readonly consentKey: string;
  readonly orderKey: string;
}

const RISK = { PaymentContextCode: 'TransferToThirdParty' };

/** Euros to an IBAN; `more` changes the initiation, where undefined leaves a member out. */
export function planAbroad(
  payment: { readonly amount: string; readonly payee: { readonly name: string; readonly iban: string } },
  more: Readonly<Record<string, unknown>> = {},
): PlanAbroad {
  const reference = randomUUID().slice(0, 18);
  const initiation = {
    InstructionIdentification: `I-${reference}`,
    EndToEndIdentification: `E-${reference}`,
    CurrencyOfTransfer: 'EUR',
    ChargeBearer: 'Shared',
    InstructedAmount: { Amount: payment.amount, Currency: 'EUR' },
    ExchangeRateInformation: { UnitCurrency: 'GBP', RateType: 'Actual' },
    CreditorAccount: { SchemeName: 'UK.OBIE.IBAN', Identification: payment.payee.iban, Name: payment.payee.name },
    RemittanceInformation: { Unstructured: [reference] },
    ...more,
  };
  return {
    initiation: JSON.parse(JSON.stringify(initiation)) as PlanAbroad['initiation'],
    reference,
    consentKey: randomUUID(),
    orderKey: randomUUID(),
  };
}

export async function lodgeAbroad(
  tpp: ThirdParty,
  plan: PlanAbroad,
  options: CallOptions = {},
): Promise<ApiAnswer<WireConsentAbroad>> {
  return tpp.call('POST', '/pisp/international-payment-consents', {
    sign: true,
    idempotencyKey: plan.consentKey,
    body: { Data: { ReadRefundAccount: 'Yes', Initiation: plan.initiation }, Risk: RISK },
    ...options,
    token: options.token ?? (await tpp.clientToken('payments')),
  });
}

export function payAbroad(
  tpp: ThirdParty,
  plan: PlanAbroad,
  options: CallOptions & { readonly consentId: string },
): Promise<ApiAnswer<WirePaymentAbroad>> {
  const { consentId, ...call } = options;
  return tpp.call('POST', '/pisp/international-payments', {
    sign: true,
    idempotencyKey: plan.orderKey,
    body: { Data: { ConsentId: consentId, Initiation: plan.initiation }, Risk: RISK },
    ...call,
  });
}

/** A consent that the customer has approved, with the token to pay with. */
export async function approvedAbroad(
  tpp: ThirdParty,
  customer: Customer,
  plan: PlanAbroad,
): Promise<{ readonly consentId: string; readonly token: string }> {
  const consentId = bodyOf(await lodgeAbroad(tpp, plan), 201).Data.ConsentId;
  const pending = await tpp.beginConsent(consentId, 'payments');
  const tokens = await tpp.finishConsent(pending, await customer.pay(pending.authorizationUrl));
  return { consentId, token: tokens.access_token };
}

export async function readAbroad<T>(tpp: ThirdParty, path: string): Promise<ApiAnswer<T>> {
  return tpp.call('GET', `/pisp${path}`, { token: await tpp.clientToken('payments') });
}
