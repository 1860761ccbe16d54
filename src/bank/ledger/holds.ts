import { assert, type IdScheme, type Instant } from '../../kernel/index.js';
import { nextId, type SqlReader, type SqlTransaction } from '../../storage/index.js';
import { refuseBelowLimit } from './booking.js';
import { createDictionaryWriter } from './dictionaries.js';
import type { LedgerBalance } from './ledger.js';
import type { Hold, HoldState, LedgerAccountId, PostingDetail } from './posting.js';

export interface NewHold {
  readonly account: LedgerAccountId;
  readonly amountMinor: bigint;
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly detail: PostingDetail;
}

export async function placeHold(
  tx: SqlTransaction,
  bank: { readonly id: string; readonly ids: IdScheme },
  hold: NewHold,
): Promise<Hold> {
  assert(hold.amountMinor > 0n, 'a hold is of a positive amount');
  refuseBelowLimit(await readBalance(tx, hold.account), hold.amountMinor);
  const id = await nextId(tx, bank.ids, 'hold');
  const detail = await createDictionaryWriter(tx).columns(hold.detail);
  await tx.run(
    `INSERT INTO holds (id, bank, account_id, amount_minor, created_at, expires_at,
       code, text_id, merchant_id, counterparty_id, reference_id, payment_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [id, bank.id, hold.account, hold.amountMinor, hold.at, hold.expiresAt, ...detail],
  );
  const { account, amountMinor, at, expiresAt } = hold;
  return { id, account, amountMinor, createdAt: at, expiresAt, state: 'held', detail: hold.detail };
}

/** Ends a hold; false where it had ended before. */
export async function endHold(tx: SqlTransaction, id: string, state: Exclude<HoldState, 'held'>): Promise<boolean> {
  const { changes } = await tx.run("UPDATE holds SET state = ? WHERE id = ? AND state = 'held'", [state, id]);
  return changes > 0;
}

/** Ends every hold of the bank whose time has come. */
export async function expireHolds(tx: SqlTransaction, bank: string, now: Instant): Promise<number> {
  const { changes } = await tx.run(
    "UPDATE holds SET state = 'expired' WHERE bank = ? AND state = 'held' AND expires_at <= ?",
    [bank, now],
  );
  return changes;
}

export async function readBalance(sql: SqlReader, account: LedgerAccountId): Promise<LedgerBalance> {
  const row = await sql.get<{ currency: string; booked: bigint; held: bigint; overdraft: bigint }>(
    `SELECT currency, booked_minor AS booked, held_minor AS held, overdraft_limit_minor AS overdraft
     FROM ledger_accounts WHERE id = ?`,
    [account],
  );
  assert(row, `ledger account ${account} exists`);
  return {
    currency: row.currency,
    bookedMinor: row.booked,
    heldMinor: row.held,
    overdraftLimitMinor: row.overdraft,
  };
}
