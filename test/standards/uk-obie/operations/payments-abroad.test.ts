import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Consent } from '../../../../src/bank/index.js';
import { MS_PER_DAY, MS_PER_HOUR } from '../../../../src/kernel/index.js';
import { toConsentView } from '../../../../src/standards/uk-obie/consent-view.js';
import { openWorld, type World } from '../world.js';
import type { Json } from '../json.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const codesOf = (body: Json): readonly string[] =>
  body.Errors.map((error: Json) => `${error.ErrorCode} ${error.Path ?? ''}`.trim());

let lastKey = 0;
const newKey = (): string => `abroad-${(lastKey += 1)}`;
const rateOf = (more: object) => ({ ExchangeRateInformation: { UnitCurrency: 'GBP', ...more } });
const request = (more: Json = {}): Json => ({
  Data: {
    ReadRefundAccount: 'Yes',
    Initiation: {
      InstructionIdentification: 'ORDER-3107',
      EndToEndIdentification: 'LANTERN-3107',
      ChargeBearer: 'Shared',
      CurrencyOfTransfer: 'EUR',
      InstructedAmount: { Amount: '75.00', Currency: 'EUR' },
      ...rateOf({ RateType: 'Actual' }),
      CreditorAccount: { SchemeName: 'UK.OBIE.IBAN', Identification: 'DE89370400440532013000', Name: 'Leuchtturm' },
      ...more,
    },
  },
  Risk: { PaymentContextCode: 'TransferToThirdParty' },
});
const lodge = (more: Json = {}) =>
  world.ask('CreateInternationalPaymentConsents', { body: request(more), key: newKey() });
const agreed = async (more: Json = {}): Promise<{ readonly consent: Consent; readonly data: Json }> => {
  const { body } = await lodge(more);
  return { consent: await world.authorise(body.Data.ConsentId, [world.current.id]), data: body.Data };
};
const pay = (consent: Consent, more: Json = {}) => {
  const { Data, Risk } = request(more);
  const body = { Data: { ConsentId: consent.id, Initiation: Data.Initiation }, Risk };
  return world.ask('CreateInternationalPayments', { body, key: newKey(), consent });
};
const availableMinor = async (): Promise<bigint> =>
  (await world.bank.accounts.balance(world.current.id)).availableMinor;

