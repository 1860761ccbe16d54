import type { AuditCheck, Fault } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import { readLedgerAccounts, type LedgerAccountId } from '../ledger/index.js';
import type { AccountId, AccountIdentifier } from './account.js';
import { selectAccountIdByIdentifier } from './account-rows.js';
import { normaliseIdentification } from './national-identifiers.js';

/** An account with what its money is kept under. */
export interface AccountKey {
  readonly id: AccountId;
  readonly ledgerAccount: LedgerAccountId;
  readonly currency: string;
}

export async function readAccountKeys(sql: SqlReader, bank: string): Promise<readonly AccountKey[]> {
  const rows = await sql.all<{ id: string; ledger_account: bigint; currency: string }>(
    'SELECT id, ledger_account, currency FROM accounts WHERE bank = ? ORDER BY ledger_account',
    [bank],
  );
  return rows.map((row) => ({ id: row.id, ledgerAccount: Number(row.ledger_account), currency: row.currency }));
}

/** The account that has this identifier, without anything of the bank but its id. */
export async function findAccountKey(
  sql: SqlReader,
  bank: string,
  { scheme, identification }: Pick<AccountIdentifier, 'scheme' | 'identification'>,
): Promise<AccountId | undefined> {
  return selectAccountIdByIdentifier(sql, bank, { scheme, identification: normaliseIdentification(identification) });
}

/** Accounts and the ledger's accounts of customers are one to one, in the same currency. */
export async function verifyAccounts(sql: SqlReader, bank: string): Promise<readonly AuditCheck[]> {
  const keys = await readAccountKeys(sql, bank);
  const kept = new Map((await readLedgerAccounts(sql, bank)).map((account) => [account.id, account]));
  const faults: Fault[] = [];
  for (const { id, ledgerAccount, currency } of keys) {
    const found = kept.get(ledgerAccount);
    const actual = found === undefined ? 'none' : `one of kind ${found.kind} in ${found.currency}`;
    const expected = `one of kind customer in ${currency}`;
    if (actual !== expected) {
      faults.push({ where: `ledger account ${String(ledgerAccount)} of account ${id}`, expected, actual });
    }
  }
  const known = new Set(keys.map(({ ledgerAccount }) => ledgerAccount));
  for (const { id, kind } of kept.values()) {
    if (kind === 'internal' || known.has(id)) continue;
    faults.push({ where: `ledger account ${String(id)}`, expected: 'an account that it is of', actual: 'none' });
  }
  return [
    { name: "every account has its own account of the ledger, and every customer's of the ledger is one", faults },
  ];
}
