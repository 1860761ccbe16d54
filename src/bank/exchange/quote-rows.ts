import { instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { Quote } from './exchange.js';

interface QuoteRow {
  readonly id: string;
  readonly sell: string;
  readonly buy: string;
  readonly rate: bigint;
  readonly made_at: bigint;
  readonly valid_until: bigint;
}

export async function insertQuote(tx: SqlTransaction, bank: string, quote: Quote): Promise<void> {
  await tx.run(
    'INSERT INTO exchange_quotes (id, bank, sell, buy, rate, made_at, valid_until) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [quote.id, bank, quote.sell, quote.buy, quote.rate, quote.madeAt, quote.validUntil],
  );
}

export async function selectQuote(sql: SqlReader, bank: string, id: string): Promise<Quote | undefined> {
  const row = await sql.get<QuoteRow>(
    'SELECT id, sell, buy, rate, made_at, valid_until FROM exchange_quotes WHERE id = ? AND bank = ?',
    [id, bank],
  );
  return (
    row && {
      id: row.id,
      sell: row.sell,
      buy: row.buy,
      rate: row.rate,
      madeAt: instant(Number(row.made_at)),
      validUntil: instant(Number(row.valid_until)),
    }
  );
}
