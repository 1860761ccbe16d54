import { assert, dateOf, type Clock, type IdScheme } from '../../kernel/index.js';
import type { SqlTransaction, Storage } from '../../storage/index.js';
import type { AccountId, Accounts } from '../accounts/index.js';
import type {
  Beneficiary,
  DirectDebit,
  NewArrangement,
  Planner,
  ScheduledPayment,
  StandingOrder,
} from './arrangement.js';
import { laterPaymentsOf, periodicPaymentsOf, type PaymentSources } from './arranged-payments.js';
import { insertArrangement, selectArrangements, type StoredArrangement } from './arrangement-rows.js';
import { runsOf, type Runs } from './runs.js';

/** What customers have arranged: with the bank itself, and through payments. All lists throw `account.not-found`. */
export interface Arrangements {
  /** Notes what a customer has arranged with the bank itself. */
  add(tx: SqlTransaction, arrangement: NewArrangement): Promise<void>;
  /** Registers who knows when arrangements of this planner run. Once each. */
  plannedBy(name: string, planner: Planner): void;
  /** Those that still have a run to come. */
  standingOrders(id: AccountId): Promise<readonly StandingOrder[]>;
  directDebits(id: AccountId): Promise<readonly DirectDebit[]>;
  /** The next first. */
  scheduledPayments(id: AccountId): Promise<readonly ScheduledPayment[]>;
  beneficiaries(id: AccountId): Promise<readonly Beneficiary[]>;
}

export interface ArrangementsOptions extends PaymentSources {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: IdScheme;
  readonly accounts: Pick<Accounts, 'get'>;
}

export function createArrangements(options: ArrangementsOptions): Arrangements {
  const { storage, clock, ids, accounts } = options;
  const sql = storage.read;
  const planners = new Map<string, Planner>();
  const arranged = async <Shown>(
    id: AccountId,
    kind: NewArrangement['kind'],
    show: (stored: StoredArrangement, runs: Runs) => readonly Shown[],
  ): Promise<readonly Shown[]> => {
    const account = await accounts.get(id);
    const shown: Shown[] = [];
    for (const stored of await selectArrangements(sql, id, kind)) {
      shown.push(...show(stored, await runsOf(stored, { sql, clock, account, planners })));
    }
    return shown;
  };
  return {
    add: (tx, arrangement) => insertArrangement(tx, ids, arrangement),
    plannedBy(name, planner) {
      assert(!planners.has(name), `one planner called ${name}`);
      planners.set(name, planner);
    },
    async standingOrders(id) {
      const own = await arranged(id, 'standing-order', (stored, runs) => recurring(stored, runs));
      return [...own, ...(await periodicPaymentsOf(await accounts.get(id), options))];
    },
    directDebits: (id) =>
      arranged(id, 'direct-debit', (stored, runs) =>
        recurring(stored, runs).map((one) => ({ ...one, isFixed: stored.recurring?.isFixed === true })),
      ),
    scheduledPayments: async (id) => laterPaymentsOf(await accounts.get(id), options),
    beneficiaries: (id) => arranged(id, 'beneficiary', (stored) => [parted(stored)]),
  };
}

function parted({ id, accountId, payee, reference }: StoredArrangement): Beneficiary {
  return { id, accountId, payee, ...(reference !== undefined && { reference }) };
}

function recurring(stored: StoredArrangement, runs: Runs): readonly StandingOrder[] {
  if (!stored.recurring) return [];
  const { recurrence, ifClosed, since } = stored.recurring;
  const start = dateOf(runs.first?.at ?? since);
  return [{ ...parted(stored), recurrence, start, ...(ifClosed !== undefined && { ifClosed }), ...runs }];
}
