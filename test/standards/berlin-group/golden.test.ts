import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { isNotRead, NOT_READ, READ_WHEN } from '../../../src/standards/berlin-group/coverage.js';
import { declaredParameters } from './declared-parameters.js';
import { CONSENT, ibanOf, openWorld, PETRA, SHOP_IBAN, version, type Asked, type Json } from './world.js';

const FOLDER = new URL('../../golden/berlin-group/', import.meta.url);
const OPERATIONS = version.apis.flatMap(({ operations }) => Object.keys(operations));
const REDIRECT = { 'tpp-redirect-uri': 'https://tpp.example/back' };
const EMBEDDED = {
  'tpp-redirect-preferred': 'false',
  'tpp-decoupled-preferred': 'false',
  'psu-id': PETRA.customerNumber,
};
const EXPLICIT = { ...EMBEDDED, 'tpp-explicit-authorisation-preferred': 'true' };

type World = Awaited<ReturnType<typeof openWorld>>;
type Tell = (operationId: string, call: readonly [string, string], asked?: Asked) => Promise<Json>;

async function tellAccounts(world: World, tell: Tell): Promise<void> {
  const account = { iban: ibanOf(world.giro) };
  const body = { ...CONSENT, access: { accounts: [], balances: [], transactions: [] } };
  const lodged = await tell('createConsent', ['POST', '/v1/consents'], { body, headers: REDIRECT });
  const path = `/v1/consents/${lodged.consentId}`;
  await world.redirect(lodged.consentId, [world.giro.id, world.card.id]);
  await tell('getConsentInformation', ['GET', path]);
  await tell('getConsentStatus', ['GET', `${path}/status`]);
  const headers = { 'consent-id': lodged.consentId };
  const giro = `/v1/accounts/${world.giro.id}`;
  const card = `/v1/card-accounts/${world.card.id}`;
  const days = 'bookingStatus=booked&dateFrom=2026-10-01';
  await tell('getAccountList', ['GET', '/v1/accounts?withBalance=true'], { headers });
  await tell('readAccountDetails', ['GET', giro], { headers });
  await tell('getBalances', ['GET', `${giro}/balances`], { headers });
  const list = await tell('getTransactionList', ['GET', `${giro}/transactions?${days}`], { headers });
  const one = list.transactions.booked[0]._links.transactionDetails.href;
  await tell('getTransactionDetails', ['GET', one], { headers });
  await tell('getCardAccountList', ['GET', '/v1/card-accounts'], { headers });
  await tell('readCardAccountDetails', ['GET', card], { headers });
  await tell('getCardAccountBalances', ['GET', `${card}/balances`], { headers });
  await tell('getCardAccountTransactionList', ['GET', `${card}/transactions?${days}`], { headers });
  await tell('deleteConsent', ['DELETE', path]);

  const other = await world.ask('POST', '/v1/consents', {
    body: { ...CONSENT, access: { balances: [account] } },
    headers: EXPLICIT,
  });
  const start = other.body._links.startAuthorisationWithPsuAuthentication.href;
  const run = await tell('startConsentAuthorisation', ['POST', start], { body: {}, headers: EMBEDDED });
  await tell('getConsentAuthorisation', ['GET', start]);
  const step = run._links.updatePsuAuthentication.href;
  await tell('updateConsentsPsuData', ['PUT', step], { body: { psuData: { password: PETRA.password } } });
  await tell('getConsentScaStatus', ['GET', step]);
}

async function tellPayments(world: World, tell: Tell): Promise<void> {
  const body = {
    endToEndIdentification: 'ORDER-2041',
    debtorAccount: { iban: ibanOf(world.giro) },
    instructedAmount: { currency: 'EUR', amount: '24.90' },
    creditorAccount: { iban: SHOP_IBAN },
    creditorName: 'Laterne Buchhandlung',
    remittanceInformationUnstructured: 'Bestellung 2041',
    requestedExecutionDate: '2026-12-24',
  };
  const sepa = '/v1/payments/sepa-credit-transfers';
  const paid = await tell('initiatePayment', ['POST', sepa], { body, headers: EXPLICIT });
  const self = `${sepa}/${paid.paymentId}`;
  const runs = `${self}/authorisations`;
  const run = await tell('startPaymentAuthorisation', ['POST', runs], {
    body: { psuData: { password: PETRA.password } },
    headers: EMBEDDED,
  });
  await tell('getPaymentInitiationAuthorisation', ['GET', runs]);
  const step = `${runs}/${run.authorisationId}`;
  await tell('updatePaymentPsuData', ['PUT', step], { body: { authenticationMethodId: 'sms' } });
  await world.ask('PUT', step, { body: { scaAuthenticationData: await world.code() } });
  await tell('getPaymentInitiationScaStatus', ['GET', step]);
  await tell('getPaymentInformation', ['GET', self]);
  await tell('getPaymentInitiationStatus', ['GET', `${self}/status`]);
  await tell('cancelPayment', ['DELETE', self], { headers: REDIRECT });
  const recalls = `${self}/cancellation-authorisations`;
  const recall = await tell('startPaymentInitiationCancellationAuthorisation', ['POST', recalls], {
    body: {},
    headers: EMBEDDED,
  });
  await tell('getPaymentInitiationCancellationAuthorisationInformation', ['GET', recalls]);
  const recallStep = `${recalls}/${recall.authorisationId}`;
  const password = { psuData: { password: PETRA.password } };
  await tell('updatePaymentCancellationPsuData', ['PUT', recallStep], { body: password });
  await tell('getPaymentCancellationScaStatus', ['GET', recallStep]);

  const other = await world.ask('POST', sepa, { body, headers: EXPLICIT });
  const members = { paymentIds: [other.body.paymentId] };
  const made = await tell('createSigningBasket', ['POST', '/v1/signing-baskets'], { body: members, headers: EXPLICIT });
  const basket = `/v1/signing-baskets/${made.basketId}`;
  await tell('getSigningBasket', ['GET', basket]);
  await tell('getSigningBasketStatus', ['GET', `${basket}/status`]);
  const basketRuns = `${basket}/authorisations`;
  const begun = await tell('startSigningBasketAuthorisation', ['POST', basketRuns], { body: {}, headers: EMBEDDED });
  await tell('getSigningBasketAuthorisation', ['GET', basketRuns]);
  const basketStep = `${basketRuns}/${begun.authorisationId}`;
  await tell('updateSigningBasketPsuData', ['PUT', basketStep], { body: password });
  await tell('getSigningBasketScaStatus', ['GET', basketStep]);
  await tell('deleteSigningBasket', ['DELETE', basket]);
}

