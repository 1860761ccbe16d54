export { createTransactions, type Transactions, type TransactionsOptions } from './create-transactions.js';
export type { Transaction, TransactionPage, TransactionQuery } from './transaction.js';
