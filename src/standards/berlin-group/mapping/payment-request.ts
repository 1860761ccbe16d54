import {
  localDate,
  parseMoney,
  isSandbankError,
  SandbankError,
  type LocalDate,
  type Money,
} from '../../../kernel/index.js';
import type { ConsentSubject, PaymentInstruction, PaymentSchedule } from '../../../bank/index.js';
import { FREQUENCIES, RAIL_OF_PRODUCT, type PaymentProductName, type PaymentService } from '../codes.js';
import { notConsistent, notSupported } from '../refusals.js';
import { fromReference, type AccountReference } from './account-reference.js';
import { asObject, dayAt, invalid, missing, objectAt, optionalTextAt, textAt, type WireObject } from './fields.js';

export interface PaymentContext {
  readonly service: PaymentService;
  readonly product: PaymentProductName;
  /** A reference of the order of this bank's own, of at most 32 characters. */
  readonly orderReference: string;
  readonly today: LocalDate;
}

const MAX_REFERENCE = 35;
const MAX_NAME = 70;
const MAX_REMITTANCE = 140;
const MOST_OF_A_BULK = 500;

/** What is to be paid, of a body in JSON. Throws `field.*`, `payment.*`, and PARAMETER_NOT_SUPPORTED. */
export function fromPaymentRequest(body: WireObject, context: PaymentContext): ConsentSubject {
  switch (context.service) {
    case 'payments':
      return { kind: 'payment', instruction: single(body, context) };
    case 'periodic-payments':
      return {
        kind: 'periodic-payment',
        instruction: transferOf(body, '', { ...context, debtor: debtorOf(body), position: 0 }),
        schedule: fromStandingOrder(body),
      };
    case 'bulk-payments':
      return bulk(body, context);
  }
}

function single(body: WireObject, context: PaymentContext): PaymentInstruction {
  const day = executionDay(body, context.today);
  const instruction = transferOf(body, '', { ...context, debtor: debtorOf(body), position: 0 });
  return { ...instruction, ...(day !== undefined && { executionDate: day }) };
}

function bulk(body: WireObject, context: PaymentContext): ConsentSubject {
  const debtor = debtorOf(body);
  const day = executionDay(body, context.today);
  const { payments, batchBookingPreferred = false } = body;
  if (payments === undefined) throw missing('payments');
  if (!Array.isArray(payments) || payments.length === 0 || payments.length > MOST_OF_A_BULK) {
    throw invalid('payments', `a list of 1 to ${MOST_OF_A_BULK} payments`);
  }
  if (typeof batchBookingPreferred !== 'boolean') throw invalid('batchBookingPreferred', 'true or false');
  const instructions = payments.map((payment: unknown, position) => {
    const path = `payments[${position}]`;
    const instruction = transferOf(asObject(payment, path), `${path}.`, { ...context, debtor, position });
    return { ...instruction, ...(day !== undefined && { executionDate: day }) };
  });
  return { kind: 'bulk-payment', instructions, batchBooking: batchBookingPreferred };
}

type Transfer = PaymentContext & { readonly debtor: PaymentInstruction['debtor']; readonly position: number };

function transferOf(body: WireObject, prefix: string, context: Transfer): PaymentInstruction {
  const { debtor, product, orderReference, position } = context;
  const path = (name: string): string => `${prefix}${name}`;
  const reference = optionalTextAt(body, 'remittanceInformationUnstructured', {
    path: path('remittanceInformationUnstructured'),
    max: MAX_REMITTANCE,
  });
  const endToEndId = optionalTextAt(body, 'endToEndIdentification', {
    path: path('endToEndIdentification'),
    max: MAX_REFERENCE,
  });
  const creditorAccount = objectAt(body, 'creditorAccount', path('creditorAccount')) as AccountReference;
  const name = textAt(body, 'creditorName', { path: path('creditorName'), max: MAX_NAME });
  checkAgent(body, path('creditorAgent'));
  return {
    amount: amountOf(objectAt(body, 'instructedAmount', path('instructedAmount')), path('instructedAmount')),
    creditor: { ...fromReference(creditorAccount, path('creditorAccount')), name },
    ...(debtor && { debtor }),
    // The word of SEPA for none (EPC121-16).
    endToEndId: endToEndId ?? 'NOTPROVIDED',
    instructionId: position === 0 ? orderReference : `${orderReference.slice(0, 31)}${position}`,
    ...(reference !== undefined && { reference }),
    rail: RAIL_OF_PRODUCT[product],
  };
}

