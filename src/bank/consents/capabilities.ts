import { normaliseIdentification, type Account } from '../accounts/index.js';
import type { Capability, Consent, NamedAccount } from './consent.js';

/** What of an account is no more than its line in the list. */
const OF_THE_LIST: readonly Capability[] = ['accounts.list', 'accounts.identifiers'];

/** What may be read of an account under a consent, as it was agreed; nothing of one that is not linked to it. */
export function capabilitiesOn(
  { subject, accounts }: Pick<Consent, 'subject' | 'accounts'>,
  account: Pick<Account, 'id' | 'identifiers'>,
): readonly Capability[] {
  const isLinked = accounts.some(({ accountId, unlinkedAt }) => accountId === account.id && unlinkedAt === undefined);
  if (!isLinked || subject.kind !== 'account-access') return [];
  const { choice = 'by-customer' } = subject;
  switch (choice) {
    case 'list-only':
      return subject.capabilities.filter((capability) => OF_THE_LIST.includes(capability));
    case 'named':
      return namedOn(subject.named ?? [], account);
    case 'all':
    case 'by-customer':
      return subject.capabilities;
  }
}

/** An account may be named several times, once for each thing that is asked of it. */
function namedOn(named: readonly NamedAccount[], account: Pick<Account, 'identifiers'>): readonly Capability[] {
  const asked = named.filter(({ account: wanted }) => hasIdentifier(account, wanted));
  return [...new Set(asked.flatMap(({ capabilities }) => capabilities))];
}

export function hasIdentifier(
  { identifiers }: Pick<Account, 'identifiers'>,
  wanted: { readonly scheme: string; readonly identification: string },
): boolean {
  const identification = normaliseIdentification(wanted.identification);
  return identifiers.some((own) => own.scheme === wanted.scheme && own.identification === identification);
}
