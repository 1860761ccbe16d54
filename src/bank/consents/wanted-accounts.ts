import type { AccountId, AccountIdentifier } from '../accounts/index.js';
import { hasIdentifier } from './capabilities.js';
import type { Consent, ConsentStatusReason, ConsentSubject } from './consent.js';
import type { EligibleAccount } from './consents.js';

/** The account to pay from that the client named, or the one whose funds it asks about. */
export function debtorOf(subject: ConsentSubject): AccountIdentifier | undefined {
  switch (subject.kind) {
    case 'payment':
    case 'periodic-payment':
      return subject.instruction.debtor;
    case 'bulk-payment':
      return subject.instructions[0]?.debtor;
    case 'recurring-payment':
      return subject.mandate.debtor;
    case 'funds-check':
      return subject.account;
    case 'account-access':
    case 'basket':
      return undefined;
  }
}

/** Accounts that a consent settles by itself: those it names, or every one. Undefined where the customer chooses. */
export function wantedAccounts(
  { subject }: Pick<Consent, 'subject'>,
  members: readonly Consent[],
): readonly AccountIdentifier[] | 'every' | undefined {
  if (subject.kind === 'account-access') {
    if (subject.choice === 'all' || subject.choice === 'list-only') return 'every';
    return subject.choice === 'named' ? (subject.named ?? []).map(({ account }) => account) : undefined;
  }
  if (subject.kind === 'basket') {
    const debtors = members.map((member) => debtorOf(member.subject)).filter((debtor) => debtor !== undefined);
    return debtors.length === members.length ? debtors : undefined;
  }
  const debtor = debtorOf(subject);
  return debtor && [debtor];
}

/** Finds what is wanted among the customer's accounts, or why that cannot be. */
export function matchWanted(
  wanted: readonly AccountIdentifier[] | 'every',
  { subject, offered }: { readonly subject: ConsentSubject; readonly offered: readonly EligibleAccount[] },
): { readonly accounts: readonly AccountId[] } | { readonly why: ConsentStatusReason['code'] } {
  const eligible = offered.filter((one) => one.eligible);
  if (wanted === 'every') {
    return eligible.length > 0
      ? { accounts: eligible.map(({ account }) => account.id) }
      : { why: 'no-eligible-account' };
  }
  const accounts: AccountId[] = [];
  for (const identifier of wanted) {
    const match = offered.find(({ account }) => hasIdentifier(account, identifier));
    const isForeignDebtor = !match && subject.kind !== 'account-access';
    if (!match?.eligible) return { why: isForeignDebtor ? 'debtor-not-of-psu' : 'no-eligible-account' };
    accounts.push(match.account.id);
  }
  return { accounts: [...new Set(accounts)] };
}
