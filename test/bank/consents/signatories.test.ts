import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { verifyBank, type Account, type Consent, type ConsentSubject, type Party } from '../../../src/bank/index.js';
import { MS_PER_DAY, plusMs } from '../../../src/kernel/index.js';
import { keyOf, START } from '../sample-bank.js';
import { expectSound, instructionTo, lodge, openTwoBanks, type TwoBanks } from '../two-banks.js';

describe('a payment that two of three have to sign', () => {
  let world: TwoBanks;
  let shop: Account;
  let payee: Account;
  const numbers = ['1001', '2001', '2002', '2003'];

  beforeEach(async () => {
    world = await openTwoBanks();
    const parties: Party[] = [world.here.party];
    for (const customerNumber of numbers.slice(1)) {
      const { id: _id, bank: _bank, ...like } = world.here.party;
      const party = { ...like, name: `Signatory ${customerNumber}` };
      const credential = { customerNumber, password: 'right' };
      parties.push(await world.storage.transaction((tx) => world.here.bank.parties.add(tx, party, credential)));
    }
    const holders = parties.slice(1).map(({ id }) => ({ partyId: id, role: 'signatory' as const }));
    shop = await world.here.open(10_000n, { holders, signatories: { required: 2 } });
    payee = await world.there.open(0n);
  });
  afterEach(async () => {
    await expectSound(world);
    expect((await verifyBank(world.storage.read, 'bramble')).flatMap((check) => check.faults)).toEqual([]);
    await world.close();
  });

  const consents = () => world.here.bank.consents;
  const payment = (): ConsentSubject => ({ kind: 'payment', instruction: instructionTo(payee) });
  const statusOf = async (id: string) => (await consents().get(id)).status;
  const statuses = async (id: string) => (await world.here.bank.payments.ordersOf(id)).map(({ status }) => status);
  const begin = async (consentId: string, customerNumber: string, accounts = [shop.id]) => {
    const run = await consents().startAuthorisation(consentId, 'decoupled', { customerNumber });
    await consents().sendChallenge(run.id);
    await consents().chooseAccounts(run.id, accounts);
    await consents().answerDecoupled(run.id, 'approve');
    return run.id;
  };
  const signs = async (consentId: string, customerNumber: string): Promise<Consent> =>
    consents().approve(await begin(consentId, customerNumber), 'shown');

  test('is ordered with the second signature, and not before', async () => {
    const { id } = await lodge(world.here, payment());
    const once = await signs(id, '2001');
    expect(once).toMatchObject({
      status: 'partially-authorised',
      statusReason: { actor: 'psu', code: 'partially-authorised' },
      signing: { required: 2, until: plusMs(START, 14 * MS_PER_DAY), signed: [{ at: START }] },
    });
    expect(await statuses(id)).toEqual([]);
    expect((await world.here.bank.accounts.balance(shop.id)).availableMinor).toBe(10_000n);
    const twice = await signs(id, '2003');
    expect(twice).toMatchObject({ status: 'consumed', partyId: once.partyId });
    expect(twice.signing?.signed).toHaveLength(2);
    expect(await statuses(id)).toEqual(['received']);
    await expect(consents().startAuthorisation(id, 'redirect')).rejects.toMatchObject({ code: 'consent.wrong-status' });
    expect((await consents().evidence(id)).filter(({ shown }) => shown === 'shown')).toHaveLength(2);
    await world.until(plusMs(START, MS_PER_DAY));
    expect(await world.there.booked(payee)).toBe(2_500n);
  });

  test('that the client carries out waits for both as well', async () => {
    const { id } = await lodge(world.here, payment(), { execution: 'by-client' });
    const submit = () => world.here.bank.payments.submit({ clientId: 'tpp', consentId: id, wire: '' }, keyOf('k'));
    await signs(id, '2001');
    await expect(submit()).rejects.toMatchObject({ code: 'consent.wrong-status' });
    expect((await signs(id, '2002')).status).toBe('authorised');
    expect((await submit()).value.status).toBe('received');
  });

  test('is not signed twice by the same, nor by a stranger, who ends nothing', async () => {
    const { id } = await lodge(world.here, payment());
    await signs(id, '2001');
    for (const number of ['2001', '1001']) {
      await expect(begin(id, number)).rejects.toMatchObject({ code: 'consent.wrong-status' });
    }
    expect(await statusOf(id)).toBe('partially-authorised');
    const { id: run } = await consents().startAuthorisation(id, 'redirect');
    await expect(consents().authenticate(run, { customerNumber: '1001', password: 'right' })).rejects.toMatchObject({
      code: 'consent.wrong-status',
    });
    expect((await signs(id, '2002')).status).toBe('consumed');
  });

  test('may be signed in runs side by side, and by one who began twice only once', async () => {
    const { id } = await lodge(world.here, payment());
    const runs = [await begin(id, '2001'), await begin(id, '2001'), await begin(id, '2002'), await begin(id, '2003')];
    const approve = (run: string | undefined) => consents().approve(run!, '');
    expect((await approve(runs[0])).status).toBe('partially-authorised');
    await expect(approve(runs[1])).rejects.toMatchObject({ code: 'consent.wrong-status' });
    expect((await approve(runs[2])).status).toBe('consumed');
    await expect(approve(runs[3])).rejects.toMatchObject({ code: 'consent.wrong-status' });
    expect(await statuses(id)).toEqual(['received']);
  });

  test('is signed for one account: the others do not choose another', async () => {
    const holders = shop.holders;
    const other = await world.here.open(10_000n, { holders, signatories: { required: 2 } });
    const { id } = await lodge(world.here, payment());
    const late = await begin(id, '2003', [other.id]);
    await signs(id, '2001');
    await expect(consents().approve(late, '')).rejects.toMatchObject({ code: 'consent.account-not-covered' });
    await expect(begin(id, '2002', [other.id])).rejects.toMatchObject({ code: 'consent.account-not-covered' });
    const run = await consents().startAuthorisation(id, 'redirect');
    const signedIn = await consents().authenticate(run.id, { customerNumber: '2002', password: 'right' });
    expect(signedIn.accounts).toEqual([shop.id]);
    const offered = await consents().eligibleAccounts(run.id);
    expect(offered.filter(({ eligible }) => eligible).map(({ account }) => account.id)).toEqual([shop.id]);
    expect(await statusOf(id)).toBe('partially-authorised');
  });

  test('is rejected by the no of one, for all of them', async () => {
    const { id } = await lodge(world.here, payment());
    await signs(id, '2001');
    const run = await consents().startAuthorisation(id, 'decoupled', { customerNumber: '2002' });
    const pending = await begin(id, '2003');
    await consents().sendChallenge(run.id);
    await consents().answerDecoupled(run.id, 'refuse');
    expect(await consents().get(id)).toMatchObject({ status: 'rejected', statusReason: { code: 'refused-by-psu' } });
    await expect(consents().approve(pending, '')).rejects.toMatchObject({ code: 'consent.wrong-status' });
    expect(await statuses(id)).toEqual([]);
  });

  test('expires when the others take too long, and once signed ends as it would have', async () => {
    const { id } = await lodge(world.here, payment(), { execution: 'by-client' });
    const { id: signed } = await lodge(world.here, payment(), { execution: 'by-client' });
    await signs(id, '2001');
    await signs(signed, '2001');
    const pending = await begin(id, '2002');
    await signs(signed, '2002');
    await world.until(plusMs(START, 14 * MS_PER_DAY - 1));
    expect(await statusOf(id)).toBe('partially-authorised');
    world.clock.moveTo(plusMs(START, 14 * MS_PER_DAY));
    // Before any work was done.
    expect(await consents().get(id)).toMatchObject({ status: 'expired', statusReason: { actor: 'clock' } });
    await expect(consents().approve(pending, '')).rejects.toMatchObject({ code: 'consent.expired' });
    expect(await consents().expireDue(world.clock.now())).toBe(1);
    expect([await statusOf(id), await statusOf(signed)]).toEqual(['expired', 'authorised']);
  });

  test('is called back by any of those who signed', async () => {
    const later = instructionTo(payee, { executionDate: '2026-02-02' as never });
    const { id } = await lodge(world.here, { kind: 'payment', instruction: later });
    await signs(id, '2001');
    await signs(id, '2002');
    const cancels = async (customerNumber: string) => {
      const start = { purpose: 'cancellation', customerNumber } as const;
      const run = await consents().startAuthorisation(id, 'decoupled', start);
      await consents().sendChallenge(run.id);
      await consents().answerDecoupled(run.id, 'approve');
      return consents().approve(run.id, '');
    };
    await expect(cancels('2003')).rejects.toMatchObject({ code: 'consent.wrong-status' });
    expect((await cancels('2002')).status).toBe('revoked');
    expect(await statuses(id)).toEqual(['cancelled']);
  });

  test('does not concern those who only let the account be read, nor accounts of one', async () => {
    const access = { kind: 'account-access', capabilities: ['accounts.list'], recurring: false } as const;
    const { id } = await lodge(world.here, access);
    expect((await signs(id, '2001')).status).toBe('authorised');
    const alone = await world.here.open(10_000n);
    const { id: paid } = await lodge(world.here, payment());
    const run = await begin(paid, '1001', [alone.id]);
    const consent = await consents().approve(run, '');
    expect([consent.status, consent.signing]).toEqual(['consumed', undefined]);
  });

  test('in a basket is signed with the basket', async () => {
    const { id: one } = await lodge(world.here, payment());
    const { id: two } = await lodge(world.here, payment());
    const { id: basket } = await lodge(world.here, { kind: 'basket', members: [one, two] });
    expect((await signs(basket, '2001')).status).toBe('partially-authorised');
    expect([await statusOf(one), await statusOf(two)]).toEqual(['requested', 'requested']);
    expect((await signs(basket, '2002')).status).toBe('consumed');
    expect([await statusOf(one), await statusOf(two)]).toEqual(['consumed', 'consumed']);
  });

  test('under a mandate needs them for the mandate, and none for what is paid', async () => {
    const mandate = { maximumPerPayment: { amountMinor: 5_000n, currency: 'GBP' } };
    const { id } = await lodge(world.here, { kind: 'recurring-payment', mandate });
    const instruction = instructionTo(payee);
    const submit = () =>
      world.here.bank.payments.submit({ clientId: 'tpp', consentId: id, wire: '', instruction }, keyOf('m'));
    await signs(id, '2001');
    await expect(submit()).rejects.toMatchObject({ code: 'consent.wrong-status' });
    await signs(id, '2002');
    expect((await submit()).value.status).toBe('received');
  });
});
