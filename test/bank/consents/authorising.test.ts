import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { subjectLinkHash, type Account, type Consent } from '../../../src/bank/index.js';
import { localDate, plusMs } from '../../../src/kernel/index.js';
import { sortCodeOf, START } from '../sample-bank.js';
import { agree, expectSound, instructionTo, lodge, openTwoBanks, order, type TwoBanks } from '../two-banks.js';

const LOGIN = { customerNumber: '1001', password: 'right' };

describe('authorising', () => {
  let world: TwoBanks;
  let payer: Account;
  let payee: Account;
  beforeEach(async () => {
    world = await openTwoBanks();
    payer = await world.here.open(10_000n);
    payee = await world.there.open(0n);
  });
  afterEach(async () => {
    await expectSound(world);
    await world.close();
  });

  const bank = () => world.here.bank;
  const consents = () => bank().consents;
  const payment = (more: Parameters<typeof instructionTo>[1] = {}, about: Parameters<typeof lodge>[2] = {}) =>
    lodge(world.here, { kind: 'payment', instruction: instructionTo(payee, more) }, about);
  const inbox = () => bank().messages.inbox(world.here.party.id);
  const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
  const signedIn = async (consent: Consent, purpose: 'consent' | 'cancellation' = 'consent') => {
    const run = await consents().startAuthorisation(consent.id, 'embedded', { purpose });
    return consents().authenticate(run.id, LOGIN);
  };

  describe('step by step', () => {
    test('a customer named beforehand proves who she is, and nobody else can', async () => {
      const { id } = await payment();
      const run = await consents().startAuthorisation(id, 'embedded', { customerNumber: '1001' });
      expect(run).toMatchObject({ status: 'psu-identified' });
      expect(run.partyId).toBeUndefined();
      await world.storage.transaction((tx) =>
        bank().parties.add(tx, { ...world.here.party, name: 'Other' }, { customerNumber: '1002', password: 'other' }),
      );
      await refused(
        consents().authenticate(run.id, { customerNumber: '1002', password: 'other' }),
        'credentials.invalid',
      );
      expect((await consents().authenticate(run.id, LOGIN)).partyId).toBe(world.here.party.id);
    });

    test('a name can be given later and changed, and tells nothing of who exists', async () => {
      const { id } = await payment();
      const run = await consents().startAuthorisation(id, 'embedded');
      expect(run.status).toBe('received');
      const known = await consents().identify(run.id, '1001');
      const unknown = await consents().identify(run.id, 'nobody');
      expect(unknown).toEqual(known);
    });

    test('a code comes the way she selects, and another selection makes the first code worthless', async () => {
      const run = await signedIn(await payment());
      await consents().chooseAccounts(run.id, [payer.id]);
      const methods = await consents().methods(run.id);
      expect(methods.map(({ id, kind, name }) => [id, kind, name])).toEqual([
        ['sms', 'sms-code', 'SMS to the number ending in 0123'],
        ['app', 'push-code', 'Code in the app of Bramble Bank'],
      ]);
      expect(await consents().selectMethod(run.id, 'sms')).toMatchObject({ status: 'challenged', methodId: 'sms' });
      const [first] = await inbox();
      expect(first).toMatchObject({ channel: 'sms' });
      const chosen = await consents().selectMethod(run.id, 'app');
      expect(chosen).toMatchObject({ methodId: 'app', challenge: { sentTo: 'the app' } });
      const [second] = await inbox();
      expect(second).toMatchObject({ channel: 'app' });
      expect(second!.body).toContain('a payment of £25.00 to');
      if (first!.code !== second!.code)
        await refused(consents().answerChallenge(run.id, first!.code!), 'challenge.invalid');
      expect((await consents().answerChallenge(run.id, second!.code!)).status).toBe('finalised');
    });

    test('a method she has not is refused, and none is told before she signed in', async () => {
      const { id } = await payment();
      const run = await consents().startAuthorisation(id, 'embedded');
      await refused(consents().methods(run.id), 'authorisation.wrong-state');
      await refused(consents().selectMethod(run.id, 'sms'), 'authorisation.wrong-state');
      await consents().authenticate(run.id, LOGIN);
      await consents().chooseAccounts(run.id, [payer.id]);
      await refused(consents().selectMethod(run.id, 'carrier-pigeon'), 'field.invalid');
    });

    test('several runs of one consent are listed as they began', async () => {
      const { id } = await payment();
      const [a, b] = [
        await consents().startAuthorisation(id, 'embedded'),
        await consents().startAuthorisation(id, 'redirect'),
      ];
      expect((await consents().authorisationsOf(id)).map((run) => run.id)).toEqual([a.id, b.id]);
      expect(await consents().authorisationsOf(id, 'cancellation')).toEqual([]);
    });
  });

  describe('in the app', () => {
    const ask = async (consent: Consent, customerNumber = '1001') => {
      const run = await consents().startAuthorisation(consent.id, 'decoupled', { customerNumber });
      return consents().sendChallenge(run.id);
    };

    test('a yes is bound to amount and payee, as a code is', async () => {
      const consent = await payment();
      const run = await ask(consent);
      expect(run).toMatchObject({ status: 'challenged', challenge: { sentTo: 'the app' } });
      expect(run.challenge?.boundTo).toBeDefined();
      const [message] = await inbox();
      expect(message).toMatchObject({ channel: 'app', authorisationId: run.id });
      expect(message?.code).toBeUndefined();
      expect(message?.body).toContain('approve a payment of £25.00 to');
      await refused(consents().answerChallenge(run.id, '000000'), 'authorisation.wrong-state');
      await refused(consents().approve(run.id, ''), 'authorisation.wrong-state');
      await refused(consents().answerDecoupled(run.id, 'approve'), 'authorisation.wrong-state');
      await consents().chooseAccounts(run.id, [payer.id]);
      expect((await consents().answerDecoupled(run.id, 'approve')).status).toBe('finalised');
      await refused(consents().answerDecoupled(run.id, 'refuse'), 'authorisation.wrong-state');
      await refused(consents().chooseAccounts(run.id, [payer.id]), 'authorisation.wrong-state');
      expect((await consents().approve(run.id, 'shown')).status).toBe('consumed');
    });

    test('a no rejects the consent', async () => {
      const consent = await payment();
      const run = await ask(consent);
      expect((await consents().answerDecoupled(run.id, 'refuse')).status).toBe('failed');
      expect(await consents().get(consent.id)).toMatchObject({
        status: 'rejected',
        statusReason: { code: 'refused-by-psu' },
      });
    });

    test('somebody who is no customer is asked nothing and answers nothing', async () => {
      const run = await ask(await payment(), 'nobody');
      expect(run.status).toBe('challenged');
      expect(await inbox()).toEqual([]);
      await refused(consents().answerDecoupled(run.id, 'approve'), 'authorisation.wrong-state');
    });

    test('an old question is not answered any more, and can be asked anew', async () => {
      const run = await ask(await payment());
      world.wall.moveTo(plusMs(START, 5 * 60_000));
      await refused(consents().answerDecoupled(run.id, 'approve'), 'challenge.expired');
      await consents().chooseAccounts(run.id, [payer.id]);
      await consents().sendChallenge(run.id);
      expect((await consents().answerDecoupled(run.id, 'approve')).status).toBe('finalised');
    });

    test('only a run of that kind is answered there', async () => {
      const run = await signedIn(await payment());
      await consents().chooseAccounts(run.id, [payer.id]);
      await consents().sendChallenge(run.id);
      await refused(consents().answerDecoupled(run.id, 'approve'), 'authorisation.wrong-state');
    });

    test('an account that is not hers ends the run when it is sent', async () => {
      const foreign = await world.here.open(1n, { holders: [{ partyId: 'other', role: 'sole' }] });
      const consent = await payment({ debtor: sortCodeOf(foreign) });
      expect((await ask(consent)).status).toBe('failed');
      expect((await consents().get(consent.id)).statusReason.code).toBe('debtor-not-of-psu');
      expect(await inbox()).toEqual([]);
    });
  });

  describe('a cancellation', () => {
    const dated = () =>
      order(world.here, payer, {
        kind: 'payment',
        instruction: instructionTo(payee, { executionDate: localDate('2026-01-07') }),
      });

    test('calls the payment back with her code, which is not the code that pays it', async () => {
      const id = await dated();
      const consent = await consents().get(id);
      const run = await signedIn(consent, 'cancellation');
      expect(run.accounts).toEqual([payer.id]);
      const sent = await consents().sendChallenge(run.id);
      const [message] = await inbox();
      expect(message!.body).toContain('cancel a payment of £25.00');
      expect(sent.challenge?.boundTo).toBeDefined();
      expect(sent.challenge?.boundTo).not.toBe(subjectLinkHash(consent.subject));
      await refused(consents().approve(run.id, ''), 'authorisation.wrong-state');
      await consents().answerChallenge(run.id, message!.code!);
      expect(await consents().approve(run.id, 'shown')).toMatchObject({
        status: 'revoked',
        statusReason: { actor: 'psu', code: 'cancelled' },
      });
      expect((await bank().payments.byConsent(id))?.status).toBe('cancelled');
      expect((await consents().authorisationsOf(id, 'cancellation')).map((one) => one.id)).toEqual([run.id]);
    });

    test('refused leaves the payment as it was', async () => {
      const id = await dated();
      const run = await signedIn(await consents().get(id), 'cancellation');
      expect((await consents().refuse(run.id, 'refused-by-psu')).status).toBe('consumed');
      expect((await bank().payments.byConsent(id))?.status).toBe('scheduled');
    });

    test('that comes too late changes nothing', async () => {
      const id = await dated();
      const run = await signedIn(await consents().get(id), 'cancellation');
      await consents().sendChallenge(run.id);
      await consents().answerChallenge(run.id, (await inbox())[0]!.code!);
      await world.until(plusMs(START, 3 * 86_400_000));
      await refused(consents().approve(run.id, ''), 'payment.not-cancellable');
      expect((await bank().payments.byConsent(id))?.status).toBe('credited');
      expect((await consents().get(id)).status).toBe('consumed');
      await refused(
        consents().startAuthorisation(id, 'embedded', { purpose: 'cancellation' }),
        'payment.not-cancellable',
      );
    });

    test('is of what was agreed to', async () => {
      const { id } = await payment();
      await refused(consents().startAuthorisation(id, 'embedded', { purpose: 'cancellation' }), 'consent.wrong-status');
    });
  });

  describe('a basket', () => {
    const basket = (...members: readonly Consent[]) =>
      lodge(world.here, { kind: 'basket', members: members.map(({ id }) => id) });

    test('authorises and executes all its payments with one yes, bound to all of them', async () => {
      const members = [
        await payment({ amount: { amountMinor: 1_000n, currency: 'GBP' } }),
        await payment({ amount: { amountMinor: 2_000n, currency: 'GBP' }, debtor: sortCodeOf(payer) }),
        await lodge(world.here, {
          kind: 'periodic-payment',
          instruction: instructionTo(payee),
          schedule: { start: localDate('2026-02-02'), frequency: 'monthly', ifClosed: 'following' },
        }),
      ];
      const { id } = await basket(...members);
      const run = await signedIn(await consents().get(id));
      await consents().chooseAccounts(run.id, [payer.id]);
      const { challenge } = await consents().sendChallenge(run.id);
      const [message] = await inbox();
      expect(message!.body).toContain('3 payments of £55.00 in total');
      await consents().answerChallenge(run.id, message!.code!);
      expect((await consents().approve(run.id, 'shown')).status).toBe('consumed');
      for (const member of members) {
        expect((await consents().get(member.id)).status).toBe('consumed');
        expect(await bank().payments.ordersOf(member.id)).toHaveLength(1);
        expect((await consents().evidence(member.id)).map(({ what }) => what)).toContain(`authorised in basket ${id}`);
      }
      const other = await basket(await payment(), await payment());
      const again = await consents().startAuthorisation(other.id, 'decoupled', { customerNumber: '1001' });
      expect((await consents().sendChallenge(again.id)).challenge?.boundTo).not.toBe(challenge?.boundTo);
    });

    test('of payments that all name their account needs no choice', async () => {
      const second = await world.here.open(10_000n);
      const { id } = await basket(
        await payment({ debtor: sortCodeOf(payer) }),
        await payment({ debtor: sortCodeOf(second) }),
      );
      expect((await agree(world.here, id)).status).toBe('consumed');
      expect((await bank().accounts.balance(second.id)).availableMinor).toBe(7_500n);
    });

    test.each<[string, (member: Consent) => Promise<unknown>]>([
      ['authorised', (member) => agree(world.here, member.id, [payer])],
      ['called back', (member) => world.storage.transaction((tx) => bank().payments.cancel(tx, member.id, 'client'))],
    ])('is refused as a whole once a payment in it was %s', async (_what, decide) => {
      const members = [await payment(), await payment()];
      const { id } = await basket(...members);
      const run = await signedIn(await consents().get(id));
      await consents().chooseAccounts(run.id, [payer.id]);
      await consents().sendChallenge(run.id);
      await consents().answerChallenge(run.id, (await inbox())[0]!.code!);
      await decide(members[1]!);
      await refused(consents().approve(run.id, ''), 'consent.wrong-status');
      expect((await consents().get(members[0]!.id)).status).toBe('requested');
      expect(await bank().payments.ordersOf(members[0]!.id)).toEqual([]);
      await refused(consents().startAuthorisation(id, 'embedded'), 'consent.wrong-status');
    });

    test('holds payments of its client only, each once', async () => {
      const access = await lodge(world.here, { kind: 'account-access', capabilities: ['balances'], recurring: false });
      const member = await payment();
      await refused(basket(), 'consent.invalid-combination');
      await refused(basket(member, member), 'consent.invalid-combination');
      await refused(basket(access), 'consent.invalid-combination');
      await refused(basket(member, access), 'consent.invalid-combination');
      await refused(basket(await payment({}, { clientId: 'another' })), 'consent.of-another-client');
      await refused(lodge(world.here, { kind: 'basket', members: ['nothing'] }), 'consent.not-found');
    });

    test('that she refuses leaves its payments to be decided on', async () => {
      const member = await payment();
      const { id } = await basket(member);
      const run = await signedIn(await consents().get(id));
      await consents().refuse(run.id, 'refused-by-psu');
      expect((await consents().get(id)).status).toBe('rejected');
      expect((await agree(world.here, member.id, [payer])).status).toBe('consumed');
    });
  });
});
