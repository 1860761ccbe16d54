import fc from 'fast-check';

/** What one third party and the clock do to three accounts of one bank. */
export type Command =
  | { readonly kind: 'pay'; readonly from: number; readonly to: number; readonly amount: string }
  | { readonly kind: 'repeat'; readonly payment: number; readonly otherBody: boolean }
  | { readonly kind: 'deposit'; readonly to: number; readonly amount: string }
  | { readonly kind: 'hold'; readonly from: number; readonly amount: string }
  | { readonly kind: 'advance'; readonly ms: number };

export const ACCOUNTS = 3;
/** Beside the accounts: somebody at a bank outside, and an account number of this bank that nobody has. */
export const OUTSIDE = 3;
export const NOBODY = 4;
export const LIMITS = [0n, 30_000n, 0n] as const;
export const HOLD_MS = 5_000;
/** A million pounds. */
const MOST_BY_FASTER_PAYMENTS = 100_000_000n;

const account = fc.integer({ min: 0, max: ACCOUNTS - 1 });
const plain = fc
  .record({
    whole: fc.bigInt({ min: 0n, max: 400n }),
    decimals: fc.integer({ min: 0, max: 4 }),
    fraction: fc.nat(9_999),
  })
  .map(({ whole, decimals, fraction }) => {
    return decimals === 0 ? String(whole) : `${String(whole)}.${String(fraction).padStart(4, '0').slice(0, decimals)}`;
  });
/** Up to 18 digits in all, and some that have one too many. */
const large = fc
  .record({ digits: fc.bigInt({ min: 10n ** 14n, max: 10n ** 17n }), fraction: fc.nat(99) })
  .map(({ digits, fraction }) => `${String(digits)}.${String(fraction).padStart(2, '0')}`);
const REFUSED = [
  '',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1.',
  '.5',
  '1,00',
  '1e3',
  '0x10',
  '1_000',
  '١',
  'NaN',
  '1.001',
  '0',
  '0.00',
];
const amount = fc.oneof(
  { weight: 12, arbitrary: plain },
  { weight: 1, arbitrary: large },
  { weight: 2, arbitrary: fc.constantFrom(...REFUSED) },
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      from: account,
      to: fc.integer({ min: 0, max: NOBODY }),
      amount,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('repeat' as const), payment: fc.nat(5), otherBody: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deposit' as const), to: account, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), from: account, amount }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(0, 400, 1_000, 2_500, 6_000) }),
  },
);
export const sequences = fc.array(command, { minLength: 1, maxLength: 9 });

/**
 * Pence of a text, read digit by digit: written without looking at how the bank does it. Undefined for what is no
 * amount, has a fraction of a penny, or more than 18 digits.
 */
export function penceOf(text: string): bigint | undefined {
  let [pence, decimals, digits] = [0n, -1, 0];
  for (const character of text) {
    if (character === '.' && decimals < 0 && digits > 0) {
      decimals = 0;
      continue;
    }
    const digit = '0123456789'.indexOf(character);
    if (digit < 0) return undefined;
    digits += 1;
    if (decimals >= 0) decimals += 1;
    if (decimals > 2 && digit > 0) return undefined;
    if (decimals <= 2) pence = pence * 10n + BigInt(digit);
  }
  if (digits === 0 || decimals === 0) return undefined;
  for (let missing = Math.max(decimals, 0); missing < 2; missing += 1) pence *= 10n;
  return pence < 10n ** 18n ? pence : undefined;
}

interface Payment {
  readonly from: number;
  readonly to: number;
  readonly pence: bigint;
  readonly at: number;
  status: string;
}

/** Three accounts as a child would keep them: what is there, what is set aside, and what is on its way. */
export class MoneyModel {
  readonly booked: bigint[];
  readonly held: bigint[] = [0n, 0n, 0n];
  readonly payments: Payment[] = [];
  readonly #holds: { readonly from: number; readonly pence: bigint; readonly ends: number }[] = [];
  #now = 0;

  constructor(opening: readonly bigint[]) {
    this.booked = [...opening];
  }

  spendable(account: number): bigint {
    return (this.booked[account] ?? 0n) - (this.held[account] ?? 0n) + (LIMITS[account] ?? 0n);
  }

  /** Gives the status of the new order, or the code of the refusal. */
  pay({ from, to, amount }: { readonly from: number; readonly to: number; readonly amount: string }): string {
    const pence = penceOf(amount);
    if (pence === undefined || pence === 0n || pence > MOST_BY_FASTER_PAYMENTS) return 'payment.amount-invalid';
    if (from === to) return 'field.invalid';
    const status = this.spendable(from) < pence ? 'rejected' : 'received';
    if (status === 'received') this.#setAside(from, pence);
    this.payments.push({ from, to, pence, at: this.#now, status });
    return status;
  }

  deposit(to: number, pence: bigint): void {
    this.booked[to] = (this.booked[to] ?? 0n) + pence;
  }

  hold(from: number, pence: bigint): boolean {
    if (this.spendable(from) < pence) return false;
    this.#setAside(from, pence);
    this.#holds.push({ from, pence, ends: this.#now + HOLD_MS });
    return true;
  }

  /** A second a step: accepted, checked, debited, credited. */
  advance(ms: number): void {
    this.#now += ms;
    for (const payment of this.payments) this.#move(payment, Math.floor((this.#now - payment.at) / 1_000));
    for (const [index, hold] of [...this.#holds.entries()].reverse()) {
      if (hold.ends > this.#now) continue;
      this.#setAside(hold.from, -hold.pence);
      this.#holds.splice(index, 1);
    }
  }

  #move(payment: Payment, seconds: number): void {
    const { from, to, pence } = payment;
    if (payment.status === 'received' && seconds >= 1) payment.status = 'accepted';
    if (payment.status === 'accepted' && seconds >= 2) {
      payment.status = to === NOBODY ? 'rejected' : 'settling';
      if (to === NOBODY) this.#setAside(from, -pence);
    }
    if (payment.status === 'settling' && seconds >= 3) {
      payment.status = 'debited';
      this.#setAside(from, -pence);
      this.deposit(from, -pence);
    }
    if (payment.status === 'debited' && seconds >= 4) {
      payment.status = 'credited';
      if (to < ACCOUNTS) this.deposit(to, pence);
    }
  }

  #setAside(account: number, pence: bigint): void {
    this.held[account] = (this.held[account] ?? 0n) + pence;
  }
}
