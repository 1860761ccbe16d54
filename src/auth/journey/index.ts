export type { AccountAccessView, ConsentView, PaymentView } from './consent-view.js';