describe('uk-obie international payment consents', () => {
  test('CreateInternationalPaymentConsents: an actual rate comes with its contract and its end', async () => {
    const { status, body } = await lodge();
    expect([status, body.Data.Status]).toEqual([201, 'AWAU']);
    expect(body.Data.ExchangeRateInformation).toEqual({
      UnitCurrency: 'GBP',
      RateType: 'Actual',
      ExchangeRate: expect.any(Number),
      ContractIdentification: expect.any(String),
      ExpirationDateTime: expect.stringMatching(/^2026-11-25T09:15:00/),
    });
    expect(body.Data.Charges).toEqual([
      { ChargeBearer: 'Shared', Type: expect.any(String), Amount: { Amount: '5.00', Currency: 'GBP' } },
    ]);
    expect(body.Data).not.toHaveProperty('Quoted');
    expect(body.Data.Initiation).toEqual(request().Data.Initiation);
  });

  test.each([
    ['an indicative rate', rateOf({ RateType: 'Indicative' })],
    ['no word about the rate', { ExchangeRateInformation: undefined }],
  ])('CreateInternationalPaymentConsents: %s has no end and no contract', async (_what, more) => {
    const { body } = await lodge(more);
    expect(body.Data.ExchangeRateInformation).toEqual({
      UnitCurrency: 'GBP',
      RateType: 'Indicative',
      ExchangeRate: expect.any(Number),
    });
  });

  test('CreateInternationalPaymentConsents: pounds to another country are neither exchanged nor charged for', async () => {
    const { status, body } = await lodge({
      CurrencyOfTransfer: 'GBP',
      InstructedAmount: { Amount: '75.00', Currency: 'GBP' },
      ExchangeRateInformation: undefined,
    });
    expect(status).toBe(201);
    expect(body.Data).not.toHaveProperty('ExchangeRateInformation');
    expect(body.Data).not.toHaveProperty('Charges');
  });

  test.each<[string, Json, string]>([
    [
      'a currency without a rate',
      { CurrencyOfTransfer: 'NOK', InstructedAmount: { Amount: '75.00', Currency: 'NOK' } },
      'U023 Data.Initiation.CurrencyOfTransfer',
    ],
    [
      'less than the charge, borne by the payee',
      { ChargeBearer: 'BorneByCreditor', InstructedAmount: { Amount: '4.00', Currency: 'EUR' } },
      'U002 Data.Initiation.InstructedAmount.Amount',
    ],
  ])('CreateInternationalPaymentConsents: %s is refused', async (_what, more, code) => {
    const { status, body } = await lodge(more);
    expect([status, codesOf(body)]).toEqual([400, [code]]);
  });

  test('GetInternationalPaymentConsentsConsentId: is no domestic consent, and the other way round', async () => {
    const { body } = await lodge();
    const params = { ConsentId: body.Data.ConsentId };
    const other = await world.ask('GetDomesticPaymentConsentsConsentId', { params });
    expect([other.status, codesOf(other.body)]).toEqual([400, ['U011 ConsentId']]);
    const read = await world.ask('GetInternationalPaymentConsentsConsentId', { params });
    expect(read.body.Data.ExchangeRateInformation).toEqual(body.Data.ExchangeRateInformation);
  });

  test('GetInternationalPaymentConsentsConsentIdFundsConfirmation: counts the converted amount and the charges', async () => {
    // Her overdraft is money that she has.
    const available = (await availableMinor()) + 50_000n;
    const enoughAt = async (amountMinor: bigint): Promise<boolean> => {
      const Amount = `${amountMinor / 100n}.${(amountMinor % 100n).toString().padStart(2, '0')}`;
      const { consent } = await agreed({ InstructedAmount: { Amount, Currency: 'GBP' } });
      const params = { ConsentId: consent.id };
      const { body } = await world.ask('GetInternationalPaymentConsentsConsentIdFundsConfirmation', {
        params,
        consent,
      });
      return body.Data.FundsAvailableResult.FundsAvailable;
    };
    expect(await enoughAt(available - 500n)).toBe(true);
    expect(await enoughAt(available - 499n)).toBe(false);
  });

  test('what the customer is shown is what was quoted', async () => {
    const { body } = await lodge();
    const view = toConsentView(await world.bank.consents.get(body.Data.ConsentId));
    const { ExchangeRate, ExpirationDateTime } = body.Data.ExchangeRateInformation;
    expect(view).toMatchObject({
      kind: 'payment',
      amount: { amountMinor: 7500n, currency: 'EUR' },
      terms: {
        debit: { amountMinor: BigInt(Math.ceil(7500 / ExchangeRate)) + 500n, currency: 'GBP' },
        transferred: { amountMinor: 7500n, currency: 'EUR' },
        charges: [{ amountMinor: 500n, currency: 'GBP' }],
        bearer: 'shared',
        exchange: { unit: 'GBP', quoted: 'EUR', type: 'actual', until: Date.parse(ExpirationDateTime) },
      },
    });
  });
});

