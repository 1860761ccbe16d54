import { assert, formatInstant, type Instant } from '../../../kernel/index.js';
import {
  expectedTimesOf,
  type Account,
  type BankProfile,
  type Consent,
  type PaymentInstruction,
} from '../../../bank/index.js';
import { PAYMENT_CONSENT_STATUSES } from '../codes.js';
import { echoDate } from '../dates.js';
import { toConsentState } from './consent-status.js';
import { toIdentifier, type WireIdentifier } from './identifier.js';
import type { PaymentConsentRequest } from './payment-wire.js';
import { toQuotedTerms } from './quoted-terms.js';

/** Data and Risk of a payment consent: the request unchanged, and what the bank adds. */
export function toPaymentConsent(
  consent: Consent,
  context: { readonly debtor: Account | undefined; readonly profile: BankProfile; readonly now: Instant },
): { readonly data: Readonly<Record<string, unknown>>; readonly risk: unknown } {
  const { Data, Risk, Quoted } = paymentConsentRequestOf(consent);
  const { debtor, profile, now } = context;
  return {
    data: {
      ...toConsentState(consent, PAYMENT_CONSENT_STATUSES),
      ...(Data.ReadRefundAccount !== undefined && { ReadRefundAccount: Data.ReadRefundAccount }),
      ...(Quoted
        ? toQuotedTerms(Quoted, instructionOf(consent))
        : isOpen(consent) && expectedTimes(profile, instructionOf(consent), now)),
      Initiation: Data.Initiation,
      ...(Data.Authorisation && { Authorisation: withZone(Data.Authorisation) }),
      ...(Data.SCASupportData !== undefined && { SCASupportData: Data.SCASupportData }),
      ...(debtor && { Debtor: toDebtor(consent, debtor) }),
    },
    risk: Risk,
  };
}

function instructionOf({ subject }: Consent): PaymentInstruction {
  assert(subject.kind === 'payment', 'a payment consent');
  return subject.instruction;
}

export function paymentConsentRequestOf(consent: Consent): PaymentConsentRequest {
  return JSON.parse(consent.wire) as PaymentConsentRequest;
}

/** The account that was chosen, once the customer has agreed to it. */
export function debtorAccountIdOf(consent: Consent): string | undefined {
  if (consent.status !== 'authorised' && consent.status !== 'consumed') return undefined;
  return consent.accounts.find(({ unlinkedAt }) => unlinkedAt === undefined)?.accountId;
}

/** The account under the identifier the third party named, else under the bank's first. */
export function toDebtor(consent: Consent, debtor: Account): WireIdentifier | undefined {
  const named = consent.subject.kind === 'payment' ? consent.subject.instruction.debtor : undefined;
  const identifier =
    debtor.identifiers.find(
      ({ scheme, identification }) => scheme === named?.scheme && identification === named.identification,
    ) ?? debtor.identifiers[0];
  return identifier && toIdentifier(identifier, { fullCardNumbers: false, name: debtor.holderName });
}

/**
 * Of an order at home that is placed at that moment, by the times of its rail and by what the bank's profile says of the
 * steps. Executed is when the money is sent on, settled when the debtor's side is done.
 */
function expectedTimes(
  profile: BankProfile,
  { rail }: Pick<PaymentInstruction, 'rail'>,
  placedAt: Instant,
): Readonly<Record<string, string>> {
  const { cutOffAt, executionAt, settlementAt } = expectedTimesOf(profile, rail, placedAt);
  return {
    ...(cutOffAt !== undefined && { CutOffDateTime: formatInstant(cutOffAt) }),
    ExpectedExecutionDateTime: formatInstant(executionAt),
    ExpectedSettlementDateTime: formatInstant(settlementAt),
  };
}

function isOpen({ status }: Consent): boolean {
  return status === 'requested' || status === 'partially-authorised' || status === 'authorised';
}

function withZone(authorisation: NonNullable<PaymentConsentRequest['Data']['Authorisation']>): unknown {
  const { CompletionDateTime, ...rest } = authorisation;
  return { ...rest, ...(CompletionDateTime !== undefined && { CompletionDateTime: echoDate(CompletionDateTime) }) };
}
