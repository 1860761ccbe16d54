import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { bankMigrations, createBank, type Account, type Bank, type NewParty } from '../../src/bank/index.js';
import { createClock, createIdScheme, MS_PER_DAY, plusMs, type VirtualClock } from '../../src/kernel/index.js';
import { countersMigrations } from '../../src/storage/index.js';
import { ELSEWHERE, keyOf, openTemporaryStorage, PROFILE, START } from './sample-bank.js';

const AMELIA: NewParty = {
  kind: 'person',
  name: 'Ms Amelia Clarke',
  fullLegalName: 'Amelia Jane Clarke',
  email: 'amelia@example.com',
  mobile: '+447700900123',
  address: { streetName: 'Mill Lane', buildingNumber: '4', postCode: 'BS1 4ST', townName: 'Bristol', country: 'GB' },
  createdAt: START,
};
const LOGIN = { customerNumber: '10000001', password: 'correct horse' };

describe('a whole bank', () => {
  let database: Awaited<ReturnType<typeof openTemporaryStorage>>;
  let clock: VirtualClock;
  let bank: Bank;

  beforeEach(async () => {
    database = await openTemporaryStorage();
    await database.storage.migrate([countersMigrations, ...bankMigrations]);
    clock = createClock({ mode: 'frozen', at: START });
    bank = createBank({ profile: PROFILE, storage: database.storage, clock, ids: createIdScheme('whole') });
  });
  afterEach(() => database.close());

  const openAccount = (partyId: string, at: Bank = bank): Promise<Account> =>
    database.storage.transaction(async (tx) => {
      const account = await at.accounts.open(tx, {
        product: { id: 'current', name: 'Current', type: 'current', category: 'personal' },
        currency: 'GBP',
        holderName: 'MS A CLARKE',
        holders: [{ partyId, role: 'sole' }],
        openedAt: START,
        overdraftLimitMinor: 0n,
      });
      const equity = await at.ledger.internal(tx, 'opening-equity', 'GBP');
      const detail = { code: 'opening-balance', text: 'OPENING BALANCE' } as const;
      await at.ledger.post(tx, {
        bank: at.profile.id,
        currency: 'GBP',
        bookedAt: START,
        postings: [
          { account: account.ledgerAccount, amountMinor: 10_000n, detail },
          { account: equity, amountMinor: -10_000n },
        ],
      });
      return account;
    });

  const authorisePayment = async (account: Account): Promise<string> => {
    const instruction = {
      amount: { amountMinor: 2_500n, currency: 'GBP' },
      creditor: ELSEWHERE,
      endToEndId: 'e2e',
      instructionId: 'i',
      rail: 'faster-payments' as const,
    };
    const { value: consent } = await bank.consents.create({
      clientId: 'tpp',
      standard: 'test',
      subject: { kind: 'payment', instruction },
      reauthorisable: false,
      wire: '{}',
    });
    const run = await bank.consents.startAuthorisation(consent.id, 'redirect');
    await bank.consents.authenticate(run.id, LOGIN);
    await bank.consents.chooseAccounts(run.id, [account.id]);
    await bank.consents.sendChallenge(run.id);
    const [message] = await bank.messages.inbox(account.holders[0]!.partyId);
    await bank.consents.answerChallenge(run.id, message!.code!);
    await bank.consents.approve(run.id, 'Pay 25.00 to Larkrise Bakery');
    return consent.id;
  };

  test('takes a payment from the consent through the customer’s code to the other bank, as its clock moves', async () => {
    const amelia = await database.storage.transaction((tx) => bank.parties.add(tx, AMELIA, LOGIN));
    const account = await openAccount(amelia.id);
    const consentId = await authorisePayment(account);
    expect(await bank.payments.fundsAvailable(consentId)).toBe(true);
    const { value } = await bank.payments.submit({ clientId: 'tpp', consentId, wire: '{}' }, keyOf('key'));
    expect(value.status).toBe('received');
    expect((await bank.consents.get(consentId)).status).toBe('consumed');

    clock.moveTo(plusMs(START, MS_PER_DAY));
    expect((await bank.catchUp(clock.now())).map(({ kind, subject }) => [kind, subject])).toEqual(
      Array.from({ length: 4 }, () => ['payment.advance', value.id]),
    );
    expect((await bank.payments.get(value.id)).status).toBe('credited');
    expect((await bank.accounts.balance(account.id)).bookedMinor).toBe(7_500n);
    expect(await bank.trialBalance()).toMatchObject({ differences: [], unbalancedEntries: 0 });

    const again = bank.payments.submit({ clientId: 'tpp', consentId, wire: '{}' }, keyOf('another key'));
    await expect(again).rejects.toMatchObject({ code: 'consent.consumed' });
  });

  test('that is refused a payment keeps the consent as it was', async () => {
    const amelia = await database.storage.transaction((tx) => bank.parties.add(tx, AMELIA, LOGIN));
    const account = await openAccount(amelia.id);
    const consentId = await authorisePayment(account);
    await database.storage.transaction((tx) => bank.accounts.close(tx, account.id));
    const refused = bank.payments.submit({ clientId: 'tpp', consentId, wire: '{}' }, keyOf('key'));
    await expect(refused).rejects.toMatchObject({ code: 'account.closed' });
    expect((await bank.consents.get(consentId)).status).toBe('authorised');
  });

  test('writes proof that cannot be rewritten', async () => {
    const amelia = await database.storage.transaction((tx) => bank.parties.add(tx, AMELIA, LOGIN));
    await authorisePayment(await openAccount(amelia.id));
    for (const sql of [
      "UPDATE consent_evidence SET shown = 'nothing'",
      'DELETE FROM consent_evidence',
      ...(database.storage.dialect === 'postgresql'
        ? ['TRUNCATE consent_evidence', 'TRUNCATE bank_events']
        : [
            "INSERT OR REPLACE INTO consent_evidence SELECT sequence, consent_id, at, 'bank', what, channel, shown FROM consent_evidence",
            "INSERT OR REPLACE INTO bank_events SELECT sequence, bank, 'other', subject, at, data FROM bank_events",
          ]),
    ]) {
      await expect(database.storage.transaction((tx) => tx.run(sql))).rejects.toThrow('append-only');
    }
  });

  test('knows a debtor account however its number is written', async () => {
    const amelia = await database.storage.transaction((tx) => bank.parties.add(tx, AMELIA, LOGIN));
    const account = await openAccount(amelia.id);
    const iban = account.identifiers.find(({ scheme }) => scheme === 'iban')!;
    const { value: consent } = await bank.consents.create({
      clientId: 'tpp',
      standard: 'test',
      subject: {
        kind: 'payment',
        instruction: {
          amount: { amountMinor: 1n, currency: 'GBP' },
          creditor: ELSEWHERE,
          debtor: { ...iban, identification: iban.identification.toLowerCase().replace(/(.{4})/g, '$1 ') },
          endToEndId: 'e2e',
          instructionId: 'i',
          rail: 'faster-payments',
        },
      },
      reauthorisable: false,
      wire: '{}',
    });
    const run = await bank.consents.startAuthorisation(consent.id, 'redirect');
    expect(await bank.consents.authenticate(run.id, LOGIN)).toMatchObject({
      status: 'authenticated',
      accounts: [account.id],
    });
  });

  test('shares its database with another bank and sees nothing of it', async () => {
    const profile = { ...PROFILE, id: 'dogger', name: 'Dogger Bank', sortCode: '402051' };
    const other = createBank({ profile, storage: database.storage, clock, ids: createIdScheme('whole') });
    const account = await openAccount('somebody', other);
    await expect(bank.accounts.get(account.id)).rejects.toMatchObject({ code: 'account.not-found' });
    expect(await bank.accounts.byIdentifier(account.identifiers[0]!)).toBeUndefined();
    expect(await bank.events.list()).toEqual([]);
    expect((await bank.trialBalance()).postings).toBe(0);
    expect((await other.trialBalance()).postings).toBe(2);
  });
});
