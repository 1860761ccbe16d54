import { assert } from '../../kernel/index.js';
import type { AccountId, AccountIdentifier } from '../accounts/index.js';
import { hasIdentifier } from './capabilities.js';
import type { Consent, ConsentStatusReason, ConsentSubject } from './consent.js';
import type { EligibleAccount } from './consents.js';
import { judgeAccount } from './eligibility.js';

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
    const payments = members.filter((member) => member.subject.kind !== 'account-access');
    if (payments.length === 0) return accountsOfAll(members);
    const debtors = payments.map((payment) => debtorOf(payment.subject)).filter((debtor) => debtor !== undefined);
    return debtors.length === payments.length ? debtors : undefined;
  }
  const debtor = debtorOf(subject);
  return debtor && [debtor];
}

function accountsOfAll(accesses: readonly Consent[]): readonly AccountIdentifier[] | 'every' | undefined {
  const wanted = accesses.map((access) => wantedAccounts(access, []));
  if (wanted.includes(undefined)) return undefined;
  if (wanted.includes('every')) return 'every';
  return wanted.flatMap((one) => (one === undefined || one === 'every' ? [] : one));
}

/**
 * The accounts of a run as far as the consent, or the members of a basket, settle them; why that cannot be; undefined
 * where the customer chooses. A basket fails with any access in it that her accounts do not serve.
 */
export function settleAccounts(
  { consent, members }: { readonly consent: Consent; readonly members: readonly Consent[] },
  offered: readonly EligibleAccount[],
): ReturnType<typeof matchWanted> | undefined {
  const accesses = members.filter(({ subject }) => subject.kind === 'account-access');
  const failed = accesses.map((access) => accountsOfAccess(access, offered)).find((match) => 'why' in match);
  if (failed) return failed;
  const wanted = wantedAccounts(consent, members);
  return wanted && matchWanted(wanted, { subject: consent.subject, offered });
}

/** The accounts of an access in a basket, among all that the customer has. */
export function accountsOfAccess(access: Consent, offered: readonly EligibleAccount[]): ReturnType<typeof matchWanted> {
  const wanted = wantedAccounts(access, []);
  assert(wanted, 'an access in a basket leaves no choice of accounts');
  const judged = offered.map(({ account }) => judgeAccount(account, access.subject));
  return matchWanted(wanted, { subject: access.subject, offered: judged });
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
