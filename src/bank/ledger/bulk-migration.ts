import { onlyOn } from '../../storage/index.js';
import { bookPostings } from './checks-on-postgres.js';

/**
 * Entries that gather a span of time, and the bulk door of SQLite. Whoever opens the door (a row in `ledger_bulk`) may
 * write postings that are not checked one by one, on accounts that are named first. COMMIT fails while it is open, since
 * its row refers to a zero that is not there, and closing it checks all that came through, set-based, before any balance
 * moves. So nobody can leave a posting behind that the ordinary triggers would have refused. PostgreSQL checks whole
 * statements anyway and needs no door.
 */
const SPANS = [
  // NULL: all postings are of one instant, `booked_at`.
  `ALTER TABLE entries ADD COLUMN since INTEGER`,
  `CREATE TRIGGER entries_since_no_update BEFORE UPDATE OF since ON entries
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`,
];

const isOpen = 'EXISTS (SELECT 1 FROM ledger_bulk)';

const refusing = (name: string, when: string, message: string): string =>
  `CREATE TRIGGER ${name} ${when} BEGIN SELECT RAISE(ABORT, '${message}'); END`;

const inTime = (at: string): string => `${at} BETWEEN coalesce(entry.since, entry.booked_at) AND entry.booked_at`;

const DOOR = [
  `CREATE TABLE ledger_bulk (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     after_entry INTEGER NOT NULL,
     is_open INTEGER NOT NULL DEFAULT 1 CHECK (is_open = 1)
       REFERENCES ledger_zero (value) DEFERRABLE INITIALLY DEFERRED
   ) STRICT`,
  `CREATE TABLE ledger_bulk_accounts (id INTEGER PRIMARY KEY) STRICT`,
  refusing(
    'ledger_bulk_begin',
    `BEFORE INSERT ON ledger_bulk WHEN ${isOpen} OR EXISTS (SELECT 1 FROM ledger_bulk_accounts)
       OR NEW.after_entry <> (SELECT coalesce(max(id), 0) FROM entries)`,
    'a bulk load begins alone and after all entries',
  ),
  refusing('ledger_bulk_fixed', 'BEFORE UPDATE ON ledger_bulk', 'a bulk load stays as it began'),
  refusing(
    'ledger_bulk_accounts_new',
    `BEFORE INSERT ON ledger_bulk_accounts
     WHEN NOT ${isOpen} OR EXISTS (SELECT 1 FROM ledger_bulk_accounts WHERE id = NEW.id)`,
    'accounts are named once, within a bulk load',
  ),
  refusing('ledger_bulk_accounts_fixed', 'BEFORE UPDATE ON ledger_bulk_accounts', 'a bulk load stays as it began'),
  refusing(
    'ledger_bulk_accounts_kept',
    `BEFORE DELETE ON ledger_bulk_accounts WHEN ${isOpen}`,
    'a bulk load stays as it began',
  ),
  refusing(
    'ledger_accounts_bulk',
    `BEFORE UPDATE OF booked_minor, last_seq, last_booked_at, overdraft_limit_minor ON ledger_accounts WHEN ${isOpen}`,
    'balances move when the bulk load ends',
  ),
  refusing('entries_bulk', `BEFORE UPDATE ON entries WHEN ${isOpen}`, 'entries stay as they are in a bulk load'),
  // What lies behind an account's last line is what the end looks at: nothing may be put before it.
  refusing(
    'postings_bulk',
    `BEFORE INSERT ON postings WHEN ${isOpen} AND NOT EXISTS (
       SELECT 1 FROM ledger_bulk_accounts AS touched JOIN ledger_accounts AS account ON account.id = touched.id
       WHERE touched.id = NEW.account_id AND NEW.seq > account.last_seq)`,
    'a bulk load names its accounts first and adds to their ends',
  ),
];

/** Everything that came through the door. CROSS JOIN keeps the order: the accounts, then their new lines by key. */
const NEW_LINES = `
  ledger_bulk_accounts AS touched CROSS JOIN ledger_accounts AS account ON account.id = touched.id
  CROSS JOIN postings AS posting ON posting.account_id = touched.id AND posting.seq > account.last_seq`;

