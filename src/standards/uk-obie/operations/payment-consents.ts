import { assert, formatInstant, MS_PER_DAY, plusMs, SandbankError } from '../../../kernel/index.js';
import type { Account, Consent, IdempotencyKey } from '../../../bank/index.js';
import { fingerprintOf } from '../../kit/canonical-json.js';
import type { Call, Operation, Reply } from '../../standard.js';
import { resource, whole } from '../envelope.js';
import { debtorAccountIdOf, toPaymentConsent } from '../mapping/payment-consent.js';
import type { PaymentConsentRequest } from '../mapping/payment-wire.js';
import { DOMESTIC, INTERNATIONAL, kindOf, type PaymentKind } from '../payment-kinds.js';
import { priced, withFields } from '../pricing.js';
import { VERSION_ID } from '../version.js';

export const IDEMPOTENCY_HEADER = 'x-idempotency-key';

const byClient = { grant: 'client', scopes: ['payments'] } as const;
const answerSigned = { request: false, response: true } as const;

const lodging = {
  access: byClient,
  signature: { request: true, response: true },
  idempotencyKey: 'required',
} as const;
const reading = { access: byClient, signature: answerSigned } as const;
const askingFunds = {
  access: { grant: 'customer', scopes: ['payments'], consent: 'payment' },
  signature: answerSigned,
} as const;

export const paymentConsentOperations: Readonly<Record<string, Operation>> = {
  CreateDomesticPaymentConsents: { policy: lodging, handle: (call) => lodge(call, DOMESTIC) },
  GetDomesticPaymentConsentsConsentId: { policy: reading, handle: (call) => read(call, DOMESTIC) },
  GetDomesticPaymentConsentsConsentIdFundsConfirmation: {
    policy: askingFunds,
    handle: (call) => fundsConfirmation(call, DOMESTIC),
  },
  CreateInternationalPaymentConsents: { policy: lodging, handle: (call) => lodge(call, INTERNATIONAL) },
  GetInternationalPaymentConsentsConsentId: { policy: reading, handle: (call) => read(call, INTERNATIONAL) },
  GetInternationalPaymentConsentsConsentIdFundsConfirmation: {
    policy: askingFunds,
    handle: (call) => fundsConfirmation(call, INTERNATIONAL),
  },
};

async function lodge(call: Call, kind: PaymentKind): Promise<Reply> {
  const request = call.body as PaymentConsentRequest;
  const { currency } = call.bank.profile;
  const asked = kind.toInstruction(request, { now: call.now, currency });
  const { instruction, quoted } =
    kind === INTERNATIONAL
      ? await withFields(() => priced(call.bank, asked))
      : { instruction: asked, quoted: undefined };
  const { value } = await call.bank.consents.create(
    {
      clientId: call.client.clientId,
      standard: VERSION_ID,
      subject: { kind: 'payment', instruction },
      reauthorisable: false,
      wire: JSON.stringify({ ...request, ...(quoted && { Quoted: quoted }) }),
    },
    idempotencyOf(call),
  );
  return answer(call, value, { kind, status: 201 });
}

async function read(call: Call, kind: PaymentKind): Promise<Reply> {
  return answer(call, await paymentConsent(call, call.params.ConsentId ?? '', kind), { kind, status: 200 });
}

async function fundsConfirmation(call: Call, kind: PaymentKind): Promise<Reply> {
  const consent = await consentOfToken(call, { id: call.params.ConsentId ?? '', path: 'ConsentId', kind });
  requireAuthorised(consent, 'ConsentId');
  // An expired quote is told as it would be to the order.
  return whole(call, {
    FundsAvailableResult: {
      FundsAvailableDateTime: formatInstant(call.now),
      FundsAvailable: await withFields(() => call.bank.payments.fundsAvailable(consent.id)),
    },
  });
}

/** A day of the bank's clock, from the first request on; one key of a client is one write, whatever the endpoint. */
export function idempotencyOf(call: Call): IdempotencyKey {
  const key = call.headers[IDEMPOTENCY_HEADER];
  assert(key !== undefined, `${call.operationId} has an idempotency key`);
  return {
    clientId: call.client.clientId,
    key,
    fingerprint: fingerprintOf(call.body),
    expiresAt: plusMs(call.now, MS_PER_DAY),
  };
}

/** Throws `consent.not-found` also for a consent of another kind or standard, and `consent.of-another-client`. */
async function paymentConsent(call: Call, id: string, kind: PaymentKind): Promise<Consent> {
  const consent = await call.bank.consents.get(id, { clientId: call.client.clientId });
  const { standard, subject } = consent;
  if (standard === VERSION_ID && subject.kind === 'payment' && kindOf(subject.instruction) === kind) return consent;
  throw new SandbankError('consent.not-found', `There is no such ${kind.name} payment consent.`, {
    path: 'ConsentId',
    actual: id,
  });
}

/** The consent that the request names must be the one the customer's token stands for. */
export async function consentOfToken(
  call: Call,
  { id, path, kind }: { readonly id: string; readonly path: string; readonly kind: PaymentKind },
): Promise<Consent> {
  assert(call.consent, `${call.operationId} has a consent`);
  const consent = await paymentConsent(call, id, kind);
  if (consent.id === call.consent.id) return consent;
  throw new SandbankError('consent.mismatch', 'The access token belongs to another consent.', {
    path,
    expected: call.consent.id,
    actual: id,
  });
}

/** Throws `consent.wrong-status` (U009), `consent.consumed` where it has been used. */
export function requireAuthorised(consent: Consent, path: string): void {
  if (consent.status === 'authorised') return;
  const code = consent.status === 'consumed' ? 'consent.consumed' : 'consent.wrong-status';
  throw new SandbankError(code, 'The consent is not authorised.', {
    path,
    expected: 'authorised',
    actual: consent.status,
  });
}

export async function debtorOf(call: Call, consent: Consent): Promise<Account | undefined> {
  const id = debtorAccountIdOf(consent);
  return id === undefined ? undefined : call.bank.accounts.get(id);
}

async function answer(
  call: Call,
  consent: Consent,
  { kind, status }: { readonly kind: PaymentKind; readonly status: 200 | 201 },
): Promise<Reply> {
  const context = { debtor: await debtorOf(call, consent), profile: call.bank.profile, now: call.now };
  const { data, risk } = toPaymentConsent(consent, context);
  return resource(call, { status, path: `${kind.consents}/${consent.id}`, data, risk });
}
