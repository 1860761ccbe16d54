import type { TimeZone } from './local-time.js';
import type { Rail } from './rail.js';

/** What exchanges and payments to other currencies cost at a bank. */
export interface AbroadTerms {
  /** By how much the bank's rate is worse than the middle, in hundredths of a percent. */
  readonly marginBps: number;
  /** For each payment that leaves in another currency, in minor units of the bank's currency. */
  readonly chargeMinor: bigint;
  /** How long a quote holds on the bank's clock. */
  readonly quoteValidForMs: number;
}

/** What a bank is, from its profile file. Data, not behaviour of one standard. */
export interface BankProfile {
  /** Path segment and key: `bramble`. */
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly currency: string;
  /** By which its cut-off times are; absent: that of its country. */
  readonly timeZone?: TimeZone;
  /** Six digits, with which identifiers of new accounts begin (UK). */
  readonly sortCode?: string;
  /** Eight digits, the Bankleitzahl (DE). */
  readonly bankCode?: string;
  readonly bic: string;
  /** The payment rails the bank is on; absent: those of its country (payments/rails). */
  readonly rails?: readonly Rail[];
  /** What exchanging money and paying in other currencies costs; absent: as `bank/exchange` has it. */
  readonly abroad?: AbroadTerms;
  /** How long each step of a payment takes on the bank's clock, in milliseconds. */
  readonly payments: {
    readonly acceptMs: number;
    readonly settleMs: number;
    readonly debitMs: number;
    readonly creditMs: number;
  };
}
