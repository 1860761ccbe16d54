import { SandbankError } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { AccountId } from '../accounts/index.js';
import { changeStatus, readConsent, type ConsentsOptions } from './change-consent.js';
import { relinkAccounts } from './consent-rows.js';
import { advanceConsent } from './consent-transitions.js';
import type { Consent } from './consent.js';
import { linkHashOfAll, subjectLinkHash } from './dynamic-link.js';
import { hasIdentifier } from './capabilities.js';
import type { EligibleAccount } from './consents.js';
import { judgeAccount } from './eligibility.js';
import { accountsOfAccess, debtorOf } from './wanted-accounts.js';

const PAYMENTS: readonly Consent['subject']['kind'][] = ['payment', 'bulk-payment', 'periodic-payment'];

/** The consents in a basket, in its order; of any other consent none. */
export async function membersOf(
  sql: SqlReader,
  options: ConsentsOptions,
  { subject }: Pick<Consent, 'subject'>,
): Promise<readonly Consent[]> {
  if (subject.kind !== 'basket') return [];
  const members: Consent[] = [];
  for (const id of subject.members) members.push((await readConsent(sql, options, id)).consent);
  return members;
}

/**
 * Refuses a basket that cannot be authorised as a whole: each member is of the same client, undecided, and a payment or
 * an access that leaves the customer no choice of accounts. Of standing accesses there is one at most, since a second
 * would take its place at once. Throws `consent.invalid-combination`, `consent.of-another-client`, `consent.wrong-status`.
 */
export async function refuseUnfitMembers(
  sql: SqlReader,
  options: ConsentsOptions,
  basket: Pick<Consent, 'subject' | 'clientId'>,
): Promise<readonly Consent[]> {
  if (basket.subject.kind !== 'basket') return [];
  const ids = basket.subject.members;
  if (ids.length === 0 || new Set(ids).size !== ids.length) {
    throw new SandbankError('consent.invalid-combination', 'A basket holds consents, each of them once.');
  }
  const members = await membersOf(sql, options, basket);
  for (const member of members) refuseUnfit(member, basket);
  if (members.filter(isStanding).length > 1) {
    throw new SandbankError('consent.invalid-combination', 'Of recurring accesses a basket holds one.');
  }
  return members;
}

function refuseUnfit({ id, clientId, subject, status }: Consent, basket: Pick<Consent, 'clientId'>): void {
  if (clientId !== basket.clientId) {
    throw new SandbankError('consent.of-another-client', 'This consent was made by another client.', { actual: id });
  }
  const isAccess = subject.kind === 'account-access';
  if (!isAccess && !PAYMENTS.includes(subject.kind)) {
    throw new SandbankError('consent.invalid-combination', 'A basket holds payments and access to accounts only.', {
      actual: subject.kind,
    });
  }
  if (isAccess && (subject.choice ?? 'by-customer') === 'by-customer') {
    throw new SandbankError('consent.invalid-combination', 'An access in a basket says itself to which accounts.', {
      expected: 'named accounts or all of them',
      actual: `${id}: accounts that the customer picks`,
    });
  }
  if (status !== 'requested') {
    throw new SandbankError('consent.wrong-status', 'A member of this basket was decided on already.', {
      expected: 'requested',
      actual: `${id}: ${status}`,
    });
  }
}

/** Access that recurs under an agreed frequency, of which a client has one to a customer. */
export function isStanding({ subject }: Pick<Consent, 'subject'>): boolean {
  return subject.kind === 'account-access' && subject.recurring && subject.perDayFrequency !== undefined;
}

/** All amounts and payees of all members: one changed or missing payment is another basket. */
export function basketLinkHash(members: readonly Consent[]): string {
  return linkHashOfAll(members.map(({ id, subject }) => `${id}:${subjectLinkHash(subject)}`));
}

/**
 * The customer's yes to a basket is her yes to every member, in the same transaction. A payment that names no account is
 * paid from the one she chose; an access is to the accounts that it says. Members that the bank carries out are carried out.
 */
export async function authoriseMembers(
  tx: SqlTransaction,
  options: ConsentsOptions,
  decision: {
    readonly basket: Consent;
    readonly chosen: AccountId | undefined;
    readonly offered: readonly EligibleAccount[];
    readonly partyId: string;
    readonly channel: string;
    readonly shown: string;
  },
): Promise<readonly Consent[]> {
  const { basket, partyId, channel, shown } = decision;
  const decided: Consent[] = [];
  for (const member of await refuseUnfitMembers(tx, options, basket)) {
    await relinkAccounts(tx, member, { accounts: accountsOf(member, decision), at: options.clock.now() });
    const boundTo = subjectLinkHash(member.subject);
    const change = {
      status: advanceConsent(member, 'authorise'),
      reason: { actor: 'psu', code: 'authorised' },
      what: `authorised in basket ${basket.id}`,
      channel,
      shown,
      partyId,
      ...(boundTo !== '' && { boundTo }),
    } as const;
    const authorised = await changeStatus(tx, options, { consent: member, change });
    const isPaid = member.subject.kind !== 'account-access' && member.execution === 'on-authorisation';
    if (isPaid) await options.payments?.onAuthorised(tx, authorised);
    decided.push(authorised);
  }
  return decided;
}

/** One may have been closed since the basket was begun. */
function accountsOf(
  member: Consent,
  { chosen, offered }: { readonly chosen: AccountId | undefined; readonly offered: readonly EligibleAccount[] },
): readonly AccountId[] {
  if (member.subject.kind === 'account-access') {
    const match = accountsOfAccess(member, offered);
    if ('accounts' in match) return match.accounts;
  } else {
    const debtor = debtorOf(member.subject);
    const match = offered.find(({ account }) => (debtor ? hasIdentifier(account, debtor) : account.id === chosen));
    if (match && judgeAccount(match.account, member.subject).eligible) return [match.account.id];
  }
  throw new SandbankError('consent.account-not-covered', 'An account does not serve a member of this basket.', {
    actual: member.id,
  });
}
