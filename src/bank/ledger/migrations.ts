import { appendOnly, onlyOn, type ModuleMigrations } from '../../storage/index.js';
import { BULK } from './bulk-migration.js';
import { CHECKS_ON_POSTGRES } from './checks-on-postgres.js';

/**
 * The ledger's own checks live in the database, so that no code path, present or future, can book half an entry:
 * `entries.open_minor` refers to the one row of `ledger_zero`, deferred, so that COMMIT itself fails while the postings
 * of an entry do not sum to zero; triggers keep sequence, running balance, currency and order, and refuse change.
 * On PostgreSQL checks-on-postgres.ts stands in for those that look at one row at a time.
 */
const ACCOUNTS = [
  `CREATE TABLE ledger_zero (value INTEGER PRIMARY KEY CHECK (value = 0)) STRICT`,
  `INSERT INTO ledger_zero (value) VALUES (0)`,
  ...['INSERT', 'UPDATE', 'DELETE'].map(
    (verb) => `CREATE TRIGGER ledger_zero_no_${verb.toLowerCase()} BEFORE ${verb} ON ledger_zero
     BEGIN SELECT RAISE(ABORT, 'zero is zero'); END`,
  ),
  `CREATE TABLE ledger_accounts (
     id INTEGER PRIMARY KEY,
     bank TEXT NOT NULL,
     currency TEXT NOT NULL,
     kind TEXT NOT NULL CHECK (kind IN ('customer', 'internal')),
     name TEXT,
     booked_minor INTEGER NOT NULL DEFAULT 0,
     held_minor INTEGER NOT NULL DEFAULT 0 CHECK (held_minor >= 0),
     overdraft_limit_minor INTEGER NOT NULL DEFAULT 0 CHECK (overdraft_limit_minor >= 0),
     last_seq INTEGER NOT NULL DEFAULT 0,
     last_booked_at INTEGER NOT NULL DEFAULT ${String(Number.MIN_SAFE_INTEGER)},
     CHECK ((kind = 'internal') = (name IS NOT NULL))
   ) STRICT`,
  `CREATE UNIQUE INDEX ledger_internal_accounts ON ledger_accounts (bank, name, currency) WHERE kind = 'internal'`,
];

const DICTIONARIES = [
  `CREATE TABLE ledger_texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT`,
  `CREATE TABLE ledger_merchants (
     id INTEGER PRIMARY KEY, name TEXT NOT NULL, category_code TEXT NOT NULL, UNIQUE (name, category_code)) STRICT`,
  `CREATE TABLE ledger_counterparties (
     id INTEGER PRIMARY KEY, name TEXT NOT NULL, scheme TEXT NOT NULL, identification TEXT NOT NULL,
     UNIQUE (name, scheme, identification)) STRICT`,
  // A posting says what its texts say: who could change them could change what the customer was told.
  ...['ledger_texts', 'ledger_merchants', 'ledger_counterparties'].flatMap((table) =>
    appendOnly({ table, key: ['id'], because: 'the ledger is append-only' }),
  ),
];

/** What a customer is told: the same columns on postings and on holds. */
const DETAIL_COLUMNS = `
     code INTEGER,
     text_id INTEGER REFERENCES ledger_texts (id),
     merchant_id INTEGER REFERENCES ledger_merchants (id),
     counterparty_id INTEGER REFERENCES ledger_counterparties (id),
     reference_id INTEGER REFERENCES ledger_texts (id),
     payment_id TEXT`;

/** `zero` and `details` are foreign keys, or nothing where another check stands in for them. */
const entriesTable = (zero: string): string =>
  `CREATE TABLE entries (
     id INTEGER PRIMARY KEY,
     bank TEXT NOT NULL,
     currency TEXT NOT NULL,
     booked_at INTEGER NOT NULL,
     open_minor INTEGER NOT NULL DEFAULT 0 ${zero},
     -- The account of the posting that was counted last.
     counted_account INTEGER
   ) STRICT`;

const postingsTable = (details: string): string =>
  `CREATE TABLE postings (
     account_id INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     entry_id INTEGER NOT NULL,
     booked_at INTEGER NOT NULL,
     amount_minor INTEGER NOT NULL,
     balance_minor INTEGER NOT NULL,
     ${details},
     PRIMARY KEY (account_id, seq)
   ) STRICT, WITHOUT ROWID`;

