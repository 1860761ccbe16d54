import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { EMBEDDED, type Json } from '../support/berlin-party.js';
import { openBerlinStage, type BerlinStage, type Person } from '../support/berlin-stage.js';
import { customerOf, type Customer } from '../support/customer.js';
import { newThirdParty } from '../support/test-sandbox.js';
import type { ApiAnswer, ThirdParty } from '../support/third-party.js';
import { accessTo, balancesOf, bodyOf, type WireErrors } from '../support/uk-bank.js';
import {
  approvedAbroad,
  lodgeAbroad,
  payAbroad,
  planAbroad,
  readAbroad,
  type PlanAbroad,
  type WireConsentAbroad,
  type WirePaymentAbroad,
} from '../support/uk-payments-abroad.js';

let stage: BerlinStage;
let tpp: ThirdParty;
let hybrid: ThirdParty;
let payer: Customer;
let payee: { readonly name: string; readonly iban: string };
beforeAll(async () => {
  stage = await openBerlinStage();
  tpp = await newThirdParty(stage.sandbox, { profile: 'fapi2-security', clientAuthentication: 'private_key_jwt' });
  hybrid = await newThirdParty(stage.sandbox, { name: 'Hybrid Lantern', profile: 'fapi1-advanced' });
  payer = await customerOf(stage.sandbox, 'salaried-renter');
  payee = { name: stage.payee.name, iban: stage.payee.ibans[0] ?? '' };
}, 120_000);
afterAll(async () => {
  await tpp?.close();
  await hybrid?.close();
  await stage?.close();
});

const pence = (text: string): bigint => BigInt(text.replace('.', ''));
const codesOf = ({ body }: ApiAnswer): readonly string[] =>
  (body as WireErrors).Errors.map(({ ErrorCode, Path }) => [ErrorCode, Path].filter(Boolean).join(' '));

/** What bears the reference on somebody's giro account at Dogger Bank, as a third party with a certificate reads it. */
async function linesAtDogger(person: Person, reference: string): Promise<readonly string[]> {
  const consent = await stage.party.ask('POST', '/v1/consents', {
    body: {
      access: { transactions: [{ iban: person.ibans[0] }] },
      recurringIndicator: false,
      validUntil: '2026-12-31',
      frequencyPerDay: 1,
      combinedServiceIndicator: false,
    },
    headers: EMBEDDED,
  });
  await stage.embedded(consent.body._links.updatePsuAuthentication.href, person);
  const { body } = await stage.party.ask(
    'GET',
    `/v1/accounts/${person.accounts[0]?.id ?? ''}/transactions?bookingStatus=booked&dateFrom=2026-06-16`,
    { headers: { 'consent-id': consent.body.consentId } },
  );
  return body.transactions.booked
    .filter((line: Json) => line.remittanceInformationUnstructured === reference)
    .map((line: Json) => `${line.transactionAmount.amount} ${line.transactionAmount.currency}`);
}

