import { SandbankError } from '../../../kernel/index.js';
import type { Account, TransactionPage } from '../../../bank/index.js';
import { single } from '../../kit/query.js';
import type { Call, Operation, Reply } from '../../standard.js';
import { toReference } from '../mapping/account-reference.js';
import { toBalances } from '../mapping/balance.js';
import { toCamt } from '../mapping/statement.js';
import { toTransaction } from '../mapping/transaction.js';
import { transactionWriter } from '../mapping/transaction-text.js';
import { unknownResource } from '../refusals.js';
import { paymentAccountOf } from './accounts.js';
import { isTrue, readingPolicy, recordReading, requireOn } from './reading.js';
import { standingOrdersOf } from './standing-orders.js';
import {
  hasPending,
  listsOf,
  pageLinks,
  readAllTransactions,
  readPeriod,
  readTransactions,
  rememberReport,
  withLastReport,
  type Period,
} from './transaction-query.js';

const ACCOUNT = 'account-id';
const JSON_TYPE = 'application/json';
const XML_TYPE = 'application/xml';

export const transactionOperations: Readonly<Record<string, Operation>> = {
  getTransactionList: {
    policy: readingPolicy(['transactions.basic'], { accountParameter: ACCOUNT, answerTypes: [JSON_TYPE, XML_TYPE] }),
    async handle(call) {
      const account = await paymentAccountOf(call);
      requireOn(call, account, 'transactions.basic');
      const withBalance = isTrue(single(call, 'withBalance'));
      if (withBalance) requireOn(call, account, 'balances');
      const period = await withLastReport(call, account, readPeriod(call));
      if (period.cursor === undefined) await recordReading(call, `accounts/${account.id}/transactions`);
      return call.answerType === XML_TYPE ? camt(call, account, period) : json(call, account, { period, withBalance });
    },
  },
  getTransactionDetails: {
    policy: readingPolicy(['transactions.basic'], { accountParameter: ACCOUNT }),
    async handle(call) {
      const account = await paymentAccountOf(call);
      requireOn(call, account, 'transactions.basic');
      const id = call.params['transactionId'] ?? '';
      await recordReading(call, `accounts/${account.id}/transactions/${id}`);
      const transaction = await call.bank.transactions.get(account.id, id);
      if (!transaction) throw unknownResource('transaction', id);
      return {
        status: 200,
        body: { transactionsDetails: { transactionDetails: toTransaction(transaction, { account }) } },
      };
    },
  },
};

async function json(
  call: Call,
  account: Account,
  { period, withBalance }: { readonly period: Period; readonly withBalance: boolean },
): Promise<Reply> {
  const { bookingStatus } = period;
  const path = `/v1/accounts/${account.id}`;
  const page = bookingStatus === 'information' ? { items: [] } : await readTransactions(call, account, period);
  await rememberReport(call, account, { period, items: page.items });
  const hasOrders = bookingStatus === 'information' || bookingStatus === 'all';
  const rest = {
    ...(hasOrders && { information: await standingOrdersOf(call, account) }),
    _links: { account: { href: call.url(path) }, ...pageLinks(call, { path: `${path}/transactions`, page }) },
  };
  const balances = withBalance && { balances: toBalances(await call.bank.accounts.balance(account.id)) };
  return {
    status: 200,
    json: [
      `{"account":${JSON.stringify(toReference(account))},"transactions":{`,
      ...listTexts(call, account, { page, bookingStatus }),
      membersOf(rest),
      balances ? `},${membersOf(balances)}}` : '}}',
    ],
  };
}

/** The lists that bookingStatus asks for, each as text with a comma behind it. */
function listTexts(
  call: Call,
  account: Account,
  { page, bookingStatus }: { readonly page: TransactionPage; readonly bookingStatus: Period['bookingStatus'] },
): readonly string[] {
  const address = call.url(`/v1/accounts/${account.id}/transactions`);
  const write = transactionWriter({ account, address });
  const lists = listsOf(page.items, bookingStatus, write);
  return Object.entries(lists).map(([name, texts]) => `"${name}":[${texts.join(',')}],`);
}

/** Of an object, to stand among others. */
function membersOf(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}

/** The whole period in one message: camt has no pages here. Standing orders have no place in it. */
async function camt(call: Call, account: Account, period: Period): Promise<Reply> {
  if (period.bookingStatus === 'information') {
    throw new SandbankError('request.not-acceptable', 'Standing orders are told in JSON.', { path: 'Accept' });
  }
  const transactions = await readAllOrAfter(call, account, period);
  await rememberReport(call, account, { period, items: transactions });
  const { from, to } = period;
  const content = toCamt(
    {
      account,
      profile: call.bank.profile,
      transactions,
      balance: await call.bank.accounts.balance(account.id),
      ...(from !== undefined && { period: { from, to: to ?? call.now } }),
      messageId: call.interactionId.replaceAll('-', '').slice(0, 35),
      now: call.now,
    },
    hasPending(period.bookingStatus) ? 'camt.052' : 'camt.053',
  );
  return { status: 200, text: { contentType: XML_TYPE, content } };
}

async function readAllOrAfter(call: Call, account: Account, period: Period) {
  return period.after === undefined
    ? readAllTransactions(call, account, period)
    : (await readTransactions(call, account, period)).items;
}
