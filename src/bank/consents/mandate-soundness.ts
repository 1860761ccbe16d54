import { formatMoney, SandbankError } from '../../kernel/index.js';
import type { PaymentMandate, PeriodicLimit } from './mandate.js';

/**
 * Refuses a mandate under which nothing could be paid, or of which nobody could say what it allows: `field.invalid`,
 * `field.invalid-date`, `payment.amount-invalid`, `payment.unsupported-currency`, `consent.invalid-combination`. A limit
 * below the maximum of one payment is odd and allowed.
 */
export function refuseUnsoundMandate(mandate: PaymentMandate): void {
  const { maximumPerPayment: maximum, limits = [], validFrom, validTo, creditors } = mandate;
  for (const { path, amount } of amountsOf(mandate)) {
    if (amount.amountMinor <= 0n) {
      throw new SandbankError('payment.amount-invalid', 'A limit is greater than zero.', {
        path,
        expected: 'more than zero',
        actual: formatMoney(amount),
      });
    }
    if (amount.currency !== maximum.currency) {
      throw new SandbankError('payment.unsupported-currency', 'The limits of a mandate are in one currency.', {
        path,
        expected: maximum.currency,
        actual: amount.currency,
      });
    }
  }
  if (validFrom !== undefined && validTo !== undefined && validTo < validFrom) {
    throw new SandbankError('field.invalid-date', 'The mandate would end before it begins.', { path: 'validTo' });
  }
  if (creditors?.length === 0) {
    throw new SandbankError('consent.invalid-combination', 'A mandate for certain payees names at least one.');
  }
  refuseOddLimits(limits);
}

function amountsOf({ maximumPerPayment, limits = [] }: PaymentMandate) {
  return [
    { path: 'maximumPerPayment', amount: maximumPerPayment },
    ...limits.map(({ amount }, index) => ({ path: `limits[${index}].amount`, amount })),
  ];
}

function refuseOddLimits(limits: readonly PeriodicLimit[]): void {
  const seen = new Set<string>();
  for (const [index, { period, alignment }] of limits.entries()) {
    const path = `limits[${index}]`;
    if (period === 'fortnight' && alignment === 'calendar') {
      throw new SandbankError('field.invalid', 'No calendar says when a fortnight begins.', {
        path: `${path}.alignment`,
        expected: 'consent',
        actual: alignment,
      });
    }
    const name = `${period}, ${alignment}`;
    if (seen.has(name)) {
      throw new SandbankError('consent.invalid-combination', 'A mandate has one limit of a kind.', {
        path,
        expected: 'each period and alignment once',
        actual: name,
      });
    }
    seen.add(name);
  }
}