describe.each([
  ['FAPI 2', () => tpp],
  ['FAPI 1 Advanced', () => hybrid],
])('euros from Bramble Bank to Dogger Bank, by a %s client', (_profile, client) => {
  test('are quoted, approved, confirmed, ordered once and arrive to the cent', async () => {
    const access = await accessTo(client(), payer);
    const from = payer.accounts[0]?.id ?? '';
    const before = await balancesOf(client(), access.token, from);

    const plan = planAbroad({ amount: '75.00', payee });
    const lodged = bodyOf(await lodgeAbroad(client(), plan), 201).Data;
    expect(lodged).toMatchObject({ Status: 'AWAU', Initiation: plan.initiation });
    const rate = lodged.ExchangeRateInformation!;
    expect(rate).toMatchObject({ UnitCurrency: 'GBP', RateType: 'Actual' });
    expect(Date.parse(rate.ExpirationDateTime ?? '')).toBeGreaterThan(Date.parse(stage.sandbox.clock.now()));
    expect(lodged.Charges).toEqual([
      { ChargeBearer: 'Shared', Type: expect.any(String), Amount: { Amount: expect.any(String), Currency: 'GBP' } },
    ]);

    const pending = await client().beginConsent(lodged.ConsentId, 'payments');
    const tokens = await client().finishConsent(pending, await payer.pay(pending.authorizationUrl, from));
    const granted = { consentId: lodged.ConsentId, token: tokens.access_token };
    const path = `/international-payment-consents/${granted.consentId}`;
    const read = await readAbroad<WireConsentAbroad>(client(), path);
    expect(bodyOf(read, 200).Data).toMatchObject({ Status: 'AUTH', ExchangeRateInformation: rate });
    const funds = await client().call<Json>('GET', `/pisp${path}/funds-confirmation`, { token: granted.token });
    expect(bodyOf(funds, 200).Data.FundsAvailableResult.FundsAvailable).toBe(true);

    const order = await payAbroad(client(), plan, granted);
    const { InternationalPaymentId: id, ...paid } = bodyOf(order, 201).Data;
    expect(paid).toMatchObject({
      ConsentId: granted.consentId,
      Status: 'RCVD',
      Initiation: plan.initiation,
      Charges: lodged.Charges,
      ExchangeRateInformation: { UnitCurrency: 'GBP', RateType: 'Actual', ExchangeRate: rate.ExchangeRate },
    });
    expect(paid.Refund).toEqual({ Account: paid.Debtor });
    const replay = await payAbroad(client(), plan, granted);
    expect(bodyOf(replay, 201).Data.InternationalPaymentId).toBe(id);
    const second = await payAbroad(client(), plan, { ...granted, idempotencyKey: randomUUID() });
    expect([second.status, codesOf(second)]).toEqual([400, ['U009']]);
    for (const answer of [read, funds, order, replay, second])
      await expect(client().verifySignature(answer)).resolves.toBeDefined();

    // The rate says how many euros a pound is worth, so 75 euros cost 75 divided by it; the charges come on top.
    const cost = BigInt(Math.round(7500 / rate.ExchangeRate)) + pence(lodged.Charges![0]!.Amount.Amount);
    expect(before.available - (await balancesOf(client(), access.token, from)).available).toBe(cost);

    await stage.sandbox.clock.advance('P3D');
    const settled = bodyOf(await readAbroad<WirePaymentAbroad>(client(), `/international-payments/${id}`), 200).Data;
    expect(settled.Status).toBe('ACCC');
    const details = await readAbroad<Json>(client(), `/international-payments/${id}/payment-details`);
    expect(bodyOf(details, 200).Data.PaymentStatus.map(({ Status }: Json) => Status)).toEqual([
      'RCVD',
      'ACCP',
      'ACSP',
      'ACSC',
      'ACCC',
    ]);
    expect(await linesAtDogger(stage.payee, plan.reference)).toEqual(['75.00 EUR']);
    expect(await stage.sandbox.verify()).toMatchObject({ ok: true });
  });
});

describe('what was agreed about the rate', () => {
  test('a quote that has expired is refused, and its contract serves nobody any more', async () => {
    const plan = planAbroad({ amount: '5.00', payee });
    const lodged = bodyOf(await lodgeAbroad(tpp, plan), 201).Data;
    const pending = await tpp.beginConsent(lodged.ConsentId, 'payments');
    const { access_token: token } = await tpp.finishConsent(pending, await payer.pay(pending.authorizationUrl));
    const { ExchangeRate, ContractIdentification } = lodged.ExchangeRateInformation!;
    const agreed = { UnitCurrency: 'GBP', RateType: 'Agreed', ExchangeRate, ContractIdentification };
    const other = planAbroad({ amount: '5.00', payee }, { ExchangeRateInformation: agreed });
    const contract = await approvedAbroad(tpp, payer, other);
    const inTime = bodyOf(await payAbroad(tpp, other, contract), 201).Data;
    expect(inTime).toMatchObject({ Status: 'RCVD', ExchangeRateInformation: agreed });

    const late = planAbroad({ amount: '5.00', payee }, { ExchangeRateInformation: agreed });
    const open = await approvedAbroad(tpp, payer, late);
    await stage.sandbox.clock.advance('PT20M');
    const refusals = [
      await payAbroad(tpp, plan, { consentId: lodged.ConsentId, token }),
      await payAbroad(tpp, late, open),
    ];
    for (const refused of refusals) {
      expect([refused.status, codesOf(refused)]).toEqual([400, ['U042 Data.Initiation.ExchangeRateInformation']]);
      await expect(tpp.verifySignature(refused)).resolves.toBeDefined();
    }
  });

  test('a contract that the bank never gave is refused', async () => {
    const agreed = { UnitCurrency: 'GBP', RateType: 'Agreed', ExchangeRate: 1.9, ContractIdentification: 'FX-0' };
    const plan = planAbroad({ amount: '5.00', payee }, { ExchangeRateInformation: agreed });
    const refused = await payAbroad(tpp, plan, await approvedAbroad(tpp, payer, plan));
    const field = 'Data.Initiation.ExchangeRateInformation.ContractIdentification';
    expect([refused.status, codesOf(refused)]).toEqual([400, [`U002 ${field}`]]);
  });
});

