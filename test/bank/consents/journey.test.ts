import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import {
  createConsents,
  createMessages,
  createParties,
  consentsMigrations,
  messagesMigrations,
  partiesMigrations,
  dynamicLinkHash,
  type NewConsent,
} from '../../../src/bank/index.js';
import { createClock, instant, plusMs } from '../../../src/kernel/index.js';
import { keyOf, openSampleBank, PROFILE, START } from '../sample-bank.js';

async function openRig() {
  const sample = await openSampleBank();
  const { storage, clock, ids, events, accounts } = sample;
  await storage.transaction(async (tx) => {
    for (const table of ['consent_accounts', 'consents']) await tx.run(`DROP TABLE IF EXISTS ${table}`);
  });
  for (const { steps } of [partiesMigrations, messagesMigrations, consentsMigrations]) {
    for (const step of Object.values(steps)) await storage.transaction(step);
  }
  const wall = createClock({ mode: 'frozen', at: instant(1_000_000_000_000) });
  const base = { bank: PROFILE, storage, clock, ids, accounts, wall };
  const parties = createParties(base);
  const messages = createMessages(base);
  const consents = createConsents({ ...base, parties, messages, events });
  const party = await storage.transaction((tx) =>
    parties.add(
      tx,
      {
        kind: 'person',
        name: 'Ms Amelia Clarke',
        fullLegalName: 'Amelia Clarke',
        email: 'a@example.com',
        mobile: '+447700900123',
        address: { streetName: 'High St', buildingNumber: '1', postCode: 'AB1 2CD', townName: 'Town', country: 'GB' },
        createdAt: START,
      },
      { customerNumber: '1001', password: 'right' },
    ),
  );
  const account = await sample.openWith(100_000n, { holders: [{ partyId: party.id, role: 'sole' }] });
  const foreign = await sample.openWith(1n, { holders: [{ partyId: 'other', role: 'sole' }] });
  const code = async () => (await messages.inbox(party.id))[0]!.code!;
  return { ...sample, wall, parties, messages, consents, party, account, foreign, code };
}

const instruction = {
  amount: { amountMinor: 16588n, currency: 'GBP' },
  creditor: { scheme: 'sort-code-account-number', identification: '11223387654321', name: 'ACME Inc' },
  endToEndId: 'e',
  instructionId: 'i',
  rail: 'faster-payments',
} as const;
const access: NewConsent = {
  clientId: 'tpp',
  standard: 'x',
  reauthorisable: true,
  wire: '{}',
  expiresAt: plusMs(START, 1000),
  subject: { kind: 'account-access', capabilities: ['balances'], recurring: true },
};
const payment: NewConsent = {
  clientId: 'tpp',
  standard: 'x',
  reauthorisable: false,
  wire: '{}',
  subject: { kind: 'payment', instruction },
};
const login = { customerNumber: '1001', password: 'right' };

