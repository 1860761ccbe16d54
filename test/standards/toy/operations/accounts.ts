import type { Capability } from '../../../../src/bank/index.js';
import { accountOfPath, coverageOf, coveredAccounts } from '../../../../src/standards/kit/covered.js';
import { single } from '../../../../src/standards/kit/query.js';
import type { Operation, OperationPolicy } from '../../../../src/standards/standard.js';
import { toAccount } from '../mapping/account.js';
import { toTransaction } from '../mapping/transaction.js';

const PAGE_SIZE = 2;

export const accountOperations: Readonly<Record<string, Operation>> = {
  listToys: {
    policy: reading(['accounts.list']),
    async handle(call) {
      const hasBalances = coverageOf(call).capabilities.includes('balances');
      const toys = (await coveredAccounts(call)).map(async (account) =>
        toAccount(account, hasBalances ? await call.bank.accounts.balance(account.id) : undefined),
      );
      return { status: 200, body: { toys: await Promise.all(toys) } };
    },
  },
  readMoves: {
    policy: reading(['transactions.basic'], 'toy'),
    async handle(call) {
      const account = await accountOfPath(call, 'toy');
      const cursor = single(call, 'from');
      const page = await call.bank.transactions.page(account.id, {
        directions: ['credit', 'debit'],
        includePending: false,
        pageSize: PAGE_SIZE,
        ...(cursor !== undefined && { cursor }),
      });
      const more = page.next === undefined ? {} : { more: call.url(`/toys/${account.id}/moves`, { from: page.next }) };
      return { status: 200, body: { moves: page.items.map(toTransaction), ...more } };
    },
  },
};

function reading(allOf: readonly Capability[], accountParameter?: string): OperationPolicy {
  return {
    access: {
      grant: 'certificate',
      roles: ['player'],
      consent: {
        from: { header: 'toy-leave' },
        kinds: ['account-access'],
        inForce: true,
        allOf,
        ...(accountParameter !== undefined && { accountParameter }),
      },
    },
  };
}