describe('what Bramble Bank does not send abroad', () => {
  const RATE = 'Data.Initiation.ExchangeRateInformation';
  const rate = (more: object) => ({ ExchangeRateInformation: { UnitCurrency: 'GBP', RateType: 'Actual', ...more } });
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'a currency it does not deal in',
      { CurrencyOfTransfer: 'XTS', InstructedAmount: { Amount: '5.00', Currency: 'XTS' } },
      'U023 Data.Initiation.InstructedAmount.Currency',
    ],
    [
      'an amount in a third currency',
      { InstructedAmount: { Amount: '5.00', Currency: 'USD' } },
      'U023 Data.Initiation.InstructedAmount.Currency',
    ],
    [
      'an agreed rate without a contract',
      rate({ RateType: 'Agreed', ExchangeRate: 1.2 }),
      `U004 ${RATE}.ContractIdentification`,
    ],
    [
      'an agreed rate without the rate',
      rate({ RateType: 'Agreed', ContractIdentification: 'FX-1' }),
      `U004 ${RATE}.ExchangeRate`,
    ],
    ['an actual rate with a number', rate({ ExchangeRate: 1.2 }), `U005 ${RATE}.ExchangeRate`],
    [
      'an indicative rate with a contract',
      rate({ RateType: 'Indicative', ContractIdentification: 'FX-1' }),
      `U005 ${RATE}.ContractIdentification`,
    ],
    ['a rate in units of the money that arrives', rate({ UnitCurrency: 'EUR' }), `U002 ${RATE}.UnitCurrency`],
    ['money by Faster Payments', { LocalInstrument: 'UK.OBIE.FPS' }, 'U026 Data.Initiation.LocalInstrument'],
    ['money to the wrong country', { DestinationCountryCode: 'FR' }, 'U002 Data.Initiation.DestinationCountryCode'],
  ])('%s', async (_what, more, refusal) => {
    const answer = await lodgeAbroad(tpp, planAbroad({ amount: '5.00', payee }, more));
    expect([answer.status, codesOf(answer)]).toEqual([400, [refusal]]);
    await expect(tpp.verifySignature(answer)).resolves.toBeDefined();
  });

  test('an order that differs from its consent in the rate asked for, and one under a domestic path', async () => {
    const plan = planAbroad({ amount: '5.00', payee });
    const granted = await approvedAbroad(tpp, payer, plan);
    const changed: PlanAbroad = { ...plan, initiation: { ...plan.initiation, ...rate({ RateType: 'Indicative' }) } };
    const refused = await payAbroad(tpp, changed, granted);
    expect([refused.status, codesOf(refused)]).toEqual([400, [`U008 ${RATE}.RateType`]]);
    const elsewhere = await readAbroad(tpp, `/domestic-payment-consents/${granted.consentId}`);
    expect([elsewhere.status, codesOf(elsewhere)]).toEqual([400, ['U011 ConsentId']]);
    expect(bodyOf(await payAbroad(tpp, plan, granted), 201).Data.Status).toBe('RCVD');
  });
});
