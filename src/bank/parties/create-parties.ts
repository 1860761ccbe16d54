import { instant, SandbankError, wallClock, type Clock, type IdScheme } from '../../kernel/index.js';
import { nextId, type SqlTransaction, type Storage } from '../../storage/index.js';
import type { BankProfile } from '../profile.js';
import { createCodeGuard, createLoginGuard, type CodeGuard } from './login-guard.js';
import type { NewCredential, NewParty, Party, PartyId, PostalAddress, TestCustomer } from './party.js';
import { hashPassword, isPassword, NOBODY } from './passwords.js';

/** People and businesses of one bank, and how they prove who they are. */
export interface Parties {
  /** Throws `field.invalid` where the customer number is taken. */
  add(tx: SqlTransaction, party: NewParty, credential: NewCredential): Promise<Party>;
  /** Throws `party.not-found`. */
  get(id: PartyId): Promise<Party>;
  /** In the order in which they came. */
  list(): Promise<readonly Party[]>;
  /** Those of persona files: a drawn population is too long to be listed. */
  testCustomers(): Promise<readonly TestCustomer[]>;
  byCustomerNumber(customerNumber: string): Promise<Party | undefined>;
  /**
   * First factor. Throws `credentials.invalid` in the same time and words whether or not the customer exists, and
   * `credentials.locked` for 15 minutes of wall time after five failures. Not inside a transaction.
   */
  verifyLogin(login: { readonly customerNumber: string; readonly password: string }): Promise<PartyId>;
  /** Wrong one-time codes in a row: five lock the customer out for 15 minutes of wall time. */
  readonly codes: CodeGuard;
}

/** What parties need to know of accounts: the list printed beside a test customer. */
export interface PartyAccounts {
  ofParty(id: PartyId): Promise<
    readonly {
      readonly id: string;
      readonly product: { readonly name: string };
      readonly identifiers: readonly { readonly identification: string }[];
    }[]
  >;
}

export interface PartiesOptions {
  readonly bank: BankProfile;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: IdScheme;
  readonly accounts: PartyAccounts;
  /** Proof freshness; wall time unless a test says otherwise. */
  readonly wall?: Clock;
}

interface PartyRow {
  readonly id: string;
  readonly bank: string;
  readonly persona: string | null;
  readonly kind: Party['kind'];
  readonly name: string;
  readonly full_legal_name: string;
  readonly email: string;
  readonly mobile: string;
  readonly address: string;
  readonly story: string;
  readonly created_at: bigint;
}

interface CredentialRow {
  readonly party_id: string;
  readonly customer_number: string;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly test_password: string;
}

const CREDENTIAL = 'SELECT * FROM credentials WHERE bank = ? AND customer_number = ?';

/** Parties of one bank, in its database. */
export function createParties(options: PartiesOptions): Parties {
  const { storage, ids, accounts } = options;
  const bank = options.bank.id;
  const { wall = wallClock } = options;
  const logins = createLoginGuard({ bank, storage, wall });

  const parties: Parties = {
    codes: createCodeGuard({ bank, wall }),
    async add(tx, request, credential) {
      if (await tx.get(CREDENTIAL, [bank, credential.customerNumber])) {
        throw new SandbankError('field.invalid', 'Another customer has this customer number.', {
          actual: credential.customerNumber,
        });
      }
      const { story = '', ...described } = request;
      const party: Party = { ...described, id: await nextId(tx, ids, 'party'), bank };
      await insertParty(tx, party, story);
      const { salt, hash } = credential.hashed ?? (await hashPassword(credential.password));
      await tx.run(
        `INSERT INTO credentials (bank, customer_number, party_id, salt, hash, test_password) VALUES (?, ?, ?, ?, ?, ?)`,
        [bank, credential.customerNumber, party.id, salt, hash, credential.password],
      );
      return party;
    },
    async get(id) {
      const row = await storage.read.get<PartyRow>('SELECT * FROM parties WHERE bank = ? AND id = ?', [bank, id]);
      if (!row) throw new SandbankError('party.not-found', 'There is no such customer.', { actual: id });
      return toParty(row);
    },
    async list() {
      const rows = await storage.read.all<PartyRow>('SELECT * FROM parties WHERE bank = ? ORDER BY sequence', [bank]);
      return rows.map(toParty);
    },
    async testCustomers() {
      const rows = await storage.read.all<PartyRow & CredentialRow>(
        `SELECT parties.*, credentials.party_id, credentials.customer_number, credentials.test_password
         FROM parties JOIN credentials ON credentials.party_id = parties.id
         WHERE parties.bank = ? AND parties.persona IS NOT NULL ORDER BY credentials.customer_number`,
        [bank],
      );
      const customers: TestCustomer[] = [];
      for (const row of rows) customers.push(toTestCustomer(row, await accounts.ofParty(row.id)));
      return customers;
    },
    async byCustomerNumber(customerNumber) {
      const row = await storage.read.get<CredentialRow>(CREDENTIAL, [bank, customerNumber]);
      return row && parties.get(row.party_id);
    },
    async verifyLogin({ customerNumber, password }) {
      const partyId = await logins.guard(customerNumber, async () => {
        const row = await storage.read.get<CredentialRow>(CREDENTIAL, [bank, customerNumber]);
        const isRight = await isPassword(password, row ?? NOBODY);
        return row && isRight ? row.party_id : undefined;
      });
      if (partyId === undefined) {
        throw new SandbankError('credentials.invalid', 'The customer number or the password is wrong.');
      }
      return partyId;
    },
  };
  return parties;
}

async function insertParty(tx: SqlTransaction, party: Party, story: string): Promise<void> {
  await tx.run(
    `INSERT INTO parties (id, bank, persona, kind, name, full_legal_name, email, mobile, address, story, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      party.id,
      party.bank,
      party.persona ?? null,
      party.kind,
      party.name,
      party.fullLegalName,
      party.email,
      party.mobile,
      JSON.stringify(party.address),
      story,
      party.createdAt,
    ],
  );
}

function toParty(row: PartyRow): Party {
  return {
    id: row.id,
    bank: row.bank,
    ...(row.persona !== null && { persona: row.persona }),
    kind: row.kind,
    name: row.name,
    fullLegalName: row.full_legal_name,
    email: row.email,
    mobile: row.mobile,
    address: JSON.parse(row.address) as PostalAddress,
    createdAt: instant(Number(row.created_at)),
  };
}

function toTestCustomer(
  row: PartyRow & CredentialRow,
  accounts: Awaited<ReturnType<PartyAccounts['ofParty']>>,
): TestCustomer {
  return {
    partyId: row.id,
    ...(row.persona !== null && { persona: row.persona }),
    name: row.name,
    story: row.story,
    customerNumber: row.customer_number,
    password: row.test_password,
    accounts: accounts.map(({ id, product, identifiers }) => ({
      id,
      identification: identifiers[0]?.identification ?? '',
      product: product.name,
    })),
  };
}
