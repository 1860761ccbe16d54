export type { Transaction, TransactionPage, TransactionQuery } from './transaction.js';
