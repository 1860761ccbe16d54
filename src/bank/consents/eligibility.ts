import type { Account, AccountIdentifier, AccountType } from '../accounts/index.js';
import { EXCHANGING_RAILS } from '../rail.js';
import type { ConsentSubject } from './consent.js';
import type { EligibleAccount } from './consents.js';
import type { PaymentInstruction } from './instruction.js';

/** UK Open Banking and PSD2 reach payment accounts: what one can pay from, save on call or charge a card to. */
const ACCESSIBLE: readonly AccountType[] = ['current', 'savings', 'credit-card'];

/** May this account be chosen for this consent, and if not, why not, in words for the customer. */
export function judgeAccount(account: Account, subject: ConsentSubject): EligibleAccount {
  const reason = whyNot(account, subject);
  return { account, eligible: reason === undefined, ...(reason !== undefined && { reason }) };
}

function whyNot(account: Account, subject: ConsentSubject): string | undefined {
  if (account.status === 'closed') return 'This account is closed.';
  if (subject.kind === 'account-access') {
    if (!ACCESSIBLE.includes(account.product.type)) return 'Accounts of this kind cannot be shared.';
    const { accountTypes = ACCESSIBLE } = subject;
    return accountTypes.includes(account.product.type) ? undefined : 'Accounts of this kind were not asked for.';
  }
  if (account.product.type !== 'current') {
    return subject.kind === 'funds-check'
      ? 'Funds can only be checked on a current account.'
      : 'Payments can only be made from a current account.';
  }
  const unfit = instructionsOf(subject).find((instruction) => !isPayableFrom(account, instruction));
  if (unfit) return `This payment is in ${unfit.amount.currency}, and this account is in ${account.currency}.`;
  const payees = payeesOf(subject);
  if (payees.length > 0 && payees.every((payee) => isPaid(account, payee))) {
    return 'This is the account that would be paid.';
  }
  return undefined;
}

function payeesOf(subject: ConsentSubject): readonly AccountIdentifier[] {
  if (subject.kind === 'payment') return [subject.instruction.creditor];
  return subject.kind === 'recurring-payment' ? (subject.mandate.creditors ?? []) : [];
}

function isPaid({ identifiers }: Account, creditor: AccountIdentifier): boolean {
  return identifiers.some(
    ({ scheme, identification }) => scheme === creditor.scheme && identification === creditor.identification,
  );
}

/** In the currency of the account; on some rails also in that which arrives, for which the bank then exchanges. */
function isPayableFrom({ currency }: Account, { amount, transferCurrency, rail }: Currencies): boolean {
  if (rail !== undefined && EXCHANGING_RAILS.includes(rail)) {
    return amount.currency === currency || (transferCurrency ?? amount.currency) === amount.currency;
  }
  return amount.currency === currency;
}

type Currencies = Pick<PaymentInstruction, 'amount' | 'transferCurrency'> & Partial<Pick<PaymentInstruction, 'rail'>>;

function instructionsOf(subject: ConsentSubject): readonly Currencies[] {
  switch (subject.kind) {
    case 'payment':
    case 'periodic-payment':
      return [subject.instruction];
    case 'bulk-payment':
      return subject.instructions;
    case 'recurring-payment':
      return [{ amount: subject.mandate.maximumPerPayment }];
    case 'account-access':
    case 'basket':
    case 'funds-check':
      return [];
  }
}
