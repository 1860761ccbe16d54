import { SandbankError, type Instant } from '../../../kernel/index.js';
import type { Account, Statement } from '../../../bank/index.js';
import { accountOfPath, coverageOf, coveredAccounts } from '../../kit/covered.js';
import { earlier, later, single } from '../../kit/query.js';
import type { Call, Operation } from '../../standard.js';
import { readQueryDate } from '../dates.js';
import { whole } from '../envelope.js';
import { toStatement } from '../mapping/statement.js';
import { transactionPageOf } from './transactions.js';

const access = {
  grant: 'customer',
  scopes: ['accounts'],
  consent: 'account-access',
  allOf: ['statements.basic'],
} as const;

export const statementOperations: Readonly<Record<string, Operation>> = {
  GetAccountsAccountIdStatements: {
    policy: { access: { ...access, accountParameter: 'AccountId' } },
    handle: async (call) => list(call, [await accountOfPath(call, 'AccountId')]),
  },
  GetStatements: {
    policy: { access },
    handle: async (call) => list(call, await coveredAccounts(call)),
  },
  GetAccountsAccountIdStatementsStatementId: {
    policy: { access: { ...access, accountParameter: 'AccountId' } },
    handle: async (call) => show(call, [await statementOfPath(call)]),
  },
  GetAccountsAccountIdStatementsStatementIdTransactions: {
    policy: {
      access: {
        ...access,
        accountParameter: 'AccountId',
        allOf: ['statements.basic', 'transactions.basic'],
        anyOf: ['transactions.credits', 'transactions.debits'],
      },
    },
    async handle(call) {
      const statement = await statementOfPath(call);
      const { accountId, id, from, to } = statement;
      return transactionPageOf(call, {
        account: accountId,
        path: `/accounts/${accountId}/statements/${id}/transactions`,
        within: { from, to },
      });
    },
  },
};

async function list(call: Call, accounts: readonly Account[]): ReturnType<Operation['handle']> {
  const from = filter(call, 'fromStatementDateTime', 'from');
  const to = filter(call, 'toStatementDateTime', 'to');
  const written = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const found = await Promise.all(accounts.map(({ id }) => call.bank.statements.ofAccount(id, written)));
  return show(
    call,
    found.flat().filter((statement) => isCovered(call, statement)),
  );
}

function show(call: Call, statements: readonly Statement[]): Awaited<ReturnType<Operation['handle']>> {
  const { capabilities } = coverageOf(call);
  return whole(call, { Statement: statements.map((statement) => toStatement(statement, capabilities)) });
}

/** A statement that reaches beyond the history of the consent would tell what its transactions must not. */
function isCovered(call: Call, { from, to }: Statement): boolean {
  const { subject } = coverageOf(call).consent;
  const { historyFrom, historyTo } = subject.kind === 'account-access' ? subject : {};
  return later(from, historyFrom) === from && earlier(to, historyTo) === to;
}

async function statementOfPath(call: Call): Promise<Statement> {
  const account = await accountOfPath(call, 'AccountId');
  const id = call.params['StatementId'] ?? '';
  const statement = await call.bank.statements.get(account.id, id);
  if (statement && isCovered(call, statement)) return statement;
  throw new SandbankError('field.invalid', 'This account has no such statement within the consent.', {
    path: 'StatementId',
    expected: 'the id of a statement of this account',
    actual: id,
  });
}

function filter(
  call: Call,
  name: 'fromStatementDateTime' | 'toStatementDateTime',
  end: 'from' | 'to',
): Instant | undefined {
  const text = single(call, name);
  return text === undefined || text === '' ? undefined : readQueryDate(text, name, end);
}