function debtorOf(body: WireObject): PaymentInstruction['debtor'] {
  return fromReference(objectAt(body, 'debtorAccount', 'debtorAccount'), 'debtorAccount');
}

/** The published patterns are not anchored: the whole text is checked here. */
export function amountOf(fields: WireObject, path: string): Money {
  const currency = textAt(fields, 'currency', { path: `${path}.currency`, max: 3 });
  const amount = textAt(fields, 'amount', { path: `${path}.amount`, max: 20 });
  if (!/^[A-Z]{3}$/.test(currency)) throw invalid(`${path}.currency`, 'three capital letters');
  if (!/^\d{1,14}(?:\.\d{1,3})?$/.test(amount)) throw invalid(`${path}.amount`, 'a decimal number without a sign');
  try {
    return parseMoney(amount, currency);
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    throw new SandbankError(error.code, error.message, { ...error.details, path }, { cause: error });
  }
}

function checkAgent(body: WireObject, path: string): void {
  const agent = optionalTextAt(body, 'creditorAgent', { path, max: 11 });
  if (agent === undefined || /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?$/.test(agent)) return;
  throw invalid(path, 'a BIC');
}

/** Today is at once. A day that has passed is for the bank to refuse. */
function executionDay(body: WireObject, today: LocalDate): LocalDate | undefined {
  if (body['requestedExecutionTime'] !== undefined) {
    throw notSupported('requestedExecutionTime', 'This bank carries payments out on a day, not at an hour.');
  }
  const day = dayAt(body, 'requestedExecutionDate', 'requestedExecutionDate');
  return day === undefined || day === today ? undefined : localDate(day);
}

/** The terms of a payment that repeats. */
export function fromStandingOrder(terms: WireObject): PaymentSchedule {
  const start = dayAt(terms, 'startDate', 'startDate');
  if (start === undefined) throw missing('startDate');
  const end = dayAt(terms, 'endDate', 'endDate');
  if (end !== undefined && end < start) throw notConsistent('endDate', 'endDate is before startDate.');
  const word = textAt(terms, 'frequency', { path: 'frequency', max: 20 });
  const months = monthsOf(terms, word);
  const frequency = Object.hasOwn(FREQUENCIES, word) ? FREQUENCIES[word] : undefined;
  if (!frequency) throw invalid('frequency', `one of ${Object.keys(FREQUENCIES).join(', ')}`);
  const rule = optionalTextAt(terms, 'executionRule', { path: 'executionRule', max: 9 }) ?? 'following';
  if (rule !== 'following' && rule !== 'preceding') throw invalid('executionRule', 'following or preceding');
  const day = optionalTextAt(terms, 'dayOfExecution', { path: 'dayOfExecution', max: 2 });
  if (day !== undefined && !/^(?:[1-9]|[12]\d|3[01])$/.test(day)) throw invalid('dayOfExecution', "'1' to '31'");
  return {
    start: localDate(start),
    ...(end !== undefined && { end: localDate(end) }),
    frequency,
    ...(months && { months }),
    ...(day !== undefined && { dayOfExecution: Number(day) }),
    ifClosed: rule,
  };
}

const MOST_MONTHS = 11;

/** The months of MonthlyVariable, which has them and which alone has them (1.3.12, monthsOfExecution). */
function monthsOf(terms: WireObject, frequency: string): readonly number[] | undefined {
  const { monthsOfExecution: months } = terms;
  if (frequency !== 'MonthlyVariable') {
    if (months === undefined) return undefined;
    throw notConsistent('monthsOfExecution', 'Months of execution go with the frequency MonthlyVariable.');
  }
  if (months === undefined) throw missing('monthsOfExecution');
  const isGood =
    Array.isArray(months) &&
    months.length > 0 &&
    months.length <= MOST_MONTHS &&
    new Set(months).size === months.length &&
    months.every((month) => typeof month === 'string' && /^(?:[1-9]|1[0-2])$/.test(month));
  if (isGood) return months.map(Number);
  throw invalid('monthsOfExecution', `a list of 1 to ${MOST_MONTHS} different months, '1' to '12'`);
}
