import { localDate, type LocalDate } from '../../../kernel/index.js';
import type { Account, Consent, PaymentOrder } from '../../../bank/index.js';
import { coverageOf } from '../../kit/covered.js';
import type { Call } from '../../standard.js';
import { frequencyOf } from '../codes.js';
import { referenceOf, toReference } from '../mapping/account-reference.js';
import { toAmount } from '../mapping/amount.js';

const MAX_NAME = 70;
const MAX_REMITTANCE = 140;

/**
 * Periodic payments from an account that still have a run to come, whoever set them up through whichever standard: the
 * list that bookingStatus calls information.
 */
export async function standingOrdersOf(call: Call, account: Account): Promise<readonly unknown[]> {
  const { partyId } = coverageOf(call).consent;
  if (partyId === undefined) return [];
  const shown: unknown[] = [];
  for (const consent of await call.bank.consents.listByParty(partyId)) {
    if (consent.subject.kind !== 'periodic-payment' || !isPaidFrom(consent, account)) continue;
    const next = (await call.bank.payments.ordersOf(consent.id)).find(({ status }) => status === 'scheduled');
    if (next) shown.push(toStandingOrder(consent, account, next));
  }
  return shown;
}

function isPaidFrom({ accounts }: Consent, account: Account): boolean {
  return accounts.some(({ accountId, unlinkedAt }) => accountId === account.id && unlinkedAt === undefined);
}

function toStandingOrder(consent: Consent, account: Account, next: PaymentOrder): Readonly<Record<string, unknown>> {
  if (consent.subject.kind !== 'periodic-payment') return {};
  const { instruction, schedule } = consent.subject;
  const { amount, creditor, reference } = instruction;
  const creditorAccount = referenceOf(creditor.scheme, creditor.identification);
  const day: LocalDate = next.instruction.executionDate ?? localDate(schedule.start);
  return {
    transactionId: next.id,
    valueDate: day,
    transactionAmount: toAmount(-amount.amountMinor, amount.currency),
    ...(creditor.name !== undefined && { creditorName: creditor.name.slice(0, MAX_NAME) }),
    ...(creditorAccount && { creditorAccount }),
    debtorAccount: toReference(account),
    ...(reference !== undefined && { remittanceInformationUnstructured: reference.slice(0, MAX_REMITTANCE) }),
    bankTransactionCode: 'PMNT-ICDT-STDO',
    additionalInformationStructured: {
      standingOrderDetails: {
        startDate: schedule.start,
        ...(schedule.end !== undefined && { endDate: schedule.end }),
        frequency: frequencyOf(schedule.frequency),
        ...(schedule.months && { monthsOfExecution: schedule.months.map(String) }),
        executionRule: schedule.ifClosed,
        ...(schedule.dayOfExecution !== undefined && { dayOfExecution: String(schedule.dayOfExecution) }),
      },
    },
  };
}
