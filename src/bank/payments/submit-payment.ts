import { dateOf, isSandbankError, MS_PER_DAY, plusMs, SandbankError, type Instant } from '../../kernel/index.js';
import { nextId, type SqlTransaction } from '../../storage/index.js';
import type { Account } from '../accounts/index.js';
import { dynamicLinkHash, type Consent, type PaymentInstruction } from '../consents/index.js';
import { EXCHANGING_RAILS } from '../rail.js';
import { debtorDetail, scheduleNext } from './advance-payment.js';
import type { PaymentModules } from './payment-modules.js';
import type { PaymentOrder, PaymentRejection, PaymentStep } from './payment-order.js';
import { insertOrder, movedBy } from './payment-rows.js';
import { takenOf, termsOf, type PaymentTerms } from './payment-terms.js';
import { refuseUnsupported } from './rails/rail-checks.js';
import { beginningOf, expectedTimesOf } from './rails/rail-times.js';

/** Begins a payment that waited for its day. */
export const BEGIN = 'payment.begin';

/** Money held for a payment that never moves on comes free again this long after it should have settled. */
const HOLD_OUTLIVES_SETTLEMENT_MS = 7 * MS_PER_DAY;

/** What a client orders under a consent. */
export interface Submission {
  readonly clientId: string;
  readonly consentId: string;
  readonly wire: string;
  /** What is paid under a mandate. A consent for one payment says that itself; given all the same, it is compared. */
  readonly instruction?: PaymentInstruction;
}

/** Makes an order of an authorised consent. Throws before anything is written, except for what the rollback undoes. */
export async function submitPayment(
  tx: SqlTransaction,
  modules: PaymentModules,
  submission: Pick<Submission, 'wire' | 'instruction'> & { readonly consent: Consent },
): Promise<PaymentOrder> {
  const { wire } = submission;
  const instruction = instructionOf(submission.consent);
  const boundTo = dynamicLinkHash(submission.instruction ?? instruction);
  const consent = await modules.consents.consume(tx, submission.consent.id, boundTo);
  const debtor = await debtorOf(tx, modules, consent);
  refuseUnsupported(modules.profile, { instruction, product: 'single', today: dateOf(modules.clock.now()) });
  return placeOrder(tx, modules, { consent, instruction, debtor, wire, position: 0, at: modules.clock.now() });
}

/** One payment that was agreed to, as an order. */
export interface Placement {
  readonly consent: Pick<Consent, 'id' | 'clientId'>;
  readonly instruction: PaymentInstruction;
  readonly debtor: Account;
  readonly wire: string;
  readonly position: number;
  readonly at: Instant;
  /** It is known already that it cannot be paid: the order is made, and is rejected. */
  readonly rejection?: PaymentRejection;
}

/** Sets the money aside and begins, or leaves that to the day for which the payment is dated; a day gone by is today. */
export async function placeOrder(
  tx: SqlTransaction,
  modules: PaymentModules,
  placement: Placement,
): Promise<PaymentOrder> {
  const { profile, ids, schedules } = modules;
  const { consent, instruction, debtor, wire, position, at, rejection: known } = placement;
  if (!known) await refuseUnpayable(tx, modules, { instruction, debtor });
  const id = await nextId(tx, ids, 'payment');
  const { rail, executionDate: day } = instruction;
  const beginsAt = beginningOf(profile, { rail, day, now: at });
  const { executionAt, settlementAt: expectedSettlementAt, creditAt } = expectedTimesOf(profile, rail, beginsAt);
  const isAhead = beginsAt > at;
  const money = { id, instruction, debtor, at, expectedSettlementAt, isAhead };
  const { holdId, rejection, terms }: SetMoney = known ? { rejection: known } : await setMoney(tx, modules, money);
  const step: PaymentStep = rejection
    ? { status: 'rejected', at, reason: rejection }
    : { status: isAhead ? 'scheduled' : 'received', at };
  const order: PaymentOrder = {
    id,
    bank: profile.id,
    clientId: consent.clientId,
    consentId: consent.id,
    debtorAccountId: debtor.id,
    instruction,
    status: step.status,
    statusAt: at,
    ...(rejection && { rejection }),
    createdAt: at,
    expectedExecutionAt: executionAt,
    expectedSettlementAt,
    expectedCreditAt: creditAt,
    steps: [step],
    wire,
    ...movedBy(instruction, terms),
  };
  await insertOrder(tx, {
    order,
    position,
    ...(holdId !== undefined && { holdId }),
    ...(terms && { terms }),
  });
  await modules.events.append(tx, {
    type: 'payment.created',
    subject: id,
    at,
    data: {
      status: step.status,
      consentId: consent.id,
      clientId: consent.clientId,
      ...(rejection && { reason: rejection }),
    },
  });
  if (step.status === 'scheduled') await schedules.enqueue(tx, { dueAt: beginsAt, kind: BEGIN, subject: id });
  else await scheduleNext(tx, modules, { id, instruction, status: step.status, at });
  return order;
}

