export type { BankBrand, BankFile, BankProduct } from './bank-file.js';
export { registerLife, settleCustomers, type Settled, type SettleOptions, type Transactions } from './life.js';
export { loadWorld, type World } from './world.js';
