import { assert, type IdScheme } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { createBooking } from './booking.js';
import { endHold, expireHolds, placeHold, readBalance } from './holds.js';
import type { Ledger } from './ledger.js';
import { readTrialBalance } from './trial-balance.js';

/** The ledger of the bank with that id. Keeps nothing in memory: every call reads what the transaction sees. */
export function createLedger(options: { readonly bank: string; readonly ids: IdScheme }): Ledger {
  const { bank, ids } = options;
  return {
    async openAccount(tx, { currency, overdraftLimitMinor }) {
      return insertedId(
        await tx.get(
          `INSERT INTO ledger_accounts (bank, currency, kind, overdraft_limit_minor)
           VALUES (?, ?, 'customer', ?) RETURNING id`,
          [bank, currency, overdraftLimitMinor],
        ),
      );
    },
    async internal(tx, name, currency) {
      const known = await tx.get<{ id: bigint }>(
        "SELECT id FROM ledger_accounts WHERE bank = ? AND name = ? AND currency = ? AND kind = 'internal'",
        [bank, name, currency],
      );
      if (known) return Number(known.id);
      return insertedId(
        await tx.get(
          "INSERT INTO ledger_accounts (bank, currency, kind, name) VALUES (?, ?, 'internal', ?) RETURNING id",
          [bank, currency, name],
        ),
      );
    },
    async post(tx, entry, { force = false } = {}) {
      return (await createBooking(tx)).book(entry, force);
    },
    async postBatch(tx, entries) {
      const booking = await createBooking(tx);
      for (const entry of entries) await booking.book(entry, true);
    },
    hold: (tx, hold) => placeHold(tx, { id: bank, ids }, hold),
    async release(tx, holdId, why) {
      return endHold(tx, holdId, why);
    },
    expireHolds: (tx: SqlTransaction, now) => expireHolds(tx, bank, now),
    balance: readBalance,
    async internalBalances(sql, name) {
      const rows = await sql.all<{ currency: string; booked_minor: bigint }>(
        `SELECT currency, booked_minor FROM ledger_accounts
         WHERE bank = ? AND name = ? AND kind = 'internal' ORDER BY currency`,
        [bank, name],
      );
      return rows.map((row) => ({ currency: row.currency, bookedMinor: row.booked_minor }));
    },
    trialBalance: (sql) => readTrialBalance(sql, bank),
  };
}

function insertedId(row: unknown): number {
  const { id } = row as { id?: bigint };
  assert(id !== undefined, 'the row that was inserted');
  return Number(id);
}
