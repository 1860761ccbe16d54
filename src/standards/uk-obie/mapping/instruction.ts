import { parseMoney, SandbankError, isSandbankError, type Instant, type Money } from '../../../kernel/index.js';
import type { PaymentInstruction } from '../../../bank/index.js';
import { readDate } from '../dates.js';
import { fromIdentifier } from './identifier.js';
import type { PaymentConsentRequest, WireInitiation } from './payment-wire.js';

const INITIATION = 'Data.Initiation';
const FASTER_PAYMENTS = 'UK.OBIE.FPS';
/** Faster Payments carries that much of a reference to the payee. */
const MAX_REFERENCE = 18;

/** Old names of payment contexts: in 4.0.1 they describe consents of the past and must not be used in new ones. */
const RETIRED_CONTEXTS: readonly string[] = [
  'BillPayment',
  'EcommerceGoods',
  'EcommerceServices',
  'PartyToParty',
  'PispPayee',
  'Other',
];

/** What is to be paid, in words of the core. Throws what the bank cannot pay, with the field it is about. */
export function fromPaymentConsentRequest(
  request: PaymentConsentRequest,
  context: { readonly now: Instant; readonly currency: string },
): PaymentInstruction {
  const { Initiation, Authorisation } = request.Data;
  requireServableContext(request.Risk.PaymentContextCode);
  requireServableAuthorisation(Authorisation, context.now);
  requireServableRail(Initiation.LocalInstrument);
  const creditor = fromIdentifier(Initiation.CreditorAccount, `${INITIATION}.CreditorAccount`);
  const debtor = Initiation.DebtorAccount && fromIdentifier(Initiation.DebtorAccount, `${INITIATION}.DebtorAccount`);
  if (debtor?.scheme === creditor.scheme && debtor.identification === creditor.identification) {
    throw new SandbankError('field.invalid', 'The account to pay is the account to pay from.', {
      path: `${INITIATION}.CreditorAccount.Identification`,
      expected: 'another account',
      actual: creditor.identification,
    });
  }
  const reference = referenceOf(Initiation);
  return {
    amount: amountOf(Initiation, context.currency),
    creditor,
    ...(debtor && { debtor }),
    endToEndId: Initiation.EndToEndIdentification,
    instructionId: Initiation.InstructionIdentification,
    ...(reference !== undefined && { reference }),
    rail: 'faster-payments',
  };
}

function amountOf({ InstructedAmount }: WireInitiation, currency: string): Money {
  const path = `${INITIATION}.InstructedAmount`;
  const amount = parsed(InstructedAmount.Amount, InstructedAmount.Currency, path);
  if (amount.currency !== currency) {
    throw new SandbankError('payment.unsupported-currency', `Domestic payments are made in ${currency}.`, {
      path: `${path}.Currency`,
      expected: currency,
      actual: amount.currency,
    });
  }
  if (amount.amountMinor === 0n) {
    throw new SandbankError('payment.amount-invalid', 'The amount of a payment is greater than zero.', {
      path: `${path}.Amount`,
      expected: 'more than zero',
      actual: InstructedAmount.Amount,
    });
  }
  return amount;
}

/** The kernel knows amounts, not fields: the field is added here. */
function parsed(amount: string, currency: string, path: string): Money {
  try {
    return parseMoney(amount, currency);
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    const field = error.code === 'payment.unsupported-currency' ? 'Currency' : 'Amount';
    throw new SandbankError(
      error.code,
      error.message,
      { ...error.details, path: `${path}.${field}` },
      { cause: error },
    );
  }
}

function referenceOf({ RemittanceInformation }: WireInitiation): string | undefined {
  const structured = RemittanceInformation?.Structured?.[0]?.CreditorReferenceInformation?.Reference;
  return (structured ?? RemittanceInformation?.Unstructured?.[0])?.slice(0, MAX_REFERENCE);
}

function requireServableRail(localInstrument: string | undefined): void {
  if (localInstrument === undefined || localInstrument === FASTER_PAYMENTS) return;
  throw new SandbankError('payment.unsupported-rail', `This bank does not pay by ${localInstrument}.`, {
    path: `${INITIATION}.LocalInstrument`,
    expected: `${FASTER_PAYMENTS}, or none`,
    actual: localInstrument,
  });
}

function requireServableContext(code: string | undefined): void {
  if (code === undefined || !RETIRED_CONTEXTS.includes(code)) return;
  throw new SandbankError('field.invalid', `${code} is a name of the past and not for new consents.`, {
    path: 'Risk.PaymentContextCode',
    expected: 'a payment context of 4.0.1',
    actual: code,
  });
}

/** One person authorises at this bank, so that `Multiple` can never be met. */
function requireServableAuthorisation(
  authorisation: PaymentConsentRequest['Data']['Authorisation'],
  now: Instant,
): void {
  if (!authorisation) return;
  const path = 'Data.Authorisation';
  if (authorisation.AuthorisationType === 'Multiple') {
    throw new SandbankError('field.invalid', 'Accounts of this bank need one authoriser only.', {
      path: `${path}.AuthorisationType`,
      expected: 'Any or Single',
      actual: authorisation.AuthorisationType,
    });
  }
  const { CompletionDateTime } = authorisation;
  if (CompletionDateTime === undefined) return;
  if (readDate(CompletionDateTime, `${path}.CompletionDateTime`) <= now) {
    throw new SandbankError('field.invalid-date', 'The authorisation would have ended before it began.', {
      path: `${path}.CompletionDateTime`,
      expected: 'a time in the future, on the clock of the bank',
      actual: CompletionDateTime,
    });
  }
}
