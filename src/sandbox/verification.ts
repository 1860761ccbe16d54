import { verifyBank, verifyClearing, verifyEventSequence } from '../bank/index.js';
import type { AuditCheck, Fault } from '../kernel/index.js';
import { checkSqlite, type Dialect, type SqlReader } from '../storage/index.js';

export interface Verification {
  readonly ok: boolean;
  readonly checks: readonly VerificationCheck[];
}

export interface VerificationCheck {
  /** What is claimed, with the bank that it is claimed of: `bramble: the postings of every entry sum to zero`. */
  readonly name: string;
  readonly ok: boolean;
  /** The first faults as one text. */
  readonly detail?: string;
  /** Where it does not hold, and how. */
  readonly faults?: readonly Fault[];
}

/** Faults of one claim that are put into words; all of them are in the list. */
const TOLD = 20;

/**
 * Derives again what must always hold of an ecosystem. `sql` must see one instant (`Storage.snapshot`). What a damaged
 * file says of its banks is worth nothing: then only the damage is told.
 */
export async function verifyWorld(
  sql: SqlReader,
  banks: readonly string[],
  dialect: Dialect = 'sqlite',
): Promise<Verification> {
  // PostgreSQL sees to its files and references itself, and what was rolled back leaves gaps in its numbers.
  const isFile = dialect === 'sqlite';
  const database = isFile ? await verifyDatabase(sql) : [];
  if (!database.every(({ ok }) => ok)) return { ok: false, checks: database };
  const checks = [...database];
  for (const bank of banks) {
    for (const check of await verifyBank(sql, bank)) checks.push(toCheck({ ...check, name: `${bank}: ${check.name}` }));
  }
  for (const check of await verifyClearing(sql, banks)) checks.push(toCheck(check));
  if (isFile) checks.push(toCheck(await verifyEventSequence(sql)));
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function verifyDatabase(sql: SqlReader): Promise<readonly VerificationCheck[]> {
  const faults = await checkSqlite(sql);
  const of = (kind: (typeof faults)[number]['check'], expected: string): readonly Fault[] =>
    faults.filter(({ check }) => check === kind).map(({ where, what }) => ({ where, expected, actual: what }));
  return [
    toCheck({ name: 'the database file is whole', faults: of('integrity', 'ok') }),
    toCheck({ name: 'every row refers to rows that exist', faults: of('foreign-keys', 'a row that exists') }),
  ];
}

function toCheck({ name, faults }: AuditCheck): VerificationCheck {
  if (faults.length === 0) return { name, ok: true };
  const told = faults.slice(0, TOLD).map(({ where, expected, actual }) => `${where}: ${actual}, not ${expected}`);
  const detail = [...told, ...(faults.length > TOLD ? [`${faults.length - TOLD} more`] : [])].join('; ');
  return { name, ok: false, detail, faults };
}
