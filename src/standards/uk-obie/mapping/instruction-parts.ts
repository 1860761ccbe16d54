import { parseMoney, SandbankError, isSandbankError, type Instant, type Money } from '../../../kernel/index.js';
import type { AccountIdentifier, IdentifierScheme } from '../../../bank/index.js';
import { readDate } from '../dates.js';
import { fromIdentifier } from './identifier.js';
import type { PaymentConsentRequest, WireInitiation } from './payment-wire.js';

export const INITIATION = 'Data.Initiation';

/** Old names of payment contexts: in 4.0.1 they describe consents of the past and must not be used in new ones. */
const RETIRED_CONTEXTS: readonly string[] = [
  'BillPayment',
  'EcommerceGoods',
  'EcommerceServices',
  'PartyToParty',
  'PispPayee',
  'Other',
];

/** What is refused of any payment consent before its order is looked at. */
export function requireServable({ Data, Risk }: PaymentConsentRequest, now: Instant): void {
  requireServableContext(Risk.PaymentContextCode);
  requireServableAuthorisation(Data.Authorisation, now);
}

/** Both accounts of an order, which must be two. */
export function accountsOf(
  { CreditorAccount, DebtorAccount }: WireInitiation,
  payeeSchemes?: readonly IdentifierScheme[],
): { readonly creditor: AccountIdentifier; readonly debtor?: AccountIdentifier } {
  const creditor = fromIdentifier(CreditorAccount, `${INITIATION}.CreditorAccount`, payeeSchemes);
  const debtor = DebtorAccount && fromIdentifier(DebtorAccount, `${INITIATION}.DebtorAccount`);
  if (debtor?.scheme === creditor.scheme && debtor.identification === creditor.identification) {
    throw new SandbankError('field.invalid', 'The account to pay is the account to pay from.', {
      path: `${INITIATION}.CreditorAccount.Identification`,
      expected: 'another account',
      actual: creditor.identification,
    });
  }
  return { creditor, ...(debtor && { debtor }) };
}

/** An amount above zero in a currency the sandbox knows. */
export function amountOf({ InstructedAmount }: WireInitiation): Money {
  const path = `${INITIATION}.InstructedAmount`;
  const amount = parsed(InstructedAmount.Amount, InstructedAmount.Currency, path);
  if (amount.amountMinor > 0n) return amount;
  throw new SandbankError('payment.amount-invalid', 'The amount of a payment is greater than zero.', {
    path: `${path}.Amount`,
    expected: 'more than zero',
    actual: InstructedAmount.Amount,
  });
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

/** What the payee reads, as far as the rail carries it. */
export function referenceOf({ RemittanceInformation }: WireInitiation, length: number): string | undefined {
  const structured = RemittanceInformation?.Structured?.[0]?.CreditorReferenceInformation?.Reference;
  return (structured ?? RemittanceInformation?.Unstructured?.[0])?.slice(0, length);
}

function requireServableContext(code: string | undefined): void {
  if (code === undefined || !RETIRED_CONTEXTS.includes(code)) return;
  throw new SandbankError('field.invalid', `${code} is a name of the past and not for new consents.`, {
    path: 'Risk.PaymentContextCode',
    expected: 'a payment context of 4.0.1',
    actual: code,
  });
}

/** How many authorise follows from the account, which may be chosen later: `Multiple` cannot be promised. */
function requireServableAuthorisation(
  authorisation: PaymentConsentRequest['Data']['Authorisation'],
  now: Instant,
): void {
  if (!authorisation) return;
  const path = 'Data.Authorisation';
  if (authorisation.AuthorisationType === 'Multiple') {
    throw new SandbankError('field.invalid', 'How many have to authorise follows from the account that is paid from.', {
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
