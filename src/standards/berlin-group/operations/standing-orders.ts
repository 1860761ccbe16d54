import { dateOf, type LocalDate } from '../../../kernel/index.js';
import type { Account, Recurrence, StandingOrder } from '../../../bank/index.js';
import type { Call } from '../../standard.js';
import { referenceOf, toReference } from '../mapping/account-reference.js';
import { toAmount } from '../mapping/amount.js';

const MAX_NAME = 70;
const MAX_REMITTANCE = 140;
/** The last day of any month. */
const LAST_DAY = '31';

type Wire = Readonly<Record<string, unknown>>;

/**
 * Standing orders of an account that still have a run to come, whoever set them up through whichever standard or at the
 * bank itself: the list that bookingStatus calls information.
 */
export async function standingOrdersOf(call: Call, account: Account): Promise<readonly unknown[]> {
  const orders = await call.bank.arrangements.standingOrders(account.id);
  return orders.map((order) => toStandingOrder(order, account));
}

function toStandingOrder(order: StandingOrder, account: Account): Wire {
  const { id, payee, reference, next, start, until, recurrence, ifClosed } = order;
  const { name, scheme, identification } = payee;
  const creditorAccount = referenceOf(scheme, identification);
  const day: LocalDate = next ? dateOf(next.at) : start;
  const rhythm = frequencyOf(recurrence);
  return {
    transactionId: id,
    valueDate: day,
    ...(next && { transactionAmount: toAmount(-next.amount.amountMinor, next.amount.currency) }),
    ...(name !== '' && { creditorName: name.slice(0, MAX_NAME) }),
    ...(creditorAccount && { creditorAccount }),
    debtorAccount: toReference(account),
    ...(reference !== undefined && { remittanceInformationUnstructured: reference.slice(0, MAX_REMITTANCE) }),
    bankTransactionCode: 'PMNT-ICDT-STDO',
    // Left out for a rhythm that the code set cannot say.
    ...(rhythm && {
      additionalInformationStructured: {
        standingOrderDetails: {
          startDate: start,
          ...(until !== undefined && { endDate: until }),
          ...(ifClosed !== undefined && { executionRule: ifClosed }),
          ...rhythm,
        },
      },
    }),
  };
}

const WEEKS: Readonly<Record<number, string>> = { 1: 'Weekly', 2: 'EveryTwoWeeks' };
const MONTHS: Readonly<Record<number, string>> = {
  1: 'Monthly',
  2: 'EveryTwoMonths',
  3: 'Quarterly',
  6: 'SemiAnnual',
  12: 'Annual',
};

/** A rhythm in the words of standing order details. */
function frequencyOf(recurrence: Recurrence): Wire | undefined {
  switch (recurrence.every) {
    case 'day':
      return { frequency: 'Daily' };
    case 'weeks': {
      const frequency = WEEKS[recurrence.weeks];
      return frequency === undefined ? undefined : { frequency };
    }
    case 'months': {
      const frequency = MONTHS[recurrence.months];
      return frequency === undefined ? undefined : { frequency, dayOfExecution: String(recurrence.day) };
    }
    case 'year':
      return {
        frequency: 'MonthlyVariable',
        monthsOfExecution: recurrence.inMonths.map(String),
        dayOfExecution: String(recurrence.day),
      };
    case 'last-working-day':
      return { frequency: 'Monthly', dayOfExecution: LAST_DAY, executionRule: 'preceding' };
  }
}