const POSTINGS = [
  onlyOn('sqlite', entriesTable('REFERENCES ledger_zero (value) DEFERRABLE INITIALLY DEFERRED')),
  onlyOn('postgresql', entriesTable('')),
  onlyOn('sqlite', postingsTable(DETAIL_COLUMNS)),
  // A foreign key is checked row by row, which is most of the cost of a bulk load: postings_book checks the whole of it.
  onlyOn('postgresql', postingsTable(DETAIL_COLUMNS.replace(/ REFERENCES \w+ \(id\)/g, ''))),
  // The look-up of account and entry stands in for foreign keys: it finds both or refuses.
  onlyOn(
    'sqlite',
    `CREATE TRIGGER postings_book AFTER INSERT ON postings BEGIN
     SELECT RAISE(ABORT, 'a posting must fit its account and its entry: bank, currency, sequence, balance, time')
     WHERE NOT EXISTS (
       SELECT 1 FROM ledger_accounts AS account JOIN entries AS entry ON entry.id = NEW.entry_id
       WHERE account.id = NEW.account_id
         AND account.bank = entry.bank AND account.currency = entry.currency
         AND NEW.seq = account.last_seq + 1
         AND NEW.balance_minor = account.booked_minor + NEW.amount_minor
         AND NEW.booked_at = entry.booked_at
         AND (account.kind = 'internal' OR (NEW.booked_at >= account.last_booked_at AND NEW.text_id IS NOT NULL)));
     UPDATE entries SET open_minor = open_minor + NEW.amount_minor, counted_account = NEW.account_id
     WHERE id = NEW.entry_id;
     UPDATE ledger_accounts SET
       booked_minor = NEW.balance_minor, last_seq = NEW.seq, last_booked_at = max(last_booked_at, NEW.booked_at)
     WHERE id = NEW.account_id;
   END`,
  ),
  ...appendOnly({ table: 'postings', key: ['account_id', 'seq'], because: 'the ledger is append-only' }),
  `CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`,
  `CREATE TRIGGER entries_no_update BEFORE UPDATE OF id, bank, currency, booked_at ON entries
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`,
  // Only within the trigger above is there a posting that its account does not count yet: nobody else can close an entry.
  onlyOn(
    'sqlite',
    `CREATE TRIGGER entries_open BEFORE UPDATE OF open_minor, counted_account ON entries
   WHEN NOT EXISTS (
     SELECT 1 FROM ledger_accounts AS account
     JOIN postings AS posting ON posting.account_id = account.id AND posting.seq = account.last_seq + 1
     WHERE account.id = NEW.counted_account AND posting.entry_id = NEW.id
       AND posting.amount_minor = NEW.open_minor - OLD.open_minor)
   BEGIN SELECT RAISE(ABORT, 'an entry is balanced by postings only'); END`,
  ),
  onlyOn(
    'sqlite',
    `CREATE TRIGGER entries_new BEFORE INSERT ON entries
   WHEN NEW.open_minor <> 0 OR NEW.counted_account IS NOT NULL OR EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)
   BEGIN SELECT RAISE(ABORT, 'an entry begins new and without postings'); END`,
  ),
];

const KEPT_BALANCES = [
  `CREATE TRIGGER ledger_accounts_new BEFORE INSERT ON ledger_accounts
   WHEN NEW.booked_minor <> 0 OR NEW.held_minor <> 0 OR NEW.last_seq <> 0
     OR EXISTS (SELECT 1 FROM ledger_accounts WHERE id = NEW.id)
   BEGIN SELECT RAISE(ABORT, 'an account begins new and empty'); END`,
  `CREATE TRIGGER ledger_accounts_no_delete BEFORE DELETE ON ledger_accounts
   BEGIN SELECT RAISE(ABORT, 'an account of the ledger stays'); END`,
  `CREATE TRIGGER ledger_accounts_identity BEFORE UPDATE OF id, bank, currency, kind, name ON ledger_accounts
   BEGIN SELECT RAISE(ABORT, 'an account of the ledger keeps what it is'); END`,
  // The kept balance is always that of the last posting: nobody can write another one.
  onlyOn(
    'sqlite',
    `CREATE TRIGGER ledger_accounts_balance BEFORE UPDATE OF booked_minor, last_seq, last_booked_at ON ledger_accounts
   WHEN NOT EXISTS (
     SELECT 1 FROM postings
     WHERE account_id = NEW.id AND seq = NEW.last_seq AND balance_minor = NEW.booked_minor
       AND NEW.last_seq > OLD.last_seq AND NEW.last_booked_at = max(OLD.last_booked_at, booked_at))
   BEGIN SELECT RAISE(ABORT, 'a balance changes by postings only'); END`,
  ),
  `CREATE TRIGGER ledger_accounts_held BEFORE UPDATE OF held_minor ON ledger_accounts
   WHEN NEW.held_minor <> (
     SELECT coalesce(sum(amount_minor), 0) FROM holds WHERE account_id = NEW.id AND state = 'held')
   BEGIN SELECT RAISE(ABORT, 'what is held changes by holds only'); END`,
];

