import { instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { LedgerAccountId } from '../ledger/index.js';
import type { PartyId } from '../parties/index.js';
import type { Account, AccountHolder, AccountId, AccountIdentifier, AccountType, Product } from './account.js';

interface AccountRow {
  readonly id: string;
  readonly bank: string;
  readonly ledger_account: bigint;
  readonly product_id: string;
  readonly product_name: string;
  readonly product_type: string;
  readonly product_category: string;
  readonly currency: string;
  readonly nickname: string | null;
  readonly holder_name: string;
  readonly opened_at: bigint;
  readonly closed_at: bigint | null;
  readonly signatories_required: bigint;
  readonly payee_checks_off: bigint;
}

interface IdentifierRow {
  readonly scheme: string;
  readonly identification: string;
  readonly name: string | null;
  readonly secondary: string | null;
}

/** What is written when an account is opened and never again. */
export type AccountParts = Pick<Account, 'identifiers' | 'holders'>;

/** `known` are parts that were read before, by a reader of committed rows. */
export async function selectAccount(
  sql: SqlReader,
  { bank, id, known }: { readonly bank: string; readonly id: AccountId; readonly known?: AccountParts | undefined },
): Promise<Account | undefined> {
  const row = await sql.get<AccountRow>('SELECT * FROM accounts WHERE id = ? AND bank = ?', [id, bank]);
  if (!row) return undefined;
  const { identifiers, holders } = known ?? (await selectParts(sql, id));
  return toAccount(row, identifiers, holders);
}

async function selectParts(sql: SqlReader, id: AccountId): Promise<AccountParts> {
  const identifiers = await sql.all<IdentifierRow>(
    'SELECT scheme, identification, name, secondary FROM account_identifiers WHERE account_id = ? ORDER BY position',
    [id],
  );
  const holders = await sql.all<AccountHolder>(
    'SELECT party_id AS "partyId", role FROM account_holders WHERE account_id = ? ORDER BY position',
    [id],
  );
  return {
    identifiers: identifiers.map(toIdentifier),
    holders: holders.map(({ partyId, role }) => ({ partyId, role })),
  };
}

export async function selectAccountIdByIdentifier(
  sql: SqlReader,
  bank: string,
  identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>,
): Promise<AccountId | undefined> {
  const row = await sql.get<{ account_id: string }>(
    'SELECT account_id FROM account_identifiers WHERE bank = ? AND scheme = ? AND identification = ?',
    [bank, identifier.scheme, identifier.identification],
  );
  return row?.account_id;
}

/** In the order in which they were opened: row numbers of the ledger only grow. */
export async function selectAccountIdsOfParty(
  sql: SqlReader,
  bank: string,
  party: PartyId,
): Promise<readonly AccountId[]> {
  const rows = await sql.all<{ id: string }>(
    `SELECT accounts.id FROM account_holders JOIN accounts ON accounts.id = account_holders.account_id
     WHERE account_holders.party_id = ? AND accounts.bank = ? ORDER BY accounts.ledger_account`,
    [party, bank],
  );
  return rows.map(({ id }) => id);
}

/** In the order in which they were opened. */
export async function selectAccountsByLedger(
  sql: SqlReader,
  bank: string,
  keys: readonly LedgerAccountId[],
): Promise<ReadonlyMap<LedgerAccountId, Pick<Account, 'id' | 'closedAt'>>> {
  // One by one, by the unique index: few are asked for at once, and a list of any length would be a text of its own.
  const rows: Pick<AccountRow, 'id' | 'ledger_account' | 'closed_at'>[] = [];
  for (const key of [...new Set(keys)].sort((one, other) => one - other)) {
    const row = await sql.get<(typeof rows)[number]>(
      'SELECT id, ledger_account, closed_at FROM accounts WHERE bank = ? AND ledger_account = ?',
      [bank, key],
    );
    if (row) rows.push(row);
  }
  return new Map(
    rows.map((row) => [
      Number(row.ledger_account),
      { id: row.id, ...(row.closed_at !== null && { closedAt: instant(Number(row.closed_at)) }) },
    ]),
  );
}

export async function insertAccount(tx: SqlTransaction, account: Account): Promise<void> {
  const { product } = account;
  await tx.run(
    `INSERT INTO accounts (id, bank, ledger_account, product_id, product_name, product_type, product_category,
       currency, nickname, holder_name, opened_at, signatories_required,
       payee_checks_off)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      account.id,
      account.bank,
      account.ledgerAccount,
      product.id,
      product.name,
      product.type,
      product.category,
      account.currency,
      account.nickname ?? null,
      account.holderName,
      account.openedAt,
      account.signatories?.required ?? 1,
      account.optedOutOfPayeeChecks ? 1 : 0,
    ],
  );
  for (const [position, identifier] of account.identifiers.entries()) {
    const { scheme, identification, name, secondaryIdentification } = identifier;
    await tx.run(
      `INSERT INTO account_identifiers (account_id, position, bank, scheme, identification, name, secondary)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [account.id, position, account.bank, scheme, identification, name ?? null, secondaryIdentification ?? null],
    );
  }
  for (const [position, holder] of account.holders.entries()) {
    await tx.run('INSERT INTO account_holders (account_id, position, party_id, role) VALUES (?, ?, ?, ?)', [
      account.id,
      position,
      holder.partyId,
      holder.role,
    ]);
  }
}

function toAccount(
  row: AccountRow,
  identifiers: readonly AccountIdentifier[],
  holders: readonly AccountHolder[],
): Account {
  return {
    id: row.id,
    bank: row.bank,
    ledgerAccount: Number(row.ledger_account),
    product: {
      id: row.product_id,
      name: row.product_name,
      type: row.product_type as AccountType,
      category: row.product_category as Product['category'],
    },
    currency: row.currency,
    status: row.closed_at === null ? 'open' : 'closed',
    ...(row.nickname !== null && { nickname: row.nickname }),
    holderName: row.holder_name,
    identifiers,
    openedAt: instant(Number(row.opened_at)),
    ...(row.closed_at !== null && { closedAt: instant(Number(row.closed_at)) }),
    holders,
    ...(row.payee_checks_off === 1n && { optedOutOfPayeeChecks: true }),
    ...(row.signatories_required > 1n && { signatories: { required: Number(row.signatories_required) } }),
  };
}

function toIdentifier(row: IdentifierRow): AccountIdentifier {
  return {
    scheme: row.scheme as AccountIdentifier['scheme'],
    identification: row.identification,
    ...(row.name !== null && { name: row.name }),
    ...(row.secondary !== null && { secondaryIdentification: row.secondary }),
  };
}
