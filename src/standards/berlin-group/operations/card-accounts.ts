import { SandbankError } from '../../../kernel/index.js';
import type { Account } from '../../../bank/index.js';
import { accountOfPath, coveredAccounts } from '../../kit/covered.js';
import type { Call, Operation } from '../../standard.js';
import { toReference } from '../mapping/account-reference.js';
import { toCardAccount } from '../mapping/account.js';
import { isCard, toCardBalances } from '../mapping/balance.js';
import { toCardTransaction } from '../mapping/transaction.js';
import { capabilitiesOf, isListOnly, readingPolicy, recordReading, requireOn } from './reading.js';
import {
  listsOf,
  pageLinks,
  readPeriod,
  readTransactions,
  rememberReport,
  withLastReport,
} from './transaction-query.js';

const ACCOUNT = 'account-id';

export const cardAccountOperations: Readonly<Record<string, Operation>> = {
  getCardAccountList: {
    policy: readingPolicy(['accounts.list']),
    async handle(call) {
      await recordReading(call, 'card-accounts');
      const cards = (await coveredAccounts(call)).filter(isCard);
      return { status: 200, body: { cardAccounts: await Promise.all(cards.map((card) => shown(call, card))) } };
    },
  },
  readCardAccountDetails: {
    policy: readingPolicy(['accounts.list'], { accountParameter: ACCOUNT }),
    async handle(call) {
      const card = await cardOf(call);
      requireOn(call, card, 'accounts.list');
      await recordReading(call, `card-accounts/${card.id}`);
      return { status: 200, body: { cardAccount: await shown(call, card) } };
    },
  },
  getCardAccountBalances: {
    policy: readingPolicy(['balances'], { accountParameter: ACCOUNT }),
    async handle(call) {
      const card = await cardOf(call);
      requireOn(call, card, 'balances');
      await recordReading(call, `card-accounts/${card.id}/balances`);
      const balances = toCardBalances(await call.bank.accounts.balance(card.id));
      return { status: 200, body: { cardAccount: toReference(card), debitAccounting: false, balances } };
    },
  },
  getCardAccountTransactionList: {
    policy: readingPolicy(['transactions.basic'], { accountParameter: ACCOUNT }),
    async handle(call) {
      const card = await cardOf(call);
      requireOn(call, card, 'transactions.basic');
      const address = `/v1/card-accounts/${card.id}`;
      const period = await withLastReport(call, card, readPeriod(call));
      if (period.cursor === undefined) await recordReading(call, `card-accounts/${card.id}/transactions`);
      const page = await readTransactions(call, card, period);
      await rememberReport(call, card, { period, items: page.items });
      const lists = listsOf(page.items, period.bookingStatus, (one) => toCardTransaction(one, card));
      const links = pageLinks(call, { path: `${address}/transactions`, page });
      return {
        status: 200,
        body: {
          cardAccount: toReference(card),
          debitAccounting: false,
          cardTransactions: { ...lists, _links: { cardAccount: { href: call.url(address) }, ...links } },
        },
      };
    },
  },
};

async function cardOf(call: Call): Promise<Account> {
  const account = await accountOfPath(call, ACCOUNT);
  if (isCard(account)) return account;
  throw new SandbankError('account.not-found', 'This is no card account.', { path: ACCOUNT, actual: account.id });
}

async function shown(call: Call, card: Account): Promise<unknown> {
  const balance = await call.bank.accounts.balance(card.id);
  return toCardAccount(card, {
    capabilities: capabilitiesOf(call, card),
    profile: call.bank.profile,
    limitMinor: balance.overdraftLimitMinor,
    ...(!isListOnly(call) && { address: call.url(`/v1/card-accounts/${card.id}`) }),
    ...(isListOnly(call) && capabilitiesOf(call, card).includes('balances') && { balance }),
  });
}
