import type { Account, AccountIdentifier, AccountType } from '../accounts/index.js';
import type { ConsentSubject } from './consent.js';
import type { EligibleAccount } from './consents.js';

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
    return ACCESSIBLE.includes(account.product.type) ? undefined : 'Accounts of this kind cannot be shared.';
  }
  if (account.product.type !== 'current') {
    return subject.kind === 'funds-check'
      ? 'Funds can only be checked on a current account.'
      : 'Payments can only be made from a current account.';
  }
  const currency = currencyOf(subject);
  if (currency !== undefined && account.currency !== currency) {
    return `This payment is in ${currency}, and this account is in ${account.currency}.`;
  }
  if (subject.kind === 'payment' && isPaid(account, subject.instruction.creditor)) {
    return 'This is the account that would be paid.';
  }
  return undefined;
}

function isPaid({ identifiers }: Account, creditor: AccountIdentifier): boolean {
  return identifiers.some(
    ({ scheme, identification }) => scheme === creditor.scheme && identification === creditor.identification,
  );
}

function currencyOf(subject: ConsentSubject): string | undefined {
  switch (subject.kind) {
    case 'payment':
    case 'periodic-payment':
      return subject.instruction.amount.currency;
    case 'bulk-payment':
      // All in one currency: another bulk is not taken.
      return subject.instructions[0]?.amount.currency;
    case 'recurring-payment':
      return subject.mandate.maximumPerPayment.currency;
    case 'account-access':
    case 'basket':
    case 'funds-check':
      return undefined;
  }
}