/** Each new line follows the one before it: by induction from the account's last one, which is what the account says. */
const MISFIT = `
  SELECT 1 FROM ${NEW_LINES}
  LEFT JOIN postings AS before ON before.account_id = posting.account_id AND before.seq = posting.seq - 1
  LEFT JOIN entries AS entry ON entry.id = posting.entry_id
  WHERE entry.id IS NULL OR entry.id <= OLD.after_entry
    OR account.bank <> entry.bank OR account.currency <> entry.currency
    OR (before.seq IS NULL AND posting.seq <> 1)
    OR posting.balance_minor <> coalesce(before.balance_minor, 0) + posting.amount_minor
    OR NOT (${inTime('posting.booked_at')})
    OR (posting.booked_at < before.booked_at AND (account.kind = 'customer' OR before.seq > account.last_seq))
    OR (account.kind = 'customer' AND posting.text_id IS NULL)`;

const END = `CREATE TRIGGER ledger_bulk_end AFTER DELETE ON ledger_bulk BEGIN
  SELECT RAISE(ABORT, 'a posting must fit its account and its entry: bank, currency, sequence, balance, time')
  WHERE EXISTS (${MISFIT});
  SELECT RAISE(ABORT, 'the postings of an entry sum to zero')
  WHERE EXISTS (SELECT 1 FROM ${NEW_LINES} GROUP BY posting.entry_id HAVING sum(posting.amount_minor) <> 0);
  UPDATE ledger_accounts SET
    booked_minor = last.balance_minor, last_seq = last.seq, last_booked_at = max(last_booked_at, last.booked_at)
  FROM (SELECT touched.id, posting.seq, posting.balance_minor, posting.booked_at
        FROM ledger_bulk_accounts AS touched CROSS JOIN postings AS posting ON posting.account_id = touched.id
          AND posting.seq = (SELECT max(seq) FROM postings WHERE account_id = touched.id)) AS last
  WHERE ledger_accounts.id = last.id AND last.seq > ledger_accounts.last_seq;
  DELETE FROM ledger_bulk_accounts;
END`;

/** As in step 001, but for entries of a span, and silent while the door is open: then its end checks. */
const BOOK = [
  `DROP TRIGGER postings_book`,
  `CREATE TRIGGER postings_book AFTER INSERT ON postings WHEN NOT ${isOpen} BEGIN
     SELECT RAISE(ABORT, 'a posting must fit its account and its entry: bank, currency, sequence, balance, time')
     WHERE NOT EXISTS (
       SELECT 1 FROM ledger_accounts AS account JOIN entries AS entry ON entry.id = NEW.entry_id
       WHERE account.id = NEW.account_id
         AND account.bank = entry.bank AND account.currency = entry.currency
         AND NEW.seq = account.last_seq + 1
         AND NEW.balance_minor = account.booked_minor + NEW.amount_minor
         AND ${inTime('NEW.booked_at')}
         AND (account.kind = 'internal' OR (NEW.booked_at >= account.last_booked_at AND NEW.text_id IS NOT NULL)));
     UPDATE entries SET open_minor = open_minor + NEW.amount_minor, counted_account = NEW.account_id
     WHERE id = NEW.entry_id;
     UPDATE ledger_accounts SET
       booked_minor = NEW.balance_minor, last_seq = NEW.seq, last_booked_at = max(last_booked_at, NEW.booked_at)
     WHERE id = NEW.account_id;
   END`,
];

export const BULK: readonly string[] = [
  ...SPANS,
  ...[...DOOR, ...BOOK, END].map((sql) => onlyOn('sqlite', sql)),
  onlyOn('postgresql', bookPostings(`NOT (${inTime('line.booked_at')})`)),
  // A new body comes without the settings of the old one.
  onlyOn('postgresql', `ALTER FUNCTION postings_book() SET work_mem = '64MB'`),
];
