import { randomUUID } from 'node:crypto';

import type { Customer } from './customer.js';
import type { ApiAnswer, CallOptions, ThirdParty, Tokens } from './third-party.js';

/** What the tests read of UK Open Banking 4.0 answers. */
export interface WireAmount {
  readonly Amount: string;
  readonly Currency: string;
}

export interface WireTransaction {
  readonly AccountId: string;
  readonly TransactionId: string;
  readonly TransactionReference?: string;
  readonly CreditDebitIndicator: 'Credit' | 'Debit';
  readonly Status: 'BOOK' | 'PDNG';
  readonly BookingDateTime: string;
  readonly Amount: WireAmount;
  readonly ProprietaryBankTransactionCode?: { readonly Code: string };
  readonly TransactionInformation?: string;
  readonly Balance?: { readonly CreditDebitIndicator: 'Credit' | 'Debit'; readonly Amount: WireAmount };
}

export interface TransactionPage {
  readonly Data: { readonly Transaction: readonly WireTransaction[] };
  readonly Links: { readonly Self: string; readonly First?: string; readonly Prev?: string; readonly Next?: string };
}

export interface WireConsent {
  readonly Data: {
    readonly ConsentId: string;
    readonly Status: string;
    readonly CreationDateTime: string;
    readonly StatusReason?: readonly { readonly StatusReasonCode?: string }[];
    readonly Debtor?: { readonly Identification?: string };
    readonly Initiation?: unknown;
  };
  readonly Links: { readonly Self: string };
}

export interface WirePayment {
  readonly Data: {
    readonly DomesticPaymentId: string;
    readonly ConsentId: string;
    readonly Status: string;
    readonly StatusReason?: readonly { readonly StatusReasonCode?: string }[];
    readonly Initiation: unknown;
    readonly Debtor?: { readonly Identification?: string };
  };
}

export interface WireErrors {
  readonly Id?: string;
  readonly Errors: readonly { readonly ErrorCode: string; readonly Message?: string; readonly Path?: string }[];
}

export const PERMISSIONS = [
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadParty',
  'ReadPartyPSU',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
] as const;

/** The body of an answer of this status; else everything the bank said. */
export function bodyOf<T>(answer: ApiAnswer<T>, status: number): T {
  if (answer.status === status) return answer.body;
  throw new Error(`HTTP ${answer.status} in place of ${status}: ${answer.text.slice(0, 600)}`);
}

/** `12.50` is 1250n; a debit is negative. */
export function minor({ Amount, Currency }: WireAmount, indicator: 'Credit' | 'Debit' = 'Credit'): bigint {
  if (Currency !== 'GBP') throw new Error(`not in GBP: ${Currency}`);
  const [whole = '0', fraction = ''] = Amount.split('.');
  const value = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0').slice(0, 2));
  return indicator === 'Debit' ? -value : value;
}

export interface Access {
  readonly consentId: string;
  readonly tokens: Tokens;
  /** The access token. */
  readonly token: string;
  /** Ids of the shared accounts. */
  readonly accounts: readonly string[];
}

/** Lodges an account-access consent and answers its id. */
export async function lodgeAccess(tpp: ThirdParty, data: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await tpp.call<WireConsent>('POST', '/aisp/account-access-consents', {
    token: await tpp.clientToken('accounts'),
    body: { Data: { Permissions: PERMISSIONS, ...data }, Risk: {} },
  });
  return bodyOf(answer, 201).Data.ConsentId;
}

/** From the consent through the customer's journey to a token. */
export async function accessTo(
  tpp: ThirdParty,
  customer: Customer,
  options: { readonly data?: Readonly<Record<string, unknown>>; readonly accounts?: readonly string[] } = {},
): Promise<Access> {
  const consentId = await lodgeAccess(tpp, options.data);
  const pending = await tpp.beginConsent(consentId, 'accounts');
  const tokens = await tpp.finishConsent(pending, await customer.share(pending.authorizationUrl, options.accounts));
  const token = tokens.access_token;
  return { consentId, tokens, token, accounts: await accountIdsOf(tpp, token) };
}

export async function accountIdsOf(tpp: ThirdParty, token: string): Promise<readonly string[]> {
  const answer = await tpp.call<{ Data: { Account: readonly { AccountId: string }[] } }>('GET', '/aisp/accounts', {
    token,
  });
  return bodyOf(answer, 200).Data.Account.map(({ AccountId }) => AccountId);
}

export async function consentStatus(tpp: ThirdParty, consentId: string): Promise<WireConsent['Data']> {
  const token = await tpp.clientToken('accounts');
  return bodyOf(await tpp.call<WireConsent>('GET', `/aisp/account-access-consents/${consentId}`, { token }), 200).Data;
}

