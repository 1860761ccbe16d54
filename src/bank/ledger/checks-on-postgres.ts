import { onlyOn } from '../../storage/index.js';

/**
 * The ledger's own checks as PostgreSQL says them: the same promises as the triggers of SQLite in migrations.ts, for
 * whole statements at once, so that rows that come by COPY are checked as single ones are and nothing is ever switched
 * off. `pg_trigger_depth()` is 1 in a trigger that a caller's own statement fired and more in one that a trigger fired.
 */
const refuse = (message: string): string =>
  `RAISE EXCEPTION USING MESSAGE = '${message}', ERRCODE = 'check_violation';`;

const functionOf = (name: string, body: string): string =>
  `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN ${body} END $body$`;

const ENTRIES = [
  // What is open may be open until COMMIT: the constraint then looks at the row as it stands.
  functionOf(
    'entries_closed',
    `IF (SELECT open_minor FROM entries WHERE id = NEW.id) <> 0 THEN
       ${refuse('the postings of an entry sum to zero')}
     END IF;
     RETURN NULL;`,
  ),
  `CREATE CONSTRAINT TRIGGER entries_closed AFTER INSERT OR UPDATE ON entries DEFERRABLE INITIALLY DEFERRED
   FOR EACH ROW WHEN (NEW.open_minor <> 0) EXECUTE FUNCTION entries_closed()`,
  functionOf('entries_new', refuse('an entry begins new and without postings')),
  `CREATE TRIGGER entries_new BEFORE INSERT ON entries FOR EACH ROW
   WHEN (NEW.open_minor <> 0 OR NEW.counted_account IS NOT NULL) EXECUTE FUNCTION entries_new()`,
  functionOf(
    'entries_open',
    `IF pg_trigger_depth() < 2 THEN ${refuse('an entry is balanced by postings only')} END IF; RETURN NEW;`,
  ),
  `CREATE TRIGGER entries_open BEFORE UPDATE OF open_minor, counted_account ON entries
   FOR EACH ROW EXECUTE FUNCTION entries_open()`,
];

/** Each line follows the one before it in its account: in this statement, or the account's last. */
const LINES = `
  SELECT account_id, seq, entry_id, booked_at, amount_minor, balance_minor, text_id,
    lag(seq) OVER line AS last_seq, lag(balance_minor) OVER line AS last_balance, lag(booked_at) OVER line AS last_at
  FROM booked WINDOW line AS (PARTITION BY account_id ORDER BY seq)`;

const misfit = (outOfTime: string): string => `
  SELECT 1 FROM (${LINES}) AS line
  LEFT JOIN ledger_accounts AS account ON account.id = line.account_id
  LEFT JOIN entries AS entry ON entry.id = line.entry_id
  WHERE account.id IS NULL OR entry.id IS NULL
    OR account.bank <> entry.bank OR account.currency <> entry.currency
    OR line.seq <> coalesce(line.last_seq, account.last_seq) + 1
    OR line.balance_minor <> coalesce(line.last_balance, account.booked_minor) + line.amount_minor
    OR ${outOfTime}
    OR (account.kind = 'customer'
      AND (line.text_id IS NULL OR line.booked_at < coalesce(line.last_at, account.last_booked_at)))`;

const UNKNOWN_DETAIL = `
  SELECT 1 FROM (SELECT DISTINCT text_id AS id FROM booked UNION SELECT DISTINCT reference_id FROM booked) AS used
  WHERE id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_texts WHERE ledger_texts.id = used.id)
  UNION ALL
  SELECT 1 FROM (SELECT DISTINCT merchant_id AS id FROM booked) AS used
  WHERE id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_merchants WHERE ledger_merchants.id = used.id)
  UNION ALL
  SELECT 1 FROM (SELECT DISTINCT counterparty_id AS id FROM booked) AS used
  WHERE id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_counterparties WHERE ledger_counterparties.id = used.id)`;

/** `outOfTime`: whether a line (`line.booked_at`) lies outside its entry. */
export const bookPostings = (outOfTime: string): string =>
  functionOf(
    'postings_book',
    `IF EXISTS (${misfit(outOfTime)}) THEN
       ${refuse('a posting must fit its account and its entry: bank, currency, sequence, balance, time')}
     END IF;
     IF EXISTS (${UNKNOWN_DETAIL}) THEN ${refuse('a posting says what stands in the dictionaries')} END IF;
     UPDATE entries SET open_minor = entries.open_minor + part.change
     FROM (SELECT entry_id, sum(amount_minor)::bigint AS change FROM booked
           GROUP BY entry_id HAVING sum(amount_minor) <> 0) AS part
     WHERE entries.id = part.entry_id;
     UPDATE ledger_accounts SET booked_minor = line.balance_minor, last_seq = line.seq,
       last_booked_at = greatest(ledger_accounts.last_booked_at, part.latest)
     FROM (SELECT account_id, max(seq) AS seq, max(booked_at) AS latest FROM booked GROUP BY account_id) AS part
       JOIN postings AS line ON line.account_id = part.account_id AND line.seq = part.seq
     WHERE ledger_accounts.id = part.account_id;
     RETURN NULL;`,
  );

const POSTINGS = [
  bookPostings('line.booked_at <> entry.booked_at'),
  // A month of a bank's history is sorted in memory.
  `ALTER FUNCTION postings_book() SET work_mem = '64MB'`,
  `CREATE TRIGGER postings_book AFTER INSERT ON postings REFERENCING NEW TABLE AS booked
   FOR EACH STATEMENT EXECUTE FUNCTION postings_book()`,
];

const BALANCES = [
  functionOf(
    'ledger_accounts_balance',
    `IF pg_trigger_depth() < 2 OR NOT EXISTS (
       SELECT 1 FROM postings
       WHERE account_id = NEW.id AND seq = NEW.last_seq AND balance_minor = NEW.booked_minor
         AND NEW.last_seq > OLD.last_seq AND NEW.last_booked_at >= greatest(OLD.last_booked_at, booked_at))
     THEN ${refuse('a balance changes by postings only')} END IF;
     RETURN NEW;`,
  ),
  `CREATE TRIGGER ledger_accounts_balance BEFORE UPDATE OF booked_minor, last_seq, last_booked_at ON ledger_accounts
   FOR EACH ROW EXECUTE FUNCTION ledger_accounts_balance()`,
];

/** Several holds may end in one statement, and row triggers see all of it: what is held is summed, not counted down. */
const HELD = (account: string): string =>
  `UPDATE ledger_accounts SET held_minor = (
     SELECT coalesce(sum(amount_minor), 0) FROM holds WHERE account_id = ${account} AND state = 'held')
   WHERE id = ${account}; RETURN NULL;`;

const HOLDS = [
  functionOf('holds_count', HELD('NEW.account_id')),
  `CREATE TRIGGER holds_count AFTER INSERT ON holds FOR EACH ROW EXECUTE FUNCTION holds_count()`,
  functionOf('holds_uncount', HELD('OLD.account_id')),
  `CREATE TRIGGER holds_uncount AFTER UPDATE OF state ON holds FOR EACH ROW EXECUTE FUNCTION holds_uncount()`,
];

export const CHECKS_ON_POSTGRES: readonly string[] = [...ENTRIES, ...POSTINGS, ...BALANCES, ...HOLDS].map((sql) =>
  onlyOn('postgresql', sql),
);
