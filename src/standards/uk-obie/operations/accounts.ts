import type { Call, Operation, Reply } from '../../standard.js';
import type { Account, Capability } from '../../../bank/index.js';
import { whole } from '../envelope.js';
import { toAccount } from '../mapping/account.js';
import { toBalances } from '../mapping/balance.js';
import { accountOfPath, coverageOf, coveredAccounts } from '../../kit/covered.js';

const access = { grant: 'customer', scopes: ['accounts'], consent: 'account-access' } as const;
const accountsNeeded: readonly Capability[] = ['accounts.list'];
const balancesNeeded: readonly Capability[] = ['balances'];

export const accountOperations: Readonly<Record<string, Operation>> = {
  GetAccounts: {
    policy: { access: { ...access, allOf: accountsNeeded } },
    async handle(call) {
      return accountsReply(call, await coveredAccounts(call));
    },
  },
  GetAccountsAccountId: {
    policy: { access: { ...access, allOf: accountsNeeded, accountParameter: 'AccountId' } },
    async handle(call) {
      return accountsReply(call, [await accountOfPath(call, 'AccountId')]);
    },
  },
  GetAccountsAccountIdBalances: {
    policy: { access: { ...access, allOf: balancesNeeded, accountParameter: 'AccountId' } },
    async handle(call) {
      return balancesReply(call, [await accountOfPath(call, 'AccountId')]);
    },
  },
  GetBalances: {
    policy: { access: { ...access, allOf: balancesNeeded } },
    async handle(call) {
      return balancesReply(call, await coveredAccounts(call));
    },
  },
};

function accountsReply(call: Call, accounts: readonly Account[]): Reply {
  const context = { capabilities: coverageOf(call).capabilities, profile: call.bank.profile };
  return whole(call, { Account: accounts.map((account) => toAccount(account, context)) });
}

async function balancesReply(call: Call, accounts: readonly Account[]): Promise<Reply> {
  const balances = await Promise.all(
    accounts.map(async (account) => toBalances(account, await call.bank.accounts.balance(account.id))),
  );
  return whole(call, { Balance: balances.flat() });
}
