import { assert } from '../../kernel/index.js';
import type { SqlTransaction, SqlValue } from '../../storage/index.js';
import type { Counterparty, Merchant, PostingDetail } from './posting.js';
import { toCodeNumber } from './transaction-codes.js';

/** A detail as its columns: code, text_id, merchant_id, counterparty_id, reference_id, payment_id. */
export type DetailColumns = readonly [SqlValue, SqlValue, SqlValue, SqlValue, SqlValue, SqlValue];

export const NO_DETAIL: DetailColumns = [null, null, null, null, null, null];

/**
 * Puts texts, merchants and counterparties into their dictionaries and gives their keys. It remembers them for as long
 * as it lives, which is one transaction: a key learnt in a transaction that is rolled back must not outlive it.
 */
export interface DictionaryWriter {
  columns(detail: PostingDetail): Promise<DetailColumns>;
}

export function createDictionaryWriter(tx: SqlTransaction): DictionaryWriter {
  const known = new Map<string, bigint>();

  const keyOf = async (table: string, columns: readonly string[], values: readonly string[]): Promise<bigint> => {
    const memory = `${table}\u0000${values.join('\u0000')}`;
    const remembered = known.get(memory);
    if (remembered !== undefined) return remembered;
    const match = columns.map((column) => `${column} = ?`).join(' AND ');
    const marks = columns.map(() => '?').join(', ');
    const row =
      (await tx.get<{ id: bigint }>(`SELECT id FROM ${table} WHERE ${match}`, values)) ??
      (await tx.get<{ id: bigint }>(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks}) RETURNING id`,
        values,
      ));
    assert(row, `a key in ${table}`);
    known.set(memory, row.id);
    return row.id;
  };
  const text = (value: string): Promise<bigint> => keyOf('ledger_texts', ['text'], [value]);
  const merchant = ({ name, categoryCode }: Merchant): Promise<bigint> =>
    keyOf('ledger_merchants', ['name', 'category_code'], [name, categoryCode]);
  const counterparty = ({ name, scheme = '', identification = '' }: Counterparty): Promise<bigint> =>
    keyOf('ledger_counterparties', ['name', 'scheme', 'identification'], [name, scheme, identification]);

  return {
    async columns(detail) {
      return [
        toCodeNumber(detail.code),
        await text(detail.text),
        detail.merchant ? await merchant(detail.merchant) : null,
        detail.counterparty ? await counterparty(detail.counterparty) : null,
        detail.reference === undefined ? null : await text(detail.reference),
        detail.paymentId ?? null,
      ];
    },
  };
}
