import { assert, type IdScheme } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { writeTogether } from './book-writer.js';
import { createBooking } from './booking.js';
import { bookBulk } from './bulk.js';
import { endHold, expireHolds, placeHold, readBalance } from './holds.js';
import type { Ledger } from './ledger.js';
import { readTrialBalance } from './trial-balance.js';

/** A posting that a customer sees has a code; without the payment of an order, its entry is none of a payment. */
const PAYMENTS_IN = `
  SELECT currency, sum(amount) AS booked FROM (
    SELECT entries.currency AS currency,
      sum(CASE WHEN own.id IS NULL THEN 0 ELSE posting.amount_minor END) AS amount
    FROM postings AS posting
    JOIN entries ON entries.id = posting.entry_id
    LEFT JOIN ledger_accounts AS own
      ON own.id = posting.account_id AND own.bank = ? AND own.name = ? AND own.kind = 'internal'
    WHERE entries.bank = ?
    GROUP BY posting.entry_id, entries.currency
    HAVING sum(CASE WHEN posting.code IS NOT NULL AND posting.payment_id IS NULL THEN 1 ELSE 0 END) = 0) AS moved
  GROUP BY currency HAVING sum(amount) <> 0 ORDER BY currency`;

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
      const writer = writeTogether(tx);
      const booking = await createBooking(tx, writer);
      for (const entry of entries) await booking.book(entry, true);
      await writer.flush();
    },
    postBulk: bookBulk,
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
    async paymentsIn(sql, name) {
      const rows = await sql.all<{ currency: string; booked: bigint }>(PAYMENTS_IN, [bank, name, bank]);
      return rows.map(({ currency, booked }) => ({ currency, bookedMinor: booked }));
    },
    trialBalance: (sql) => readTrialBalance(sql, bank),
  };
}

function insertedId(row: unknown): number {
  const { id } = row as { id?: bigint };
  assert(id !== undefined, 'the row that was inserted');
  return Number(id);
}
