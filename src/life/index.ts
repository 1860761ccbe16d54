export type { BankBrand, BankFile, BankProduct } from './bank-file.js';
export type { Transactions } from './book.js';
export { registerLife, settleCustomers, type Settled, type SettleOptions } from './life.js';
export {
  settlePopulation,
  type PopulationOptions,
  type PopulationProgress,
  type SettledPopulation,
} from './population/settle-population.js';
export { asHtml, drawRealism } from './realism/draw-page.js';
export { measureRealism } from './realism/measure.js';
export type { Realism } from './realism/realism.js';
export { loadWorld, type World } from './world.js';
