import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { MS_PER_DAY } from '../../../src/kernel/index.js';
import { ukObie } from '../../../src/standards/uk-obie/index.js';
import { PERMISSIONS } from '../../../src/standards/uk-obie/permissions.js';
import { openWorld, type Asked, type World } from './world.js';
import type { Json } from './json.js';

const FOLDER = new URL('../../golden/uk-obie/', import.meta.url);
const OPERATIONS = ukObie.versions[0]!.apis.flatMap(({ operations }) => Object.keys(operations));

/** One story of a third party, told in one go so that ids and times are always the same. */
async function tellStory(): Promise<ReadonlyMap<string, unknown>> {
  const world = await openWorld();
  const told = new Map<string, unknown>();
  const ask = async (operationId: string, asked: Asked): Promise<Json> => {
    const { status, body } = await world.ask(operationId, asked);
    told.set(operationId, body === null ? { status } : { status, body });
    return body;
  };

  const Permissions = [...PERMISSIONS];
  const period = { ExpirationDateTime: '2027-03-31T00:00:00+01:00', TransactionFromDateTime: '2026-01-01T00:00:00' };
  const lodged = await ask('CreateAccountAccessConsents', { body: { Data: { Permissions, ...period }, Risk: {} } });
  const params = { ConsentId: lodged.Data.ConsentId };
  const consent = await world.authorise(params.ConsentId, [world.current.id, world.card.id]);
  await ask('GetAccountAccessConsentsConsentId', { params });
  for (const operationId of OPERATIONS.filter((name) =>
    /^Get(Accounts|Balances|Transactions|Party)(?!.*(?:StandingOrders|DirectDebits|ScheduledPayments|Beneficiaries|Statement))/.test(
      name,
    ),
  )) {
    await ask(operationId, { params: { AccountId: world.current.id }, consent });
  }
  const statement = { AccountId: world.current.id, StatementId: `${world.current.id}-s202610` };
  for (const operationId of OPERATIONS.filter((name) =>
    /StandingOrders|DirectDebits|Beneficiaries|Statement/.test(name),
  )) {
    if (operationId.startsWith('Get')) await ask(operationId, { params: statement, consent });
  }
  await ask('DeleteAccountAccessConsentsConsentId', { params });

  const bens = world.bens.identifiers.find(({ scheme }) => scheme === 'sort-code-account-number')!;
  const Initiation = {
    InstructionIdentification: 'ORDER-2041',
    EndToEndIdentification: 'LANTERN-2041',
    LocalInstrument: 'UK.OBIE.FPS',
    InstructedAmount: { Amount: '24.90', Currency: 'GBP' },
    CreditorAccount: {
      SchemeName: 'UK.OBIE.SortCodeAccountNumber',
      Identification: bens.identification,
      Name: 'Ben Okafor',
    },
    RemittanceInformation: { Unstructured: ['Order 2041'] },
  };
  const Risk = { PaymentContextCode: 'TransferToThirdParty' };
  const asked = { Data: { ReadRefundAccount: 'Yes', Initiation }, Risk };
  const { Data } = await ask('CreateDomesticPaymentConsents', { body: asked, key: 'consent-key' });
  const paying = await world.authorise(Data.ConsentId, [world.current.id]);
  const ofConsent = { params: { ConsentId: Data.ConsentId } };
  await ask('GetDomesticPaymentConsentsConsentId', ofConsent);
  await ask('GetDomesticPaymentConsentsConsentIdFundsConfirmation', { ...ofConsent, consent: paying });
  const order = { Data: { ConsentId: Data.ConsentId, Initiation }, Risk };
  const paid = await ask('CreateDomesticPayments', { body: order, key: 'order-key', consent: paying });
  await world.advance(60_000);
  const ofPayment = { params: { DomesticPaymentId: paid.Data.DomesticPaymentId } };
  await ask('GetDomesticPaymentsDomesticPaymentId', ofPayment);
  await ask('GetDomesticPaymentsDomesticPaymentIdPaymentDetails', ofPayment);
  await payAbroad(world, ask);
  await world.payLater('2026-12-24');
  for (const operationId of ['GetAccountsAccountIdScheduledPayments', 'GetScheduledPayments']) {
    await ask(operationId, { params: { AccountId: world.current.id }, consent });
  }
  await world.close();
  return told;
}

/** Euros to a bank that is not of this world. */
async function payAbroad(world: World, ask: (operationId: string, asked: Asked) => Promise<Json>): Promise<void> {
  const Initiation = {
    InstructionIdentification: 'ORDER-3107',
    EndToEndIdentification: 'LANTERN-3107',
    ChargeBearer: 'BorneByDebtor',
    CurrencyOfTransfer: 'EUR',
    InstructedAmount: { Amount: '75.00', Currency: 'EUR' },
    ExchangeRateInformation: { UnitCurrency: 'GBP', RateType: 'Actual' },
    CreditorAccount: {
      SchemeName: 'UK.OBIE.IBAN',
      Identification: 'DE89370400440532013000',
      Name: 'Buchhandlung Leuchtturm',
    },
    RemittanceInformation: { Unstructured: ['Order 3107'] },
  };
  const Risk = { PaymentContextCode: 'TransferToThirdParty' };
  const asked = { Data: { ReadRefundAccount: 'Yes', Initiation }, Risk };
  const { Data } = await ask('CreateInternationalPaymentConsents', { body: asked, key: 'abroad-consent-key' });
  const paying = await world.authorise(Data.ConsentId, [world.current.id]);
  const ofConsent = { params: { ConsentId: Data.ConsentId } };
  await ask('GetInternationalPaymentConsentsConsentId', ofConsent);
  await ask('GetInternationalPaymentConsentsConsentIdFundsConfirmation', { ...ofConsent, consent: paying });
  const order = { Data: { ConsentId: Data.ConsentId, Initiation }, Risk };
  const paid = await ask('CreateInternationalPayments', { body: order, key: 'abroad-order-key', consent: paying });
  await world.advance(2 * MS_PER_DAY);
  const ofPayment = { params: { InternationalPaymentId: paid.Data.InternationalPaymentId } };
  await ask('GetInternationalPaymentsInternationalPaymentId', ofPayment);
  await ask('GetInternationalPaymentsInternationalPaymentIdPaymentDetails', ofPayment);
}

describe('uk-obie golden answers', () => {
  let told: ReadonlyMap<string, unknown>;
  beforeAll(async () => {
    told = await tellStory();
  });

  // UPDATE_GOLDEN=1 writes the files, which are then reviewed like code. Every answer was checked against its document.
  test.each(OPERATIONS)('%s', (operationId) => {
    const file = new URL(`${operationId}.json`, FOLDER);
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, `${JSON.stringify(told.get(operationId), null, 2)}\n`);
    }
    expect(existsSync(file)).toBe(true);
    expect(told.get(operationId)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  test('there is a file for every operation, and no other', () => {
    const files = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ''));
    expect(files.sort()).toEqual([...OPERATIONS].sort());
  });
});