/** What became of the money of an order that is made; `terms` where what it moves is fixed from now on. */
interface SetMoney {
  readonly holdId?: string;
  readonly rejection?: PaymentRejection;
  readonly terms?: PaymentTerms;
}

async function setMoney(
  tx: SqlTransaction,
  modules: PaymentModules,
  payment: Omit<ToHold, 'terms'> & { readonly isAhead: boolean },
): Promise<SetMoney> {
  const { instruction, debtor, at, isAhead } = payment;
  // A rate under a contract is that of the order; any other is that of the day on which the money is set aside.
  const terms = await termsOf(tx, modules, { instruction, debtor, at });
  const held = isAhead ? {} : await setAside(tx, modules, { ...payment, terms });
  const isFixed = held.holdId !== undefined || (isAhead && instruction.exchange?.contract !== undefined);
  return { ...held, ...(isFixed && { terms }) };
}

/** Throws `consent.mismatch` where the consent is not for one payment. */
export function instructionOf(consent: Consent): PaymentInstruction {
  const { subject } = consent;
  if (subject.kind === 'payment') return subject.instruction;
  throw new SandbankError('consent.mismatch', 'This consent is not for a payment.', {
    expected: 'a payment consent',
    actual: subject.kind,
  });
}

/** The one account that the customer agreed to pay from; undefined before she did. */
export function debtorAccountIdOf(consent: Consent): string | undefined {
  return consent.accounts.find(({ unlinkedAt }) => unlinkedAt === undefined)?.accountId;
}

export async function debtorOf(tx: SqlTransaction, modules: PaymentModules, consent: Consent): Promise<Account> {
  const id = debtorAccountIdOf(consent);
  if (id === undefined) throw new SandbankError('consent.wrong-status', 'No account was chosen for this payment.');
  const account = await modules.accounts.get(id, tx);
  if (account.status === 'closed') throw new SandbankError('account.closed', 'The account to pay from is closed.');
  return account;
}

/** Throws for a payment that could not be credited as it is, or goes nowhere. */
export async function refuseUnpayable(
  tx: SqlTransaction,
  modules: PaymentModules,
  { instruction, debtor }: { readonly instruction: PaymentInstruction; readonly debtor: Account },
): Promise<void> {
  const { amount, creditor, rail, transferCurrency: arrives = amount.currency } = instruction;
  if (amount.amountMinor <= 0n) {
    throw new SandbankError('payment.amount-invalid', 'The amount of a payment is greater than zero.');
  }
  const payee = await modules.accounts.byIdentifier(creditor, tx);
  if (payee && payee.currency !== arrives && !EXCHANGING_RAILS.includes(rail)) {
    throw new SandbankError('payment.unsupported-currency', `The account to pay is in ${payee.currency}.`, {
      expected: payee.currency,
      actual: arrives,
    });
  }
  if (payee?.id === debtor.id) {
    throw new SandbankError('field.invalid', 'The account to pay is the account to pay from.', {
      path: 'creditor',
      expected: 'another account',
      actual: creditor.identification,
    });
  }
}

interface ToHold {
  readonly id: string;
  readonly instruction: PaymentInstruction;
  readonly debtor: Account;
  readonly at: Instant;
  readonly expectedSettlementAt: Instant;
  readonly terms: PaymentTerms;
}

/** Too little money is an outcome, not an error: the order exists and is rejected. */
export async function setAside(
  tx: SqlTransaction,
  modules: PaymentModules,
  { id, instruction, debtor, at, expectedSettlementAt, terms }: ToHold,
): Promise<{ readonly holdId?: string; readonly rejection?: PaymentRejection }> {
  try {
    const hold = await modules.ledger.hold(tx, {
      account: debtor.ledgerAccount,
      amountMinor: takenOf(terms, instruction).amountMinor,
      at,
      expiresAt: plusMs(expectedSettlementAt, HOLD_OUTLIVES_SETTLEMENT_MS),
      detail: debtorDetail({ id, instruction }),
    });
    return { holdId: hold.id };
  } catch (error) {
    if (isSandbankError(error) && error.code === 'payment.insufficient-funds')
      return { rejection: 'insufficient-funds' };
    throw error;
  }
}
