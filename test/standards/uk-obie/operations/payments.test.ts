import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Consent } from '../../../../src/bank/index.js';
import { MS_PER_DAY } from '../../../../src/kernel/index.js';
import { codesOf, openWorld, type World } from '../world.js';
import type { Json } from '../json.js';

let world: World;
let everything: Consent;
beforeAll(async () => {
  world = await openWorld();
  everything = await world.consentFor();
});
afterAll(() => world.close());

describe('uk-obie domestic payments', () => {
  let lastKey = 0;
  const newKey = (): string => `key-${(lastKey += 1)}`;
  const request = (amount = '24.90', more: object = {}) => {
    const bens = world.bens.identifiers.find(({ scheme }) => scheme === 'sort-code-account-number')!;
    return {
      Data: {
        ReadRefundAccount: 'Yes',
        Initiation: {
          InstructionIdentification: 'ORDER-2041',
          EndToEndIdentification: 'LANTERN-2041',
          InstructedAmount: { Amount: amount, Currency: 'GBP' },
          CreditorAccount: {
            SchemeName: 'UK.OBIE.SortCodeAccountNumber',
            Identification: bens.identification,
            Name: 'Ben Okafor',
          },
          RemittanceInformation: { Unstructured: ['Order 2041'] },
        },
        SCASupportData: { RequestedSCAExemptionType: 'PartyToParty' },
        ...more,
      },
      Risk: { PaymentContextCode: 'TransferToThirdParty' },
    };
  };
  const lodge = async (body = request(), key = newKey()) => world.ask('CreateDomesticPaymentConsents', { body, key });
  const agreed = async (body = request()): Promise<Consent> =>
    world.authorise((await lodge(body)).body.Data.ConsentId, [world.current.id]);
  const order = (consent: Consent, body = request()) => ({
    Data: { ConsentId: consent.id, Initiation: body.Data.Initiation },
    Risk: body.Risk,
  });
  const pay = (consent: Consent, body: unknown = order(consent), key = newKey()) =>
    world.ask('CreateDomesticPayments', { body, key, consent });

  test('CreateDomesticPaymentConsents: repeats the request and waits for the customer', async () => {
    const { status, body } = await lodge();
    expect([status, body.Data.Status]).toEqual([201, 'AWAU']);
    expect(body.Data).toMatchObject(request().Data);
    expect(body.Risk).toEqual(request().Risk);
  });

  test('CreateDomesticPaymentConsents: a retry gives the same consent, also with other white space and order of keys', async () => {
    const key = newKey();
    const first = await lodge(request(), key);
    const { Data, Risk } = request();
    const again = await world.ask('CreateDomesticPaymentConsents', { body: { Risk, Data }, key });
    expect([again.status, again.body.Data.ConsentId]).toEqual([201, first.body.Data.ConsentId]);
    const changed = await lodge(request('24.91'), key);
    expect([changed.status, codesOf(changed.body)]).toEqual([422, ['U029']]);
    const stranger = await world.ask('CreateDomesticPaymentConsents', {
      body: request('24.91'),
      key,
      clientId: 'other',
    });
    expect(stranger.status).toBe(201);
  });

  test('GetDomesticPaymentConsentsConsentId: names the debtor once the customer has agreed', async () => {
    const consent = await agreed();
    const { body } = await world.ask('GetDomesticPaymentConsentsConsentId', { params: { ConsentId: consent.id } });
    expect(body.Data.Status).toBe('AUTH');
    expect(body.Data.Debtor).toMatchObject({ SchemeName: 'UK.OBIE.SortCodeAccountNumber' });
    expect(body.Data.Initiation).not.toHaveProperty('DebtorAccount');
  });

  test('GetDomesticPaymentConsentsConsentId: a consent for reading is not one for paying', async () => {
    const { status, body } = await world.ask('GetDomesticPaymentConsentsConsentId', {
      params: { ConsentId: everything.id },
    });
    expect([status, codesOf(body)]).toEqual([400, ['U011 ConsentId']]);
  });

  test('GetDomesticPaymentConsentsConsentIdFundsConfirmation: yes or no, and only while authorised', async () => {
    const consent = await agreed();
    const params = { ConsentId: consent.id };
    const asked = (of: Consent) =>
      world.ask('GetDomesticPaymentConsentsConsentIdFundsConfirmation', { params: { ConsentId: of.id }, consent: of });
    const { body } = await asked(consent);
    expect(body.Data.FundsAvailableResult.FundsAvailable).toBe(true);
    const dear = await agreed(request('999999.00'));
    expect((await asked(dear)).body.Data.FundsAvailableResult.FundsAvailable).toBe(false);
    await pay(consent);
    const used = await world.ask('GetDomesticPaymentConsentsConsentIdFundsConfirmation', { params, consent });
    expect([used.status, codesOf(used.body)]).toEqual([400, ['U009 ConsentId']]);
  });

  test('CreateDomesticPayments, GetDomesticPaymentsDomesticPaymentId and its details: from RCVD to ACCC', async () => {
    const consent = await agreed();
    const key = newKey();
    const { status, body } = await pay(consent, order(consent), key);
    expect([status, body.Data.Status]).toEqual([201, 'RCVD']);
    expect(body.Data.Refund.Account).toEqual(body.Data.Debtor);
    expect(body).not.toHaveProperty('Risk');

    await world.advance(60_000);
    const params = { DomesticPaymentId: body.Data.DomesticPaymentId };
    const read = await world.ask('GetDomesticPaymentsDomesticPaymentId', { params });
    expect([read.status, read.body.Data.Status]).toEqual([200, 'ACCC']);
    const details = await world.ask('GetDomesticPaymentsDomesticPaymentIdPaymentDetails', { params });
    expect(details.body.Data.PaymentStatus.map((step: Json) => step.Status)).toEqual([
      'RCVD',
      'ACCP',
      'ACSP',
      'ACSC',
      'ACCC',
    ]);

    const replay = await pay(consent, order(consent), key);
    expect([replay.status, replay.body.Data.DomesticPaymentId, replay.body.Data.Status]).toEqual([
      201,
      params.DomesticPaymentId,
      'ACCC',
    ]);
    const changed = await pay(consent, order(consent, request('24.91')), key);
    expect([changed.status, codesOf(changed.body)]).toEqual([422, ['U029']]);
    const second = await pay(consent);
    expect([second.status, codesOf(second.body).map((code) => code.slice(0, 4))]).toEqual([400, ['U009']]);
    const other = await world.ask('GetDomesticPaymentsDomesticPaymentId', { params, clientId: 'other' });
    expect(other.status).toBe(403);
    const used = await world.ask('GetDomesticPaymentConsentsConsentId', { params: { ConsentId: consent.id } });
    expect([used.body.Data.Status, used.body.Data.StatusReason[0].StatusReasonCode]).toEqual(['COND', 'U038']);
  });

  test('CreateDomesticPayments: too little money is a payment that is RJCT, and uses the consent up', async () => {
    const consent = await agreed(request('999999.00'));
    const { status, body } = await pay(consent, order(consent, request('999999.00')));
    expect([status, body.Data.Status, body.Data.StatusReason[0].StatusReasonCode]).toEqual([201, 'RJCT', 'AM04']);
    const used = await world.ask('GetDomesticPaymentConsentsConsentId', { params: { ConsentId: consent.id } });
    expect(used.body.Data.Status).toBe('COND');
  });

  test('CreateDomesticPayments: an amount in another notation is the same amount', async () => {
    const consent = await agreed();
    const { status } = await pay(consent, order(consent, request('24.9')));
    expect(status).toBe(201);
  });

  test.each([
    [
      'the amount',
      (body: Json) => (body.Data.Initiation.InstructedAmount.Amount = '24.91'),
      'U008 Data.Initiation.InstructedAmount.Amount',
    ],
    [
      'an added debtor',
      (body: Json) => (body.Data.Initiation.DebtorAccount = { SchemeName: 'UK.OBIE.IBAN', Identification: 'x' }),
      'U008 Data.Initiation.DebtorAccount',
    ],
    ['the risk', (body: Json) => (body.Risk.PaymentContextCode = 'TransferToSelf'), 'U008 Risk.PaymentContextCode'],
    ['a missing risk', (body: Json) => delete body.Risk.PaymentContextCode, 'U008 Risk.PaymentContextCode'],
    ['the consent', (body: Json) => (body.Data.ConsentId = 'nobody'), 'U011'],
  ])('CreateDomesticPayments: %s that differs is refused, and the consent stays', async (_name, change, code) => {
    const consent = await agreed();
    const body = structuredClone(order(consent));
    change(body);
    const answer = await pay(consent, body);
    expect([answer.status, codesOf(answer.body)]).toEqual([400, [code]]);
    expect((await world.bank.consents.get(consent.id)).status).toBe('authorised');
  });

  test('CreateDomesticPayments: a token of one consent does not pay another', async () => {
    const [one, other] = [await agreed(), await agreed()];
    const { status, body } = await world.ask('CreateDomesticPayments', {
      body: order(other),
      key: newKey(),
      consent: one,
    });
    expect([status, codesOf(body)]).toEqual([400, ['U008 Data.ConsentId']]);
  });

  test('CreateDomesticPayments: a key is free again after a day of the bank', async () => {
    const key = newKey();
    const first = await agreed();
    await pay(first, order(first), key);
    await world.advance(MS_PER_DAY + 1_000);
    const second = await agreed();
    expect((await pay(second, order(second), key)).status).toBe(201);
  });

  test('GetDomesticPaymentsDomesticPaymentId: an unknown payment is a bad request', async () => {
    const { status, body } = await world.ask('GetDomesticPaymentsDomesticPaymentId', {
      params: { DomesticPaymentId: 'nobody' },
    });
    expect([status, codesOf(body)]).toEqual([400, ['U011']]);
  });
});