/** Booked and available money of an account, in pence. */
export async function balancesOf(
  tpp: ThirdParty,
  token: string,
  accountId: string,
): Promise<{ readonly booked: bigint; readonly available: bigint }> {
  interface Balances {
    readonly Data: {
      readonly Balance: readonly { Type: string; CreditDebitIndicator: 'Credit' | 'Debit'; Amount: WireAmount }[];
    };
  }
  const { Data } = bodyOf(await tpp.call<Balances>('GET', `/aisp/accounts/${accountId}/balances`, { token }), 200);
  const of = (type: string): bigint => {
    const found = Data.Balance.find(({ Type }) => Type === type);
    if (!found) throw new Error(`no balance ${type}`);
    return minor(found.Amount, found.CreditDebitIndicator);
  };
  return { booked: of('ITBD'), available: of('ITAV') };
}

/** All pages, first to last, by following Links.Next. */
export async function transactionPages(
  tpp: ThirdParty,
  token: string,
  accountId: string,
): Promise<readonly TransactionPage[]> {
  const pages: TransactionPage[] = [];
  let next: string | undefined = `/aisp/accounts/${accountId}/transactions`;
  while (next !== undefined) {
    const page: TransactionPage = bodyOf(await tpp.call<TransactionPage>('GET', next, { token }), 200);
    pages.push(page);
    next = page.Links.Next;
    if (pages.length > 200) throw new Error('the pages do not come to an end');
  }
  return pages;
}

export async function transactionsOf(
  tpp: ThirdParty,
  token: string,
  accountId: string,
): Promise<readonly WireTransaction[]> {
  return (await transactionPages(tpp, token, accountId)).flatMap(({ Data }) => Data.Transaction);
}

/** A payment as a third party holds it: what it asked for, and the keys it asked with. */
export interface PaymentPlan {
  readonly initiation: Readonly<Record<string, unknown>>;
  readonly reference: string;
  readonly consentKey: string;
  readonly orderKey: string;
}

export function planPayment(payment: {
  readonly amount: string;
  readonly payee: { readonly name: string; readonly identification: string };
  readonly reference?: string;
  readonly debtor?: { readonly identification: string; readonly name: string };
}): PaymentPlan {
  const reference = payment.reference ?? randomUUID().slice(0, 18);
  const account = (party: { readonly identification: string; readonly name: string }): object => ({
    SchemeName: 'UK.OBIE.SortCodeAccountNumber',
    Identification: party.identification,
    Name: party.name,
  });
  return {
    initiation: {
      InstructionIdentification: `I-${reference}`,
      EndToEndIdentification: `E-${reference}`,
      InstructedAmount: { Amount: payment.amount, Currency: 'GBP' },
      ...(payment.debtor && { DebtorAccount: account(payment.debtor) }),
      CreditorAccount: account(payment.payee),
      RemittanceInformation: { Unstructured: [reference] },
    },
    reference,
    consentKey: randomUUID(),
    orderKey: randomUUID(),
  };
}

/** Where customers of this bank are paid: the first account of a customer. */
export function payeeOf(customer: Customer): { readonly name: string; readonly identification: string } {
  const [account] = customer.accounts;
  if (!account) throw new Error(`${customer.name} has no account`);
  return { name: customer.name, identification: account.identification };
}

export async function postPaymentConsent(
  tpp: ThirdParty,
  plan: PaymentPlan,
  options: CallOptions = {},
): Promise<ApiAnswer<WireConsent>> {
  return tpp.call('POST', '/pisp/domestic-payment-consents', {
    sign: true,
    idempotencyKey: plan.consentKey,
    body: { Data: { Initiation: plan.initiation }, Risk: { PaymentContextCode: 'TransferToThirdParty' } },
    ...options,
    token: options.token ?? (await tpp.clientToken('payments')),
  });
}

export function postPayment(
  tpp: ThirdParty,
  plan: PaymentPlan,
  options: CallOptions & { readonly consentId: string },
): Promise<ApiAnswer<WirePayment>> {
  const { consentId, ...call } = options;
  return tpp.call('POST', '/pisp/domestic-payments', {
    sign: true,
    idempotencyKey: plan.orderKey,
    body: {
      Data: { ConsentId: consentId, Initiation: plan.initiation },
      Risk: { PaymentContextCode: 'TransferToThirdParty' },
    },
    ...call,
  });
}

/** A consent that the customer has approved, with the token to pay with. */
export async function approvedPayment(
  tpp: ThirdParty,
  customer: Customer,
  plan: PaymentPlan,
  account?: string,
): Promise<{ readonly consentId: string; readonly token: string }> {
  const consentId = bodyOf(await postPaymentConsent(tpp, plan), 201).Data.ConsentId;
  const pending = await tpp.beginConsent(consentId, 'payments');
  const tokens = await tpp.finishConsent(pending, await customer.pay(pending.authorizationUrl, account));
  return { consentId, token: tokens.access_token };
}

export async function readPayment(tpp: ThirdParty, id: string): Promise<ApiAnswer<WirePayment>> {
  return tpp.call('GET', `/pisp/domestic-payments/${id}`, { token: await tpp.clientToken('payments') });
}