describe('uk-obie international payments', () => {
  test('CreateInternationalPayments: takes what was quoted, and is followed to ACCC', async () => {
    const before = await availableMinor();
    const { consent, data } = await agreed();
    const view = toConsentView(consent);
    const { status, body } = await pay(consent);
    expect([status, body.Data.Status]).toEqual([201, 'RCVD']);
    expect(body.Data).toMatchObject({
      Charges: data.Charges,
      ExchangeRateInformation: data.ExchangeRateInformation,
      Refund: { Account: body.Data.Debtor },
    });
    const taken = before - (await availableMinor());
    expect(view).toMatchObject({ terms: { debit: { amountMinor: taken } } });
    await world.advance(3 * MS_PER_DAY);
    const params = { InternationalPaymentId: body.Data.InternationalPaymentId };
    const read = await world.ask('GetInternationalPaymentsInternationalPaymentId', { params });
    expect(read.body.Data).toMatchObject({ Status: 'ACCC', ExchangeRateInformation: data.ExchangeRateInformation });
    const details = await world.ask('GetInternationalPaymentsInternationalPaymentIdPaymentDetails', { params });
    expect(details.body.Data.PaymentStatus[0].StatusDetail.LocalInstrument).toBe('UK.OBIE.SWIFT');
    const other = await world.ask('GetDomesticPaymentsDomesticPaymentId', {
      params: { DomesticPaymentId: params.InternationalPaymentId },
    });
    expect([other.status, codesOf(other.body)]).toEqual([400, ['U011']]);
  });

  test('CreateInternationalPayments: the rate of a contract is used again, and one that was never given is refused', async () => {
    const { ExchangeRate, ContractIdentification } = (await lodge()).body.Data.ExchangeRateInformation;
    const contract = rateOf({ RateType: 'Agreed', ExchangeRate, ContractIdentification });
    const { consent, data } = await agreed(contract);
    expect(data.ExchangeRateInformation).toMatchObject({ RateType: 'Agreed', ExchangeRate, ContractIdentification });
    const { status, body } = await pay(consent, contract);
    expect([status, body.Data.ExchangeRateInformation]).toEqual([201, data.ExchangeRateInformation]);

    for (const wrong of [
      { ...contract.ExchangeRateInformation, ContractIdentification: 'FX-0' },
      { ...contract.ExchangeRateInformation, ExchangeRate: 2 },
    ]) {
      const more = { ExchangeRateInformation: wrong };
      const unknown = await agreed(more);
      const refused = await pay(unknown.consent, more);
      expect([refused.status, codesOf(refused.body)]).toEqual([
        400,
        ['U002 Data.Initiation.ExchangeRateInformation.ContractIdentification'],
      ]);
      expect((await world.bank.consents.get(unknown.consent.id)).status).toBe('authorised');
    }
  });

  test('CreateInternationalPayments: a quote that has expired is refused, an indicative rate goes on', async () => {
    const indicative = rateOf({ RateType: 'Indicative' });
    const [fixed, open] = [await agreed(), await agreed(indicative)];
    await world.advance(MS_PER_HOUR);
    const refused = await pay(fixed.consent);
    expect([refused.status, codesOf(refused.body)]).toEqual([400, ['U042 Data.Initiation.ExchangeRateInformation']]);
    expect((await pay(open.consent, indicative)).status).toBe(201);
  });

  test('CreateInternationalPayments: charges that the payee bears are within what is debited', async () => {
    const more = { ChargeBearer: 'BorneByCreditor', InstructedAmount: { Amount: '100.00', Currency: 'GBP' } };
    const before = await availableMinor();
    const { consent } = await agreed(more);
    const { body } = await pay(consent, more);
    expect(before - (await availableMinor())).toBe(10_000n);
    expect(body.Data.Charges).toMatchObject([{ ChargeBearer: 'BorneByCreditor', Amount: { Amount: '5.00' } }]);
  });

  test.each([
    ['the currency of transfer', { CurrencyOfTransfer: 'USD' }, 'CurrencyOfTransfer'],
    ['who bears the charges', { ChargeBearer: 'BorneByDebtor' }, 'ChargeBearer'],
    ['the kind of rate', rateOf({ RateType: 'Indicative' }), 'ExchangeRateInformation.RateType'],
  ])('CreateInternationalPayments: %s that differs is refused', async (_what, more, field) => {
    const { consent } = await agreed();
    const { status, body } = await pay(consent, more);
    expect([status, codesOf(body)]).toEqual([400, [`U008 Data.Initiation.${field}`]]);
  });
});
