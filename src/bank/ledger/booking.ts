import { assert, SandbankError, type Currency, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import { writeAtOnce, type BookWriter } from './book-writer.js';
import { createDictionaryWriter, NO_DETAIL, type DictionaryWriter } from './dictionaries.js';
import { hasNote, insertNote } from './notes.js';
import type { Entry, LedgerAccountId, Posting } from './posting.js';

interface AccountState {
  readonly id: LedgerAccountId;
  readonly bank: string;
  readonly currency: Currency;
  readonly isCustomers: boolean;
  readonly heldMinor: bigint;
  readonly overdraftLimitMinor: bigint;
  bookedMinor: bigint;
  lastSeq: number;
  lastBookedAt: number;
}

interface AccountRow {
  readonly bank: string;
  readonly currency: string;
  readonly kind: 'customer' | 'internal';
  readonly booked_minor: bigint;
  readonly held_minor: bigint;
  readonly overdraft_limit_minor: bigint;
  readonly last_seq: bigint;
  readonly last_booked_at: bigint;
}

/** Books entries within one transaction, holding the state of every account it has met. */
export interface Booking {
  /** Gives the sequence number of each posting in its account. Refuses before it has written anything. */
  book(entry: Entry, force: boolean): Promise<readonly number[]>;
}

export async function createBooking(tx: SqlTransaction, writer: BookWriter = writeAtOnce(tx)): Promise<Booking> {
  const accounts = new Map<LedgerAccountId, AccountState>();
  const dictionary = createDictionaryWriter(tx);
  const last = await tx.get<{ id: bigint | null }>('SELECT max(id) AS id FROM entries');
  let entryId = Number(last?.id ?? 0);

  const stateOf = async (id: LedgerAccountId): Promise<AccountState> => {
    const known = accounts.get(id);
    if (known) return known;
    const state = await loadState(tx, id);
    accounts.set(id, state);
    return state;
  };

  return {
    async book(entry, force) {
      assertBalanced(entry);
      const states: AccountState[] = [];
      for (const { account } of entry.postings) states.push(await stateOf(account));
      for (const [index, state] of states.entries()) assertFits(entry, entry.postings[index], state);
      if (!force) refuseOverdrawing(entry, states);
      entryId += 1;
      await writer.entry([entryId, entry.bank, entry.currency, entry.bookedAt]);
      const sequence: number[] = [];
      for (const [index, posting] of entry.postings.entries()) {
        const state = states[index];
        assert(state, 'a state for every posting');
        await insertPosting({ tx, writer, dictionary, entryId, bookedAt: entry.bookedAt }, posting, state);
        sequence.push(state.lastSeq);
      }
      return sequence;
    },
  };
}

interface PostingContext {
  readonly tx: SqlTransaction;
  readonly writer: BookWriter;
  readonly dictionary: DictionaryWriter;
  readonly entryId: number;
  readonly bookedAt: Instant;
}

async function insertPosting(context: PostingContext, posting: Posting, state: AccountState): Promise<void> {
  const { tx, writer, dictionary, entryId, bookedAt } = context;
  const detail = posting.detail ? await dictionary.columns(posting.detail) : NO_DETAIL;
  state.bookedMinor += posting.amountMinor;
  state.lastSeq += 1;
  state.lastBookedAt = Math.max(state.lastBookedAt, bookedAt);
  await writer.posting([state.id, state.lastSeq, entryId, bookedAt, posting.amountMinor, state.bookedMinor, ...detail]);
  const { detail: told } = posting;
  if (told && hasNote(told)) {
    const place = { account: state.id, seq: state.lastSeq };
    await writer.afterPostings(() => insertNote(tx, place, told));
  }
}

async function loadState(sql: SqlReader, id: LedgerAccountId): Promise<AccountState> {
  const row = await sql.get<AccountRow>(
    `SELECT bank, currency, kind, booked_minor, held_minor, overdraft_limit_minor, last_seq, last_booked_at
     FROM ledger_accounts WHERE id = ?`,
    [id],
  );
  assert(row, `ledger account ${id} exists`);
  return {
    id,
    bank: row.bank,
    currency: row.currency,
    isCustomers: row.kind === 'customer',
    heldMinor: row.held_minor,
    overdraftLimitMinor: row.overdraft_limit_minor,
    bookedMinor: row.booked_minor,
    lastSeq: Number(row.last_seq),
    lastBookedAt: Number(row.last_booked_at),
  };
}

function assertBalanced(entry: Entry): void {
  assert(entry.postings.length >= 2, 'an entry has two sides');
  let sum = 0n;
  for (const { amountMinor } of entry.postings) sum += amountMinor;
  assert(sum === 0n, `postings sum to zero, not to ${sum.toString()}`);
}

/** The database checks the same at each insert; here the message can say which account it was. */
function assertFits(entry: Entry, posting: Posting | undefined, state: AccountState): void {
  assert(
    state.bank === entry.bank && state.currency === entry.currency,
    `ledger account ${state.id} is of ${state.bank} in ${state.currency}, the entry of ${entry.bank} in ${entry.currency}`,
  );
  if (!state.isCustomers) return;
  assert(posting?.detail, `a posting that a customer sees says what it is (ledger account ${state.id})`);
  assert(
    entry.bookedAt >= state.lastBookedAt,
    `ledger account ${state.id} is booked in order of time: ${entry.bookedAt} comes after ${state.lastBookedAt}`,
  );
}

function refuseOverdrawing(entry: Entry, states: readonly AccountState[]): void {
  const changes = new Map<AccountState, bigint>();
  for (const [index, state] of states.entries()) {
    changes.set(state, (changes.get(state) ?? 0n) + (entry.postings[index]?.amountMinor ?? 0n));
  }
  for (const [state, change] of changes) {
    if (state.isCustomers && change < 0n) refuseBelowLimit(state, -change);
  }
}

/** Throws `payment.insufficient-funds` where a debit would go below the arranged limit. */
export function refuseBelowLimit(
  state: { readonly bookedMinor: bigint; readonly heldMinor: bigint; readonly overdraftLimitMinor: bigint },
  debitMinor: bigint,
): void {
  if (state.bookedMinor - state.heldMinor + state.overdraftLimitMinor >= debitMinor) return;
  throw new SandbankError('payment.insufficient-funds', 'There is not enough money on the account.');
}
