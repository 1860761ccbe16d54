import { SandbankError } from '../../../kernel/index.js';
import type { Account } from '../../../bank/index.js';
import { accountOfPath, coverageOf, coveredAccounts } from '../../kit/covered.js';
import { single } from '../../kit/query.js';
import type { Call, Operation } from '../../standard.js';
import { toReference } from '../mapping/account-reference.js';
import { toAccount } from '../mapping/account.js';
import { isCard, toBalances } from '../mapping/balance.js';
import { capabilitiesOf, isListOnly, isTrue, readingPolicy, recordReading, requireOn } from './reading.js';

const ACCOUNT = 'account-id';

export const accountOperations: Readonly<Record<string, Operation>> = {
  getAccountList: {
    policy: readingPolicy(['accounts.list']),
    async handle(call) {
      const withBalance = wantsBalance(call);
      await recordReading(call, 'accounts');
      const accounts = (await coveredAccounts(call)).filter((account) => !isCard(account));
      return {
        status: 200,
        body: { accounts: await Promise.all(accounts.map((one) => shown(call, one, withBalance))) },
      };
    },
  },
  readAccountDetails: {
    policy: readingPolicy(['accounts.list'], { accountParameter: ACCOUNT }),
    async handle(call) {
      const account = await paymentAccountOf(call);
      requireOn(call, account, 'accounts.list');
      const withBalance = wantsBalance(call);
      if (withBalance) requireOn(call, account, 'balances');
      await recordReading(call, `accounts/${account.id}`);
      return { status: 200, body: { account: await shown(call, account, withBalance) } };
    },
  },
  getBalances: {
    policy: readingPolicy(['balances'], { accountParameter: ACCOUNT }),
    async handle(call) {
      const account = await paymentAccountOf(call);
      requireOn(call, account, 'balances');
      await recordReading(call, `accounts/${account.id}/balances`);
      const balances = toBalances(await call.bank.accounts.balance(account.id));
      return { status: 200, body: { account: toReference(account), balances } };
    },
  },
};

/** Card accounts have addresses of their own. */
export async function paymentAccountOf(call: Call): Promise<Account> {
  const account = await accountOfPath(call, ACCOUNT);
  if (!isCard(account)) return account;
  throw new SandbankError('account.not-found', 'This is a card account.', { path: ACCOUNT, actual: account.id });
}

/** A consent for the list with balances shows them unasked; any other has to ask, and to cover them. */
function wantsBalance(call: Call): boolean {
  const { capabilities } = coverageOf(call);
  if (isTrue(single(call, 'withBalance')) && !capabilities.includes('balances')) {
    throw new SandbankError('consent.capability-missing', 'The consent does not cover balances.', {
      path: 'withBalance',
      expected: 'balances',
    });
  }
  return isTrue(single(call, 'withBalance')) || (isListOnly(call) && capabilities.includes('balances'));
}

async function shown(call: Call, account: Account, withBalance: boolean): Promise<Readonly<Record<string, unknown>>> {
  const capabilities = capabilitiesOf(call, account);
  const hasBalance = withBalance && capabilities.includes('balances');
  return toAccount(account, {
    capabilities,
    profile: call.bank.profile,
    ...(!isListOnly(call) && { address: call.url(`/v1/accounts/${account.id}`) }),
    ...(hasBalance && { balance: await call.bank.accounts.balance(account.id) }),
  });
}