const HOLDS = [
  `CREATE TABLE holds (
     id TEXT PRIMARY KEY,
     bank TEXT NOT NULL,
     account_id INTEGER NOT NULL REFERENCES ledger_accounts (id),
     amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
     created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     state TEXT NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'posted', 'released', 'expired')),
     ${DETAIL_COLUMNS}
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX holds_open ON holds (account_id, created_at) WHERE state = 'held'`,
  `CREATE INDEX holds_expiring ON holds (bank, expires_at) WHERE state = 'held'`,
  `CREATE TRIGGER holds_begin BEFORE INSERT ON holds
   WHEN NEW.state <> 'held' OR EXISTS (SELECT 1 FROM holds WHERE id = NEW.id)
   BEGIN SELECT RAISE(ABORT, 'a hold begins new and held'); END`,
  onlyOn(
    'sqlite',
    `CREATE TRIGGER holds_count AFTER INSERT ON holds BEGIN
     UPDATE ledger_accounts SET held_minor = held_minor + NEW.amount_minor WHERE id = NEW.account_id;
   END`,
  ),
  `CREATE TRIGGER holds_end BEFORE UPDATE OF state ON holds
   WHEN OLD.state <> 'held' OR NEW.state = 'held'
   BEGIN SELECT RAISE(ABORT, 'a hold ends once'); END`,
  onlyOn(
    'sqlite',
    `CREATE TRIGGER holds_uncount AFTER UPDATE OF state ON holds BEGIN
     UPDATE ledger_accounts SET held_minor = held_minor - OLD.amount_minor WHERE id = OLD.account_id;
   END`,
  ),
  `CREATE TRIGGER holds_no_update BEFORE UPDATE OF id, bank, account_id, amount_minor, created_at, expires_at,
     code, text_id, merchant_id, counterparty_id, reference_id, payment_id ON holds
   BEGIN SELECT RAISE(ABORT, 'a hold changes its state only'); END`,
  `CREATE TRIGGER holds_no_delete BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 'holds are kept'); END`,
];

/** What few postings say beside their detail, so that the others have no bytes for it. */
const NOTES = [
  `CREATE TABLE posting_notes (
     account_id INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     end_to_end_id TEXT,
     unit_currency TEXT,
     quoted_currency TEXT,
     rate TEXT,
     instructed_minor INTEGER,
     instructed_currency TEXT,
     PRIMARY KEY (account_id, seq),
     FOREIGN KEY (account_id, seq) REFERENCES postings (account_id, seq)
   ) STRICT, WITHOUT ROWID`,
  ...appendOnly({ table: 'posting_notes', key: ['account_id', 'seq'], because: 'the ledger is append-only' }),
];

export const ledgerMigrations: ModuleMigrations = {
  module: 'bank-ledger',
  steps: {
    '001-ledger': async (tx) => {
      for (const sql of [...ACCOUNTS, ...DICTIONARIES, ...POSTINGS, ...HOLDS, ...KEPT_BALANCES, ...CHECKS_ON_POSTGRES])
        await tx.run(sql);
    },
    '002-notes': async (tx) => {
      for (const sql of NOTES) await tx.run(sql);
    },
    '003-holds-expired': async (tx) => {
      await tx.run("CREATE INDEX holds_expired ON holds (bank, expires_at) WHERE state = 'expired'");
    },
    // The sum that is compared at every hold is read from the index alone: a file of payments has thousands open at once.
    '004-holds-summed': async (tx) => {
      await tx.run("CREATE INDEX holds_summed ON holds (account_id, amount_minor) WHERE state = 'held'");
    },
    '005-bulk': async (tx) => {
      for (const sql of BULK) await tx.run(sql);
    },
  },
};
