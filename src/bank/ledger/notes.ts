import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { LedgerAccountId, PostingDetail } from './posting.js';

type Note = Pick<PostingDetail, 'endToEndId' | 'exchange'>;

interface NoteRow {
  readonly seq: bigint;
  readonly end_to_end_id: string | null;
  readonly unit_currency: string | null;
  readonly quoted_currency: string | null;
  readonly rate: string | null;
  readonly instructed_minor: bigint | null;
  readonly instructed_currency: string | null;
}

export function hasNote({ endToEndId, exchange }: Note): boolean {
  return endToEndId !== undefined || exchange !== undefined;
}

/** Keeps what a detail says that has no column of its own on postings. Most details have nothing of the kind (`hasNote`). */
export async function insertNote(
  tx: SqlTransaction,
  posting: { readonly account: LedgerAccountId; readonly seq: number },
  { endToEndId, exchange }: Note,
): Promise<void> {
  await tx.run(
    `INSERT INTO posting_notes (account_id, seq, end_to_end_id, unit_currency, quoted_currency, rate, instructed_minor,
       instructed_currency)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      posting.account,
      posting.seq,
      endToEndId ?? null,
      exchange?.unitCurrency ?? null,
      exchange?.quotedCurrency ?? null,
      exchange?.rate ?? null,
      exchange?.instructed.amountMinor ?? null,
      exchange?.instructed.currency ?? null,
    ],
  );
}

/** The notes of lines that stand next to each other, by sequence number: one look-up for a page. */
export async function readNotes(
  sql: SqlReader,
  account: LedgerAccountId,
  lines: readonly { readonly seq: bigint }[],
): Promise<ReadonlyMap<bigint, Note>> {
  const [one, other] = [lines[0]?.seq, lines.at(-1)?.seq];
  if (one === undefined || other === undefined) return new Map();
  const [first, last] = one < other ? [one, other] : [other, one];
  const rows = await sql.all<NoteRow>('SELECT * FROM posting_notes WHERE account_id = ? AND seq BETWEEN ? AND ?', [
    account,
    first,
    last,
  ]);
  return new Map(rows.map((row) => [row.seq, toNote(row)]));
}

function toNote(row: NoteRow): Note {
  const { unit_currency: unitCurrency, quoted_currency: quotedCurrency, rate } = row;
  const { instructed_minor: amountMinor, instructed_currency: currency } = row;
  const isExchanged = unitCurrency !== null && quotedCurrency !== null && rate !== null;
  return {
    ...(row.end_to_end_id !== null && { endToEndId: row.end_to_end_id }),
    ...(isExchanged &&
      amountMinor !== null &&
      currency !== null && { exchange: { unitCurrency, quotedCurrency, rate, instructed: { amountMinor, currency } } }),
  };
}
