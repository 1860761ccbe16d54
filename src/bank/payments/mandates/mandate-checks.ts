import { dateOf, formatInstant, formatMoney, SandbankError, type Instant } from '../../../kernel/index.js';
import { normaliseIdentification, type AccountIdentifier } from '../../accounts/index.js';
import type { Consent, PaymentInstruction, PaymentMandate } from '../../consents/index.js';
import type { LimitUse } from './mandate-use.js';

/** A payment under a mandate, as it is judged. */
export interface Judged {
  readonly consent: Consent;
  readonly mandate: PaymentMandate;
  readonly instruction: PaymentInstruction;
  readonly at: Instant;
  /** Of the limits, before this payment. */
  readonly uses: readonly LimitUse[];
}

type Check = (judged: Judged) => SandbankError | undefined;

/** In this order: what is wrong with the payment itself comes before what it comes too late or too often for. */
const CHECKS: readonly Check[] = [
  checkCurrency,
  checkCreditor,
  checkReference,
  checkAtOnce,
  checkValidity,
  checkMaximum,
  checkLimits,
];

/**
 * Refuses what a mandate does not allow: `payment.mandate-creditor`, `-reference`, `-validity`, `-maximum`, `-limit` (with
 * `limitIndex`, the place of the limit in the mandate), `payment.unsupported-currency` and, for a dated payment,
 * `payment.product-unsupported`.
 */
export function refuseOutsideMandate(judged: Judged): void {
  for (const check of CHECKS) {
    const refusal = check(judged);
    if (refusal) throw refusal;
  }
}

function checkCurrency({ mandate, instruction }: Judged): SandbankError | undefined {
  const { currency } = mandate.maximumPerPayment;
  const { amount, transferCurrency = amount.currency } = instruction;
  if (amount.currency === currency && transferCurrency === currency) return undefined;
  return new SandbankError('payment.unsupported-currency', 'The mandate is in another currency.', {
    path: 'amount.currency',
    expected: currency,
    actual: amount.currency === currency ? transferCurrency : amount.currency,
  });
}

function checkCreditor({ mandate, instruction }: Judged): SandbankError | undefined {
  const { creditors } = mandate;
  const { creditor } = instruction;
  if (!creditors || creditors.some((agreed) => isThatPayee(agreed, creditor))) return undefined;
  return new SandbankError('payment.mandate-creditor', 'The mandate is for other payees.', {
    path: 'creditor',
    expected: creditors.map(({ identification }) => identification).join(', '),
    actual: creditor.identification,
  });
}

function isThatPayee(agreed: AccountIdentifier, paid: AccountIdentifier): boolean {
  const isSameAccount =
    agreed.scheme === paid.scheme &&
    normaliseIdentification(agreed.identification) === normaliseIdentification(paid.identification);
  return isSameAccount && (agreed.name === undefined || paid.name === undefined || agreed.name === paid.name);
}

function checkReference({ mandate, instruction }: Judged): SandbankError | undefined {
  const { reference } = mandate;
  if (reference === undefined || reference === instruction.reference) return undefined;
  return new SandbankError('payment.mandate-reference', 'The mandate is for payments with another reference.', {
    path: 'reference',
    expected: reference,
    actual: instruction.reference ?? 'none',
  });
}

function checkAtOnce({ instruction }: Judged): SandbankError | undefined {
  if (instruction.executionDate === undefined) return undefined;
  return new SandbankError('payment.product-unsupported', 'What is paid under a mandate is paid at once.', {
    path: 'executionDate',
    expected: 'no day',
    actual: instruction.executionDate,
  });
}

/** By days: of an end only the date counts. */
function checkValidity({ mandate, at }: Judged): SandbankError | undefined {
  const { validFrom, validTo } = mandate;
  const today = dateOf(at);
  const isEarly = validFrom !== undefined && today < dateOf(validFrom);
  const isLate = validTo !== undefined && today > dateOf(validTo);
  if (!isEarly && !isLate) return undefined;
  return new SandbankError(
    'payment.mandate-validity',
    isEarly ? 'The mandate has not begun yet.' : 'The mandate has ended.',
    {
      path: isEarly ? 'validFrom' : 'validTo',
      expected: isEarly ? `${dateOf(validFrom)} or later` : `${dateOf(validTo ?? at)} or earlier`,
      actual: today,
    },
  );
}

function checkMaximum({ mandate, instruction }: Judged): SandbankError | undefined {
  const { maximumPerPayment: maximum } = mandate;
  const { amount } = instruction;
  if (amount.amountMinor <= maximum.amountMinor) return undefined;
  return new SandbankError('payment.mandate-maximum', 'This is more than the mandate allows for one payment.', {
    path: 'maximumPerPayment',
    expected: `at most ${formatMoney(maximum)}`,
    actual: formatMoney(amount),
  });
}

function checkLimits({ instruction, uses }: Judged): SandbankError | undefined {
  const limitIndex = uses.findIndex(({ left }) => instruction.amount.amountMinor > left.amountMinor);
  const use = uses[limitIndex];
  if (!use) return undefined;
  const { limit, left, allowed, ends } = use;
  return new SandbankError('payment.mandate-limit', `This is more than is left of the limit per ${limit.period}.`, {
    path: `limits[${limitIndex}].amount`,
    limitIndex,
    limit: `${limit.period}, ${limit.alignment}`,
    expected: `at most ${formatMoney(left)}, left of ${formatMoney(allowed)} until ${formatInstant(ends)}`,
    actual: formatMoney(instruction.amount),
  });
}
