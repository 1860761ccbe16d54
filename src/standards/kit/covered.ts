import { assert, SandbankError } from '../../kernel/index.js';
import type { Account, Capability, Consent } from '../../bank/index.js';
import type { Call } from '../standard.js';

export interface Coverage {
  readonly consent: Consent;
  readonly capabilities: readonly Capability[];
}

/** The account-access consent of the call, which the pipeline has found alive. */
export function coverageOf(call: Call): Coverage {
  const { consent } = call;
  assert(consent?.subject.kind === 'account-access', `${call.operationId} has an account-access consent`);
  return { consent, capabilities: consent.subject.capabilities };
}

/** Accounts that the customer agreed to and that still exist, in the order in which they were chosen. */
export async function coveredAccounts(call: Call): Promise<readonly Account[]> {
  const { consent } = coverageOf(call);
  const linked = consent.accounts.filter(({ unlinkedAt }) => unlinkedAt === undefined);
  const accounts = await Promise.all(linked.map(({ accountId }) => call.bank.accounts.get(accountId)));
  return accounts.filter(({ status }) => status === 'open');
}

/**
 * The account of the path, which the pipeline has found among those of the consent. A closed one is out of reach like
 * one that was never chosen: only that account disappears, the consent stays. Throws `consent.account-not-covered`.
 */
export async function accountOfPath(call: Call, parameter: string): Promise<Account> {
  const account = await call.bank.accounts.get(call.params[parameter] ?? '');
  if (account.status === 'open') return account;
  throw new SandbankError('consent.account-not-covered', 'The account has been closed.', {
    path: parameter,
    expected: 'an open account',
    actual: account.id,
  });
}
