import { formatInstant, startOfDay, type Money } from '../../../kernel/index.js';
import {
  type ArrangedPayee,
  type Beneficiary,
  type Capability,
  type DirectDebit,
  type Recurrence,
  type ScheduledPayment,
  type StandingOrder,
} from '../../../bank/index.js';
import { isIdentifierScheme } from '../codes.js';
import { toAmount, type WireAmount } from './amount.js';
import { toIdentifier, type WireIdentifier } from './identifier.js';

type Wire = Readonly<Record<string, unknown>>;

const MAX_NAME = 70;
const MAX_REFERENCE = 35;
const MAX_UNSTRUCTURED = 140;

/** A payment that repeats; to whom it goes is detail. */
export function toStandingOrder(order: StandingOrder, capabilities: readonly Capability[]): Wire {
  const { id, accountId, first, last, next, until, reference } = order;
  const shown = mandateOf(order, 'FIXE');
  return {
    AccountId: accountId,
    StandingOrderId: id,
    ...(next && { NextPaymentDateTime: formatInstant(next.at), NextPaymentAmount: amountOf(next.amount) }),
    ...(last && { LastPaymentDateTime: formatInstant(last.at), LastPaymentAmount: amountOf(last.amount) }),
    ...(first && { FirstPaymentAmount: amountOf(first.amount) }),
    StandingOrderStatusCode: 'ACTV',
    ...(capabilities.includes('standing-orders.detail') && creditorOf(order.payee)),
    MandateRelatedInformation: {
      ...shown,
      ...(first && { FirstPaymentDateTime: formatInstant(first.at) }),
      ...(until !== undefined && { FinalPaymentDateTime: formatInstant(startOfDay(until)) }),
    },
    ...(hasText(reference) && { RemittanceInformation: { Unstructured: [reference.slice(0, MAX_UNSTRUCTURED)] } }),
  };
}

/** A mandate by which somebody collects, with what was collected last. */
export function toDirectDebit(debit: DirectDebit): Wire {
  const { id, accountId, payee, last, first, isFixed } = debit;
  return {
    AccountId: accountId,
    DirectDebitId: id,
    DirectDebitStatusCode: 'ACTV',
    MandateRelatedInformation: {
      ...mandateOf(debit, isFixed ? 'FIXE' : 'VARI'),
      ...(first && { FirstPaymentDateTime: formatInstant(first.at) }),
    },
    Name: payee.name.slice(0, MAX_NAME),
    ...(last && { PreviousPaymentDateTime: formatInstant(last.at), PreviousPaymentAmount: amountOf(last.amount) }),
  };
}

export function toScheduledPayment(payment: ScheduledPayment, capabilities: readonly Capability[]): Wire {
  const { id, accountId, at, amount, payee, reference } = payment;
  return {
    AccountId: accountId,
    ScheduledPaymentId: id,
    ScheduledPaymentDateTime: formatInstant(at),
    ScheduledType: 'Execution',
    ...(hasText(reference) && { Reference: reference.slice(0, MAX_REFERENCE) }),
    InstructedAmount: amountOf(amount),
    ...(capabilities.includes('scheduled-payments.detail') && creditorOf(payee)),
  };
}

/** None is trusted: the bank asks for strong authentication whoever is paid. */
export function toBeneficiary(beneficiary: Beneficiary, capabilities: readonly Capability[]): Wire {
  const { id, accountId, payee, reference } = beneficiary;
  return {
    AccountId: accountId,
    BeneficiaryId: id,
    BeneficiaryType: 'Ordinary',
    ...(hasText(reference) && { Reference: reference.slice(0, MAX_REFERENCE) }),
    ...(capabilities.includes('beneficiaries.detail') && creditorOf(payee)),
  };
}

function creditorOf({ name, scheme, identification }: ArrangedPayee): { readonly CreditorAccount?: WireIdentifier } {
  if (scheme === undefined || !isIdentifierScheme(scheme) || !hasText(identification)) return {};
  return { CreditorAccount: toIdentifier({ scheme, identification, name }, { fullCardNumbers: false }) };
}

function mandateOf({ id, recurrence }: StandingOrder, Classification: 'FIXE' | 'VARI'): Wire {
  return { MandateIdentification: id.slice(0, MAX_REFERENCE), Classification, Frequency: toFrequency(recurrence) };
}

const WEEKS: Readonly<Record<number, string>> = { 1: 'WEEK', 2: 'FRTN', 4: 'FOWK' };
const MONTHS: Readonly<Record<number, string>> = { 1: 'MNTH', 3: 'QURT', 6: 'MIAN', 12: 'YEAR' };

/** ISO codes where one says it exactly; else the older form with an interval, or ad hoc for what neither can say. */
export function toFrequency(recurrence: Recurrence): { readonly Type: string; readonly PointInTime?: string } {
  switch (recurrence.every) {
    case 'day':
      return { Type: 'DAIL' };
    case 'last-working-day':
      return { Type: 'LWMH' };
    case 'weeks':
      return { Type: WEEKS[recurrence.weeks] ?? 'ADHO' };
    case 'months': {
      const day = String(recurrence.day).padStart(2, '0');
      const Type = MONTHS[recurrence.months];
      if (Type !== undefined) return { Type, PointInTime: day };
      return { Type: `IntrvlMnthDay:${String(recurrence.months).padStart(2, '0')}:${day}` };
    }
    case 'year':
      return recurrence.inMonths.length === 1 ? { Type: 'YEAR' } : { Type: 'ADHO' };
  }
}

function amountOf({ amountMinor, currency }: Money): WireAmount {
  return toAmount(amountMinor, currency);
}

function hasText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
