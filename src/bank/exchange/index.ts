export { createExchange, type ExchangeOptions } from './create-exchange.js';
export type { CurrencyPair, Exchange, Quote } from './exchange.js';
export { exchangeMigrations } from './migrations.js';
export { bought, formatRate, parseRate, RATE_ONE, soldFor, type Rate } from './rate.js';
export { middleRate, type ReferenceRates } from './reference-rates.js';