describe('the journey of a customer', () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  beforeEach(async () => {
    rig = await openRig();
  });
  afterEach(() => rig.close());
  const run = async (consent: NewConsent) => {
    const { value } = await rig.consents.create(consent);
    return { id: value.id, auth: (await rig.consents.startAuthorisation(value.id, 'redirect')).id };
  };
  const refusedWith = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });

  test('account access is authorised, expires on the virtual clock and leaves evidence', async () => {
    const { consents, account, foreign } = rig;
    const { id, auth } = await run(access);
    await refusedWith(consents.approve(auth, 'x'), 'authorisation.wrong-state');
    await consents.authenticate(auth, login);
    await refusedWith(consents.approve(auth, 'x'), 'authorisation.wrong-state');
    await consents.sendChallenge(auth);
    await consents.answerChallenge(auth, await rig.code());
    await refusedWith(consents.answerChallenge(auth, await rig.code()), 'authorisation.wrong-state');
    await refusedWith(consents.chooseAccounts(auth, [foreign.id]), 'consent.account-not-covered');
    await consents.chooseAccounts(auth, [account.id]);
    const both = await Promise.allSettled([consents.approve(auth, 'shown'), consents.approve(auth, 'shown')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await consents.get(id)).accounts).toHaveLength(1);
    expect((await consents.evidence(id)).at(-1)).toMatchObject({ what: 'authorised', shown: 'shown', actor: 'psu' });
    rig.clock.moveTo(plusMs(START, 1000));
    expect((await consents.get(id)).status).toBe('expired');
    expect(await consents.expireDue(rig.clock.now())).toBe(1);
    await refusedWith(consents.startAuthorisation(id, 'redirect'), 'consent.expired');
    await consents.revoke(id, 'client');
    await refusedWith(consents.get(id), 'consent.not-found');
  });

  test('a payment is bound to amount and payee, and is consumed once', async () => {
    const { consents, storage, account } = rig;
    const { id, auth } = await run(payment);
    await consents.authenticate(auth, login);
    await refusedWith(consents.sendChallenge(auth), 'authorisation.wrong-state');
    await consents.chooseAccounts(auth, [account.id]);
    await consents.sendChallenge(auth);
    expect((await rig.messages.inbox(rig.party.id))[0]!.body).toContain('a payment of £165.88 to ACME Inc.');
    await consents.answerChallenge(auth, await rig.code());
    await consents.approve(auth, 'shown');
    await refusedWith(consents.startAuthorisation(id, 'redirect'), 'consent.wrong-status');
    await refusedWith(
      storage.transaction((tx) => consents.consume(tx, id, 'other')),
      'consent.mismatch',
    );
    const consume = () => storage.transaction((tx) => consents.consume(tx, id, dynamicLinkHash(instruction)));
    expect((await consume()).status).toBe('consumed');
    await refusedWith(consume(), 'consent.consumed');
  });

  const upToApproval = async (auth: string, accounts: readonly string[], as = login) => {
    await rig.consents.authenticate(auth, as);
    await rig.consents.chooseAccounts(auth, accounts);
    await rig.consents.sendChallenge(auth);
    await rig.consents.answerChallenge(auth, await rig.code());
  };

  test('a run cannot decide on a consent that was decided on, or revoked, after the run began', async () => {
    const { consents, account } = rig;
    const { id, auth } = await run(access);
    const second = await consents.startAuthorisation(id, 'redirect');
    await upToApproval(auth, [account.id]);
    await upToApproval(second.id, [account.id]);
    await consents.approve(auth, 'shown');
    await refusedWith(consents.approve(second.id, 'shown'), 'consent.wrong-status');
    const third = await consents.startAuthorisation(id, 'redirect');
    await upToApproval(third.id, [account.id]);
    await consents.revoke(id, 'psu');
    await refusedWith(consents.approve(third.id, 'shown'), 'consent.wrong-status');
    expect((await consents.get(id)).status).toBe('revoked');
    const fourth = await consents.startAuthorisation(id, 'redirect');
    await upToApproval(fourth.id, [account.id]);
    expect((await consents.approve(fourth.id, 'shown')).status).toBe('authorised');
  });

  test('a revoked consent is authorised again only where its standard lets it', async () => {
    const { consents, account } = rig;
    const { id, auth } = await run({ ...access, reauthorisable: false });
    await upToApproval(auth, [account.id]);
    await consents.approve(auth, 'shown');
    await consents.revoke(id, 'psu');
    await refusedWith(consents.startAuthorisation(id, 'redirect'), 'consent.wrong-status');
  });

  test('another customer cannot take over a consent, nor a run', async () => {
    const { consents, account, parties, storage, party } = rig;
    const other = { customerNumber: '1002', password: 'hers' };
    await storage.transaction((tx) => parties.add(tx, { ...party, name: 'Ms B Okafor', createdAt: START }, other));
    const { id, auth } = await run(access);
    await upToApproval(auth, [account.id]);
    await refusedWith(consents.authenticate(auth, other), 'authorisation.wrong-state');
    await consents.approve(auth, 'shown');
    const again = await consents.startAuthorisation(id, 'redirect');
    await refusedWith(consents.authenticate(again.id, other), 'consent.wrong-status');
    expect((await consents.authorisation(again.id)).status).toBe('received');
    expect((await consents.authenticate(again.id, login)).status).toBe('authenticated');
  });

  test('the account of a payment stays the one for which the code was given', async () => {
    const { consents, account, party } = rig;
    const second = await rig.openWith(5n, { holders: [{ partyId: party.id, role: 'sole' }] });
    const { id, auth } = await run(payment);
    await upToApproval(auth, [account.id]);
    await refusedWith(consents.chooseAccounts(auth, [second.id]), 'authorisation.wrong-state');
    await consents.approve(auth, 'shown');
    expect((await consents.get(id)).accounts.map(({ accountId }) => accountId)).toEqual([account.id]);
  });

  test('of twenty parallel wrong codes five are evaluated, and the consent is rejected', async () => {
    const { consents } = rig;
    const { id, auth } = await run(access);
    await consents.authenticate(auth, login);
    await consents.sendChallenge(auth);
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => consents.answerChallenge(auth, 'wrong')));
    const codes = all.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'ok'));
    expect(codes.filter((one) => one === 'challenge.invalid')).toHaveLength(4);
    expect(codes.filter((one) => one === 'challenge.locked')).toHaveLength(16);
    expect((await consents.get(id)).status).toBe('rejected');
  });

  test('of twenty parallel wrong passwords five are evaluated; the lock ends after 15 minutes of wall time', async () => {
    const guess = (customerNumber: string) => rig.parties.verifyLogin({ customerNumber, password: 'wrong' });
    for (const number of ['1001', 'nobody']) {
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => guess(number)));
      expect(
        all.filter(
          (one) => one.status === 'rejected' && (one.reason as { code: string }).code === 'credentials.invalid',
        ),
      ).toHaveLength(5);
    }
    await refusedWith(rig.parties.verifyLogin(login), 'credentials.locked');
    rig.wall.moveTo(plusMs(rig.wall.now(), 15 * 60_000));
    expect(await rig.parties.verifyLogin(login)).toBe(rig.party.id);
  });

  test('an expired code is refused, a foreign debtor ends the run, and a key replays its consent', async () => {
    const { consents } = rig;
    const { auth } = await run(access);
    await consents.authenticate(auth, login);
    await consents.sendChallenge(auth);
    rig.wall.moveTo(plusMs(rig.wall.now(), 5 * 60_000));
    await refusedWith(consents.answerChallenge(auth, await rig.code()), 'challenge.expired');
    const named = await run({
      ...payment,
      subject: { kind: 'payment', instruction: { ...instruction, debtor: rig.foreign.identifiers[0]! } },
    });
    expect((await consents.authenticate(named.auth, login)).status).toBe('failed');
    expect((await consents.get(named.id)).statusReason.code).toBe('debtor-not-of-psu');
    const first = await consents.create(payment, keyOf('k'));
    await consents.revoke(first.value.id, 'psu');
    expect(await consents.create(payment, keyOf('k'))).toMatchObject({
      replayed: true,
      value: { id: first.value.id, status: 'revoked' },
    });
  });
});
