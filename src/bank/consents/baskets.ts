import { SandbankError } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import { changeStatus, readConsent, type ConsentsOptions } from './change-consent.js';
import { relinkAccounts } from './consent-rows.js';
import { advanceConsent } from './consent-transitions.js';
import type { Consent, ConsentId } from './consent.js';
import { linkHashOfAll, subjectLinkHash } from './dynamic-link.js';
import { hasIdentifier } from './capabilities.js';
import type { EligibleAccount } from './consents.js';
import { judgeAccount } from './eligibility.js';
import { debtorOf } from './wanted-accounts.js';

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
 * Refuses a basket that cannot be authorised as a whole: each member is a payment of the same client that nobody has
 * decided on yet. Throws `consent.invalid-combination`, `consent.of-another-client`, `consent.wrong-status`.
 */
export async function refuseUnfitMembers(
  sql: SqlReader,
  options: ConsentsOptions,
  basket: Pick<Consent, 'subject' | 'clientId'>,
): Promise<readonly Consent[]> {
  if (basket.subject.kind !== 'basket') return [];
  const ids = basket.subject.members;
  if (ids.length === 0 || new Set(ids).size !== ids.length) {
    throw new SandbankError('consent.invalid-combination', 'A basket holds payments, each of them once.');
  }
  const members = await membersOf(sql, options, basket);
  for (const { id, clientId, subject, status } of members) {
    if (clientId !== basket.clientId) {
      throw new SandbankError('consent.of-another-client', 'This consent was made by another client.', { actual: id });
    }
    if (!PAYMENTS.includes(subject.kind)) {
      throw new SandbankError('consent.invalid-combination', 'Only payments can be authorised together.', {
        actual: subject.kind,
      });
    }
    if (status !== 'requested') {
      throw new SandbankError('consent.wrong-status', 'A payment of this basket was decided on already.', {
        expected: 'requested',
        actual: `${id}: ${status}`,
      });
    }
  }
  return members;
}

/** All amounts and payees of all members: one changed or missing payment is another basket. */
export function basketLinkHash(members: readonly Consent[]): string {
  return linkHashOfAll(members.map(({ id, subject }) => `${id}:${subjectLinkHash(subject)}`));
}

/**
 * The customer's yes to a basket is her yes to every member, in the same transaction. A member that names no account is
 * paid from the one she chose. Members that the bank carries out are carried out.
 */
export async function authoriseMembers(
  tx: SqlTransaction,
  options: ConsentsOptions,
  decision: {
    readonly basket: Consent;
    readonly chosen: ConsentId | undefined;
    readonly offered: readonly EligibleAccount[];
    readonly partyId: string;
    readonly channel: string;
    readonly shown: string;
  },
): Promise<void> {
  const { basket, chosen, offered, partyId, channel, shown } = decision;
  for (const member of await refuseUnfitMembers(tx, options, basket)) {
    const debtor = debtorOf(member.subject);
    const match = offered.find(({ account }) => (debtor ? hasIdentifier(account, debtor) : account.id === chosen));
    if (!match || !judgeAccount(match.account, member.subject).eligible) {
      throw new SandbankError(
        'consent.account-not-covered',
        'A payment of this basket cannot be made from the account.',
        {
          actual: member.id,
        },
      );
    }
    await relinkAccounts(tx, member, { accounts: [match.account.id], at: options.clock.now() });
    const change = {
      status: advanceConsent(member, 'authorise'),
      reason: { actor: 'psu', code: 'authorised' },
      what: `authorised in basket ${basket.id}`,
      channel,
      shown,
      partyId,
      boundTo: subjectLinkHash(member.subject),
    } as const;
    const authorised = await changeStatus(tx, options, { consent: member, change });
    if (authorised.execution === 'on-authorisation') await options.payments?.onAuthorised(tx, authorised);
  }
}
