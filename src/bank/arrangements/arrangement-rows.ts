import type { IdScheme } from '../../kernel/index.js';
import { nextId, type SqlReader, type SqlTransaction } from '../../storage/index.js';
import type { AccountId } from '../accounts/index.js';
import type { ArrangementId, NewArrangement, ArrangedPayee } from './arrangement.js';

export type StoredArrangement = NewArrangement & { readonly id: ArrangementId };

interface ArrangementRow {
  readonly id: string;
  readonly payee: string;
  readonly reference: string | null;
  readonly recurring: string | null;
}

export async function insertArrangement(tx: SqlTransaction, ids: IdScheme, arrangement: NewArrangement): Promise<void> {
  const { accountId, kind, payee, reference, recurring } = arrangement;
  await tx.run(
    'INSERT INTO arrangements (id, account_id, kind, payee, reference, recurring) VALUES (?, ?, ?, ?, ?, ?)',
    [
      await nextId(tx, ids, 'schedule'),
      accountId,
      kind,
      JSON.stringify(payee),
      reference ?? null,
      recurring === undefined ? null : JSON.stringify(recurring),
    ],
  );
}

export async function selectArrangements(
  sql: SqlReader,
  accountId: AccountId,
  kind: NewArrangement['kind'],
): Promise<readonly StoredArrangement[]> {
  const rows = await sql.all<ArrangementRow>(
    'SELECT id, payee, reference, recurring FROM arrangements WHERE account_id = ? AND kind = ? ORDER BY id',
    [accountId, kind],
  );
  return rows.map(({ id, payee, reference, recurring }) => ({
    id,
    accountId,
    kind,
    payee: JSON.parse(payee) as ArrangedPayee,
    ...(reference !== null && { reference }),
    ...(recurring !== null && { recurring: JSON.parse(recurring) as NonNullable<NewArrangement['recurring']> }),
  }));
}
