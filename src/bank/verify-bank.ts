import type { AuditCheck } from '../kernel/index.js';
import type { SqlReader } from '../storage/index.js';
import { verifyAccounts } from './accounts/index.js';
import { verifyConsents } from './consents/index.js';
import { verifyLedger } from './ledger/index.js';
import { verifyPayments } from './payments/index.js';
import { verifySchedules } from './schedules/index.js';

/**
 * Derives again everything that must always hold of a bank, from its rows alone: no clock, no profile, no other process
 * is asked. `sql` must see one instant (`Storage.snapshot`), or what is written meanwhile looks like a fault.
 */
export async function verifyBank(sql: SqlReader, bank: string): Promise<readonly AuditCheck[]> {
  const checks: AuditCheck[] = [];
  for (const verify of [verifyLedger, verifyAccounts, verifyPayments, verifyConsents, verifySchedules]) {
    checks.push(...(await verify(sql, bank)));
  }
  return checks;
}
