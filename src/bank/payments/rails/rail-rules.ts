import { money, type Currency, type Money } from '../../../kernel/index.js';
import type { IdentifierScheme } from '../../accounts/index.js';
import type { BankProfile } from '../../profile.js';
import type { TimeOfDay } from '../../local-time.js';
import type { Rail } from '../../rail.js';

/** In which ways a payment may be ordered. */
export type PaymentProduct = 'single' | 'future-dated' | 'bulk' | 'periodic';

/** What a rail takes and how long it needs. */
export interface RailRules {
  /** Absent: every currency the sandbox knows. */
  readonly currencies?: readonly Currency[];
  readonly payeeSchemes: readonly IdentifierScheme[];
  readonly maximum?: Money;
  readonly products: readonly PaymentProduct[];
  /** How many times as long as the bank's profile says each step takes. */
  readonly pace: Readonly<Record<keyof BankProfile['payments'], number>>;
  /** On other days than banking days money is taken in, and sent on on the next one. */
  readonly settles: 'every-day' | 'banking-days';
  /** Where the bank is: what would be sent on from this time on waits for the next banking day. */
  readonly cutOff?: TimeOfDay;
  /** Steps that wait for the opening of the so-manieth banking day after the one before. */
  readonly bankingDays?: Partial<Readonly<Record<keyof BankProfile['payments'], number>>>;
  /** How many banking days the bank of the payee takes to answer a recall. */
  readonly recallBankingDays: number;
  /** Characters of the reference that reach the payee. */
  readonly referenceLength: number;
}

const EVERYTHING: readonly PaymentProduct[] = ['single', 'future-dated', 'bulk', 'periodic'];
const AT_ONCE = { acceptMs: 1, settleMs: 1, debitMs: 1, creditMs: 1 } as const;

export const RAIL_RULES: Readonly<Record<Rail, RailRules>> = {
  'faster-payments': {
    currencies: ['GBP'],
    // A card or a mobile number is looked up by the payer's bank; here it then belongs to another bank.
    payeeSchemes: ['sort-code-account-number', 'iban', 'bban', 'pan', 'proxy'],
    // The scheme's limit, which is that of its members as well.
    maximum: money(100_000_000n, 'GBP'),
    products: EVERYTHING,
    pace: AT_ONCE,
    settles: 'every-day',
    recallBankingDays: 2,
    referenceLength: 18,
  },
  // Three days: input, processing, entry. On the third both ends are booked.
  bacs: {
    currencies: ['GBP'],
    payeeSchemes: ['sort-code-account-number', 'iban', 'bban'],
    maximum: money(2_000_000_000n, 'GBP'),
    products: EVERYTHING,
    pace: AT_ONCE,
    settles: 'banking-days',
    cutOff: '22:30',
    bankingDays: { debitMs: 2 },
    recallBankingDays: 3,
    referenceLength: 18,
  },
  chaps: {
    currencies: ['GBP'],
    payeeSchemes: ['sort-code-account-number', 'iban', 'bban'],
    products: ['single', 'future-dated'],
    pace: AT_ONCE,
    settles: 'banking-days',
    cutOff: '17:40',
    recallBankingDays: 2,
    referenceLength: 140,
  },
  'sepa-credit-transfer': {
    currencies: ['EUR'],
    payeeSchemes: ['iban'],
    products: EVERYTHING,
    pace: AT_ONCE,
    settles: 'banking-days',
    cutOff: '16:00',
    // With the payee's bank by the end of the next banking day (rulebook, execution time).
    bankingDays: { creditMs: 1 },
    recallBankingDays: 10,
    referenceLength: 140,
  },
  'sepa-instant': {
    currencies: ['EUR'],
    payeeSchemes: ['iban'],
    maximum: money(10_000_000n, 'EUR'),
    products: EVERYTHING,
    pace: AT_ONCE,
    settles: 'every-day',
    recallBankingDays: 10,
    referenceLength: 140,
  },
  'target-2': {
    currencies: ['EUR'],
    payeeSchemes: ['iban'],
    products: ['single', 'future-dated'],
    pace: AT_ONCE,
    settles: 'banking-days',
    // Customers' payments; banks have an hour more among themselves.
    cutOff: '17:00',
    recallBankingDays: 3,
    referenceLength: 140,
  },
  'cross-border': {
    payeeSchemes: ['iban', 'bban'],
    products: ['single', 'future-dated', 'bulk'],
    pace: { ...AT_ONCE, settleMs: 4, creditMs: 20 },
    settles: 'banking-days',
    cutOff: '15:30',
    recallBankingDays: 15,
    referenceLength: 140,
  },
};

/** The rails of a bank: as its profile says, or those that banks of its country are on. */
export function railsOf({ rails, country }: BankProfile): readonly Rail[] {
  if (rails) return rails;
  return country === 'GB'
    ? ['faster-payments', 'bacs', 'chaps', 'cross-border']
    : ['sepa-credit-transfer', 'sepa-instant', 'target-2', 'cross-border'];
}