async function tellFunds(world: World, tell: Tell): Promise<void> {
  const account = { iban: ibanOf(world.giro) };
  const path = '/v2/consents/confirmation-of-funds';
  const body = { account, cardNumber: '4111111111111111', registrationInformation: 'Laterne Karte' };
  const lodged = await tell('createConsentConfirmationOfFunds', ['POST', path], { body, headers: REDIRECT });
  await world.redirect(lodged.consentId, []);
  await tell('getConsentConfirmationOfFunds', ['GET', `${path}/${lodged.consentId}`]);
  await tell('getConsentConfirmationOfFundsStatus', ['GET', `${path}/${lodged.consentId}/status`]);
  const question = { account, instructedAmount: { currency: 'EUR', amount: '10.00' } };
  await tell('checkAvailabilityOfFunds', ['POST', '/v1/funds-confirmations'], { body: question });
  await tell('deleteConsentConfirmationOfFunds', ['DELETE', `${path}/${lodged.consentId}`]);
}

/** One story of a third party, told in one go so that ids and times are always the same. */
async function tellStory(): Promise<{
  readonly told: ReadonlyMap<string, unknown>;
  readonly seenRead: World['seenRead'];
}> {
  const world = await openWorld();
  const told = new Map<string, unknown>();
  const tell: Tell = async (operationId, [method, path], asked) => {
    const { status, body } = await world.ask(method, path, asked);
    told.set(operationId, body === null ? { status } : { status, body });
    return body;
  };
  try {
    await tellAccounts(world, tell);
    await tellPayments(world, tell);
    await tellFunds(world, tell);
  } finally {
    await world.close();
  }
  return { told, seenRead: world.seenRead };
}

let story: ReadonlyMap<string, unknown>;
let seenRead: World['seenRead'];
beforeAll(async () => {
  ({ told: story, seenRead } = await tellStory());
});

describe('berlin-group golden answers', () => {
  // UPDATE_GOLDEN=1 writes the files, which are then reviewed like code. Every answer was checked against its document.
  test.each(OPERATIONS)('%s', (operationId) => {
    const file = new URL(`${operationId}.json`, FOLDER);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, `${JSON.stringify(story.get(operationId), null, 2)}\n`);
    }
    expect(existsSync(file)).toBe(true);
    expect(story.get(operationId)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  test('there is a file for every operation, and no other', () => {
    const files = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ''));
    expect(files.sort()).toEqual([...OPERATIONS].sort());
  });
});

/** Read before any handler runs: by the pipeline, for idempotency and for seals. */
const READ_FOR_ALL = ['X-Request-ID', 'Digest', 'Signature', 'TPP-Signature-Certificate'];

describe('berlin-group headers and parameters', () => {
  const declared = declaredParameters();
  const policies = new Map(version.apis.flatMap(({ operations }) => Object.entries(operations)));

  test.each(OPERATIONS)('%s: none is silently ignored', (operationId) => {
    const access = policies.get(operationId)?.policy.access;
    const from = access?.grant === 'certificate' ? access.consent?.from : undefined;
    const read = seenRead.get(operationId) ?? new Set<string>();
    const ignored = [...declared.keys()]
      .filter((name) => declared.get(name)?.includes(operationId) === true)
      .filter((name) => !read.has(name) && !read.has(name.toLowerCase()))
      .filter((name) => !(from && 'header' in from && from.header === name.toLowerCase()))
      .filter((name) => !READ_FOR_ALL.includes(name) && READ_WHEN[name] === undefined)
      .filter((name) => !isNotRead(name, operationId));
    expect(ignored).toEqual([]);
  });

  test('nothing that is listed as not read is read after all', () => {
    const wrong = [...seenRead].flatMap(([operationId, names]) =>
      Object.keys(NOT_READ).filter((name) => isNotRead(name, operationId) && names.has(name.toLowerCase())),
    );
    expect(wrong).toEqual([]);
  });

  test('the lists name what the documents have, with reasons', () => {
    for (const [name, { reason, operations = [], exceptIn = [] }] of Object.entries(NOT_READ)) {
      expect([name, declared.has(name), reason.length > 20]).toEqual([name, true, true]);
      expect(declared.get(name)).toEqual(expect.arrayContaining([...operations, ...exceptIn]));
    }
    expect([...declared.keys()]).toEqual(expect.arrayContaining(Object.keys(READ_WHEN)));
  });
});
