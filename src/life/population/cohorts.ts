import type { Bank } from '../../bank/index.js';
import { createRandom, type LocalDate, type Random } from '../../kernel/index.js';
import type { LivedAccount, Transaction } from '../book.js';
import { endOf } from '../day.js';
import { fromRemembered, toRemembered, type Memory } from '../memory.js';

/** Drawn customers who came together and live together: what one transaction writes. */
export interface Cohort {
  readonly number: number;
  /** The first of its customers and how many they are. */
  readonly first: number;
  readonly count: number;
  readonly began: LocalDate;
  /** Undefined: the ecosystem's own. */
  readonly seed?: number;
}

/** Subjects of their lines in the event log. */
const COHORTS = 'life/population';
const accountsOf = (number: number): string => `life/population/${String(number)}`;
const memoryOf = (number: number): string => `life/population/${String(number)}/memory`;

const MOST_COHORTS = 1_000_000;

export async function noteCohort(
  tx: Transaction,
  bank: Bank,
  { cohort, accounts }: { readonly cohort: Cohort; readonly accounts: readonly LivedAccount[] },
): Promise<void> {
  const at = endOf(cohort.began);
  await bank.events.append(tx, { type: 'life.cohort-settled', subject: COHORTS, at, data: { ...cohort } });
  await bank.events.append(tx, {
    type: 'life.customers-settled',
    subject: accountsOf(cohort.number),
    at,
    data: { accounts: accounts.map((one) => [one.name, one.ledgerAccount, one.holderName, one.identification]) },
  });
}

/** In the order in which they came. */
export async function listCohorts(bank: Bank): Promise<readonly Cohort[]> {
  const events = await bank.events.list({ subject: COHORTS, limit: MOST_COHORTS });
  return events.map(({ data }) => data as unknown as Cohort).reverse();
}

export async function readCohortAccounts(bank: Bank, { number }: Cohort): Promise<readonly LivedAccount[]> {
  const [event] = await bank.events.list({ subject: accountsOf(number), limit: 1 });
  const rows = (event?.data['accounts'] ?? []) as readonly (readonly [string, number, string, string])[];
  return rows.map(([name, ledgerAccount, holderName, identification]) => ({
    name,
    ledgerAccount,
    holderName,
    identification,
  }));
}

export async function rememberCohort(
  tx: Transaction,
  bank: Bank,
  { cohort, memory, lines }: { readonly cohort: Cohort; readonly memory: Memory; readonly lines: number },
): Promise<void> {
  const data = { to: memory.date, lines, memory: toRemembered(memory) };
  const subject = memoryOf(cohort.number);
  await bank.events.append(tx, { type: 'life.days-lived', subject, at: endOf(memory.date), data });
}

export async function recallCohort(bank: Bank, { number }: Cohort): Promise<Memory | undefined> {
  const [event] = await bank.events.list({ subject: memoryOf(number), limit: 1 });
  return event && fromRemembered(event.data['memory']);
}

/** Everything about a population comes from here. */
export function populationRandom(
  bank: Bank,
  { random, seed }: { readonly random: Random; readonly seed?: number },
): Random {
  return (seed === undefined ? random : createRandom(seed)).fork(`population/${bank.profile.id}`);
}
