import { formatMoney, plusDays, SandbankError, type LocalDate } from '../../../kernel/index.js';
import type { PaymentInstruction } from '../../consents/index.js';
import type { BankProfile } from '../../profile.js';
import { RAIL_RULES, railsOf, type PaymentProduct, type RailRules } from './rail-rules.js';

/** How far ahead a payment may be dated. */
const FURTHEST_DAYS = 365;

/** A payment as it is ordered, and the day on which it is. */
export interface Ordered {
  readonly instruction: PaymentInstruction;
  readonly product: PaymentProduct;
  readonly today: LocalDate;
}

type Check = (rules: RailRules, ordered: Ordered) => SandbankError | undefined;

/** In this order: what is wrong with the way comes before what is wrong with what travels on it. */
const CHECKS: readonly Check[] = [checkProduct, checkCurrency, checkPayee, checkAmount, checkReference, checkDay];

/**
 * Refuses what the bank cannot send by that rail: `payment.unsupported-rail`, `payment.product-unsupported`,
 * `payment.unsupported-currency`, `account.unsupported-identifier`, `payment.amount-invalid`, `field.invalid` (reference)
 * and `payment.execution-date-invalid`.
 */
export function refuseUnsupported(profile: BankProfile, ordered: Ordered): void {
  const { rail } = ordered.instruction;
  const rails = railsOf(profile);
  if (!rails.includes(rail)) {
    throw new SandbankError('payment.unsupported-rail', 'This bank does not pay by that rail.', {
      expected: rails.join(', '),
      actual: rail,
    });
  }
  for (const check of CHECKS) {
    const refusal = check(RAIL_RULES[rail], ordered);
    if (refusal) throw refusal;
  }
}

function checkProduct({ products }: RailRules, { instruction, product }: Ordered): SandbankError | undefined {
  const wanted: PaymentProduct =
    product === 'single' && instruction.executionDate !== undefined ? 'future-dated' : product;
  if (products.includes(wanted)) return undefined;
  return new SandbankError('payment.product-unsupported', 'This rail does not carry payments of that kind.', {
    expected: products.join(', '),
    actual: `${wanted} by ${instruction.rail}`,
  });
}

function checkCurrency({ currencies }: RailRules, { instruction }: Ordered): SandbankError | undefined {
  const { currency } = instruction.amount;
  if (!currencies || currencies.includes(currency)) return undefined;
  return new SandbankError('payment.unsupported-currency', 'This rail does not carry that currency.', {
    expected: currencies.join(', '),
    actual: currency,
  });
}

function checkPayee({ payeeSchemes }: RailRules, { instruction }: Ordered): SandbankError | undefined {
  const { scheme } = instruction.creditor;
  if (payeeSchemes.includes(scheme)) return undefined;
  return new SandbankError('account.unsupported-identifier', 'This rail does not reach accounts so identified.', {
    path: 'creditor',
    expected: payeeSchemes.join(', '),
    actual: scheme,
  });
}

function checkAmount({ maximum }: RailRules, { instruction }: Ordered): SandbankError | undefined {
  const { amount } = instruction;
  const isTooMuch = maximum?.currency === amount.currency && amount.amountMinor > maximum.amountMinor;
  if (amount.amountMinor > 0n && !isTooMuch) return undefined;
  return new SandbankError('payment.amount-invalid', 'The amount cannot be sent by this rail.', {
    expected: maximum ? `more than zero and at most ${formatMoney(maximum)}` : 'more than zero',
    actual: formatMoney(amount),
  });
}

function checkReference({ referenceLength }: RailRules, { instruction }: Ordered): SandbankError | undefined {
  const { reference = '' } = instruction;
  if (reference.length <= referenceLength) return undefined;
  return new SandbankError('field.invalid', 'The reference is too long for this rail.', {
    path: 'reference',
    expected: `at most ${referenceLength} characters`,
    actual: `${reference.length} characters`,
  });
}

function checkDay(_rules: RailRules, { instruction, today }: Ordered): SandbankError | undefined {
  const { executionDate } = instruction;
  if (executionDate === undefined) return undefined;
  const furthest = plusDays(today, FURTHEST_DAYS);
  if (executionDate >= today && executionDate <= furthest) return undefined;
  return new SandbankError('payment.execution-date-invalid', 'The payment cannot be carried out on that day.', {
    expected: `from ${today} to ${furthest}`,
    actual: executionDate,
  });
}
