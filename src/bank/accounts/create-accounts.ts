import { assert, SandbankError, type Clock, type IdScheme } from '../../kernel/index.js';
import { nextId, type SqlTransaction, type Storage } from '../../storage/index.js';
import type { EventLog } from '../events/index.js';
import type { Ledger } from '../ledger/index.js';
import type { BankProfile } from '../profile.js';
import type { Account, AccountIdentifier, NewAccount } from './account.js';
import {
  insertAccount,
  selectAccount,
  selectAccountIdByIdentifier,
  selectAccountIdsOfParty,
  selectAccountsByLedger,
  type AccountParts,
} from './account-rows.js';
import type { Accounts } from './accounts.js';
import { drawIdentifiers, isOfBank, normaliseIdentification } from './national-identifiers.js';

export interface AccountsOptions {
  readonly profile: BankProfile;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: IdScheme;
  readonly ledger: Ledger;
  readonly events: EventLog;
}

/** Identifiers and holders never change: they are read once. */
const PARTS_REMEMBERED = 2_000;

export function createAccounts(options: AccountsOptions): Accounts {
  const { profile, storage, clock, ids, ledger, events } = options;
  const bank = profile.id;
  const parts = new Map<string, AccountParts>();

  const accounts: Accounts = {
    async open(tx, request) {
      const required = request.signatories?.required ?? 1;
      assert(required >= 1 && required <= Math.max(1, request.holders.length), 'as many holders as have to sign');
      const identifiers = request.identifiers
        ? request.identifiers.map(normalised)
        : await drawIdentifiers(tx, {
            hasCard: request.product.type === 'credit-card',
            profile,
            ids,
            holderName: request.holderName,
            isTaken: async (identifier) => (await selectAccountIdByIdentifier(tx, bank, identifier)) !== undefined,
          });
      for (const identifier of identifiers) await refuseTaken(tx, bank, identifier);
      const account = await toAccount(tx, { ...options, identifiers }, request);
      await insertAccount(tx, account);
      await events.append(tx, {
        type: 'account.opened',
        subject: account.id,
        at: account.openedAt,
        data: { product: account.product.id, holders: account.holders.map(({ partyId }) => partyId) },
      });
      return account;
    },
    async get(id, sql = storage.read) {
      const isCommitted = sql === storage.read;
      const account = await selectAccount(sql, { bank, id, known: isCommitted ? parts.get(id) : undefined });
      if (account && isCommitted) {
        if (parts.size >= PARTS_REMEMBERED) parts.clear();
        parts.set(id, account);
      }
      if (!account) throw new SandbankError('account.not-found', 'There is no such account.', { actual: id });
      return account;
    },
    async byIdentifier({ scheme, identification }, sql = storage.read) {
      const wanted = { scheme, identification: normaliseIdentification(identification) };
      const id = await selectAccountIdByIdentifier(sql, bank, wanted);
      return id === undefined ? undefined : accounts.get(id, sql);
    },
    async ofParty(id) {
      const found: Account[] = [];
      for (const accountId of await selectAccountIdsOfParty(storage.read, bank, id)) {
        found.push(await accounts.get(accountId));
      }
      return found;
    },
    ofLedger: (keys, sql = storage.read) => selectAccountsByLedger(sql, profile.id, keys),
    async balance(id) {
      const { ledgerAccount } = await accounts.get(id);
      const { currency, bookedMinor, heldMinor, overdraftLimitMinor } = await ledger.balance(
        storage.read,
        ledgerAccount,
      );
      return { currency, bookedMinor, availableMinor: bookedMinor - heldMinor, overdraftLimitMinor, at: clock.now() };
    },
    async close(tx, id) {
      const account = await accounts.get(id, tx);
      if (account.status === 'closed') throw new SandbankError('account.closed', 'This account is already closed.');
      const at = clock.now();
      await tx.run('UPDATE accounts SET closed_at = ? WHERE id = ?', [at, id]);
      await events.append(tx, { type: 'account.closed', subject: id, at, data: {} });
    },
    isOfBank: (identifier) => isOfBank(profile, identifier),
  };
  return accounts;
}

async function toAccount(
  tx: SqlTransaction,
  context: AccountsOptions & { readonly identifiers: readonly AccountIdentifier[] },
  request: NewAccount,
): Promise<Account> {
  const { overdraftLimitMinor, identifiers: _given, ...described } = request;
  return {
    ...described,
    id: await nextId(tx, context.ids, 'account'),
    bank: context.profile.id,
    ledgerAccount: await context.ledger.openAccount(tx, { currency: request.currency, overdraftLimitMinor }),
    status: 'open',
    identifiers: context.identifiers,
  };
}

function normalised(identifier: AccountIdentifier): AccountIdentifier {
  return { ...identifier, identification: normaliseIdentification(identifier.identification) };
}

async function refuseTaken(tx: SqlTransaction, bank: string, identifier: AccountIdentifier): Promise<void> {
  if ((await selectAccountIdByIdentifier(tx, bank, identifier)) === undefined) return;
  throw new SandbankError('account.unsupported-identifier', 'Another account of this bank has this identifier.', {
    actual: identifier.identification,
  });
}
