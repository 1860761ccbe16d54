import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { parseDocument } from 'yaml';

/** What these tests read of an operation; references are already resolved. */
interface DescribedOperation {
  readonly operationId?: string;
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly examples?: Readonly<Record<string, { value: unknown }>> }>>;
  };
  readonly responses?: Readonly<Record<string, { readonly headers?: object; readonly content?: object }>>;
}

/** The statuses are those of success. */
type Expectation = readonly [operation: string, operationId: string, ...success: string[]];

const FOLDER = new URL('../../openapi/berlin-group/1.3/', import.meta.url);
const PAYMENT = '/v1/{payment-service}/{payment-product}';
const FUNDS_CONSENTS = '/v2/consents/confirmation-of-funds';

const DOCUMENTS: Readonly<Record<string, readonly Expectation[]>> = {
  'account-information.yaml': [
    ['POST /v1/consents', 'createConsent', '201'],
    ['GET /v1/consents/{consentId}', 'getConsentInformation', '200'],
    ['DELETE /v1/consents/{consentId}', 'deleteConsent', '204'],
    ['GET /v1/consents/{consentId}/status', 'getConsentStatus', '200'],
    ['POST /v1/consents/{consentId}/authorisations', 'startConsentAuthorisation', '201'],
    ['GET /v1/consents/{consentId}/authorisations', 'getConsentAuthorisation', '200'],
    ['GET /v1/consents/{consentId}/authorisations/{authorisationId}', 'getConsentScaStatus', '200'],
    ['PUT /v1/consents/{consentId}/authorisations/{authorisationId}', 'updateConsentsPsuData', '200'],
    ['GET /v1/accounts', 'getAccountList', '200'],
    ['GET /v1/accounts/{account-id}', 'readAccountDetails', '200'],
    ['GET /v1/accounts/{account-id}/balances', 'getBalances', '200'],
    ['GET /v1/accounts/{account-id}/transactions', 'getTransactionList', '200'],
    ['GET /v1/accounts/{account-id}/transactions/{transactionId}', 'getTransactionDetails', '200'],
    ['GET /v1/card-accounts', 'getCardAccountList', '200'],
    ['GET /v1/card-accounts/{account-id}', 'readCardAccountDetails', '200'],
    ['GET /v1/card-accounts/{account-id}/balances', 'getCardAccountBalances', '200'],
    ['GET /v1/card-accounts/{account-id}/transactions', 'getCardAccountTransactionList', '200'],
  ],
  'payment-initiation.yaml': [
    [`POST ${PAYMENT}`, 'initiatePayment', '201'],
    [`GET ${PAYMENT}/{paymentId}`, 'getPaymentInformation', '200'],
    [`DELETE ${PAYMENT}/{paymentId}`, 'cancelPayment', '202', '204'],
    [`GET ${PAYMENT}/{paymentId}/status`, 'getPaymentInitiationStatus', '200'],
    [`POST ${PAYMENT}/{paymentId}/authorisations`, 'startPaymentAuthorisation', '201'],
    [`GET ${PAYMENT}/{paymentId}/authorisations`, 'getPaymentInitiationAuthorisation', '200'],
    [`GET ${PAYMENT}/{paymentId}/authorisations/{authorisationId}`, 'getPaymentInitiationScaStatus', '200'],
    [`PUT ${PAYMENT}/{paymentId}/authorisations/{authorisationId}`, 'updatePaymentPsuData', '200'],
    [`POST ${PAYMENT}/{paymentId}/cancellation-authorisations`, 'startPaymentInitiationCancellationAuthorisation', '201'],
    [
      `GET ${PAYMENT}/{paymentId}/cancellation-authorisations`,
      'getPaymentInitiationCancellationAuthorisationInformation',
      '200',
    ],
    [
      `GET ${PAYMENT}/{paymentId}/cancellation-authorisations/{authorisationId}`,
      'getPaymentCancellationScaStatus',
      '200',
    ],
    [
      `PUT ${PAYMENT}/{paymentId}/cancellation-authorisations/{authorisationId}`,
      'updatePaymentCancellationPsuData',
      '200',
    ],
  ],
  'confirmation-of-funds.yaml': [['POST /v1/funds-confirmations', 'checkAvailabilityOfFunds', '200']],
  'confirmation-of-funds-consents.yaml': [
    [`POST ${FUNDS_CONSENTS}`, 'createConsentConfirmationOfFunds', '201'],
    [`GET ${FUNDS_CONSENTS}/{consentId}`, 'getConsentConfirmationOfFunds', '200'],
    [`DELETE ${FUNDS_CONSENTS}/{consentId}`, 'deleteConsentConfirmationOfFunds', '204'],
    [`GET ${FUNDS_CONSENTS}/{consentId}/status`, 'getConsentConfirmationOfFundsStatus', '200'],
  ],
  'signing-baskets.yaml': [
    ['POST /v1/signing-baskets', 'createSigningBasket', '201'],
    ['GET /v1/signing-baskets/{basketId}', 'getSigningBasket', '200'],
    ['DELETE /v1/signing-baskets/{basketId}', 'deleteSigningBasket', '204'],
    ['GET /v1/signing-baskets/{basketId}/status', 'getSigningBasketStatus', '200'],
    ['POST /v1/signing-baskets/{basketId}/authorisations', 'startSigningBasketAuthorisation', '201'],
    ['GET /v1/signing-baskets/{basketId}/authorisations', 'getSigningBasketAuthorisation', '200'],
    ['GET /v1/signing-baskets/{basketId}/authorisations/{authorisationId}', 'getSigningBasketScaStatus', '200'],
    ['PUT /v1/signing-baskets/{basketId}/authorisations/{authorisationId}', 'updateSigningBasketPsuData', '200'],
  ],
};

const ERRORS = ['400', '401', '403', '404', '405', '406', '408', '409', '415', '429', '500', '503'];
const REQUEST_ID = '99391c7e-ad88-49ec-a2ad-99ddcb1f7721';

describe.each(Object.entries(DOCUMENTS))('berlin-group 1.3 %s', (file, expected) => {
  const source = sourceOf(file);
  const api = backendFor(source.toJS() as Document);
  let operations: readonly DescribedOperation[] = [];

  beforeAll(async () => {
    await api.init();
    operations = api.getOperations() as readonly DescribedOperation[];
  });

  test('is YAML without errors and warnings', () => {
    expect([...source.errors, ...source.warnings]).toEqual([]);
  });

  test('is a valid OpenAPI 3.0 document', async () => {
    await api.loadDocument();
    expect(api.document.openapi).toMatch(/^3\.0\./);
    expect(api.validateDefinition()).toBe(api.document);
  });

  test('has the operations of the standard under their operationIds and nothing else', () => {
    const found = operations.map(({ method, path, operationId }) => `${method.toUpperCase()} ${path}: ${operationId}`);
    expect(found.toSorted()).toEqual(expected.map(([operation, id]) => `${operation}: ${id}`).toSorted());
  });

  test('says in a summary what every operation does, and under which declared tag it belongs', () => {
    const declared = api.document.tags?.map(({ name }) => name);
    expect(operations.filter(({ summary }) => !summary?.trim())).toEqual([]);
    expect(declared?.toSorted()).toEqual([...new Set(operations.flatMap(({ tags = [] }) => tags))].toSorted());
  });

  test('takes a request id and the headers of a signature in every operation, each parameter once', () => {
    for (const { operationId, parameters = [] } of operations) {
      const names = parameters.map(({ name }) => name);
      expect({ operationId, names }).toEqual({
        operationId,
        names: expect.arrayContaining(['X-Request-ID', 'Digest', 'Signature', 'TPP-Signature-Certificate']),
      });
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('answers every operation with the statuses of the standard, each with the request id', () => {
    for (const [, operationId, ...success] of expected) {
      const { responses = {} } = operations.find((each) => each.operationId === operationId) ?? {};
      expect(Object.keys(responses).toSorted()).toEqual([...success, ...ERRORS].toSorted());
      const silent = Object.entries(responses).filter(([, { headers = {} }]) => !('X-Request-ID' in headers));
      expect(silent).toEqual([]);
    }
  });

  test('has no enumeration with a value twice, which Ajv would refuse', () => {
    expect(enumerationsOf(source.toJS()).filter((values) => new Set(values).size !== values.length)).toEqual([]);
  });

  test.each(expected)('%s: the validators of requests and answers compile', (_, operationId, ...success) => {
    const { validator } = api;
    expect(validator.getRequestValidatorsForOperation(operationId)).not.toBeNull();
    const answers = validator.getStatusBasedResponseValidatorForOperation(operationId) ?? {};
    const bodies = success.filter((status) => status !== '204');
    expect(Object.keys(answers)).toEqual(expect.arrayContaining([...bodies, '400', '401', '403', '404', '405', '409']));
    expect(validator.getResponseHeadersValidatorForOperation(operationId)).not.toBeNull();
  });

  test('shows examples of requests, which their schemas admit', () => {
    for (const { operationId = '', method, path, requestBody } of operations) {
      for (const [name, { value }] of Object.entries(requestBody?.content['application/json']?.examples ?? {})) {
        const request = { method, path: filled(path), headers: HEADERS, body: value, query: {} };
        const { errors } = api.validator.validateRequest(request, operationId);
        expect({ operationId, name, errors: errors ?? [] }).toEqual({ operationId, name, errors: [] });
      }
    }
  });
});

describe('berlin-group 1.3 documents together', () => {
  const documents = Object.keys(DOCUMENTS).map((file) => ({ file, document: sourceOf(file).toJS() as Components }));

  test('have no operationId twice, so that it can name a handler', () => {
    const ids = Object.values(DOCUMENTS).flatMap((operations) => operations.map(([, id]) => id));
    expect(new Set(ids).size).toBe(42);
    expect(ids).toHaveLength(42);
  });

  test('say the same in components of the same name, but for the codes of each service', () => {
    const seen = new Map<string, unknown>();
    // The consents to confirmation of funds are of an older version.
    for (const { file, document } of documents.filter(({ file }) => file !== 'confirmation-of-funds-consents.yaml')) {
      for (const [section, components] of Object.entries(document.components)) {
        for (const [name, component] of Object.entries(components)) {
          const key = `${section}/${name}`;
          if (differsByService(key)) continue;
          if (seen.has(key)) expect({ file, key, component }).toEqual({ file, key, component: seen.get(key) });
          seen.set(key, component);
        }
      }
    }
  });
});

describe('berlin-group 1.3 alternatives', () => {
  const api = backendFor(sourceOf('payment-initiation.yaml').toJS() as Document);
  const link = { href: '/v1/payments/sepa-credit-transfers/p1/authorisations/a1' };
  const fees = { transactionFees: { currency: 'EUR', amount: '0.10' } };

  beforeAll(async () => {
    await api.init();
  });

  test.each([
    ['identification', { scaStatus: 'psuIdentified', ...fees, _links: { scaStatus: link } }],
    ['authentication', { scaStatus: 'psuAuthenticated', scaMethods: [], _links: { selectAuthenticationMethod: link } }],
    ['choice of a method', { scaStatus: 'scaMethodSelected', challengeData: { data: ['12'] }, _links: {} }],
    ['code', { scaStatus: 'finalised' }],
    ['confirmation code', { scaStatus: 'failed', _links: { scaStatus: link } }],
  ])('the answer to an update admits that of the step: %s', (_, body) => {
    expect(api.validator.validateResponse(body, 'updatePaymentPsuData', 200).errors).toBeNull();
  });

  test('the answer to an update refuses a status that the standard does not have', () => {
    const { errors } = api.validator.validateResponse({ scaStatus: 'done' }, 'updatePaymentPsuData', 200);
    expect(errors).not.toBeNull();
  });

  test.each([
    ['a single payment', {}],
    ['a periodic payment', { startDate: '2027-02-01', frequency: 'Monthly' }],
  ])('reading a payment admits %s with its status', (_, terms) => {
    const account = { iban: 'DE75512108001245126199' };
    const payment = { debtorAccount: account, creditorAccount: account, creditorName: 'Emma Petersen' };
    const body = { ...payment, instructedAmount: { currency: 'EUR', amount: '1.00' }, transactionStatus: 'RCVD', ...terms };
    expect(api.validator.validateResponse(body, 'getPaymentInformation', 200).errors).toBeNull();
  });

  test('an error has the codes of its status and service, and no others', () => {
    const answer = (code: string) => ({ tppMessages: [{ category: 'ERROR', code, text: 'Not on that day.' }] });
    const { validator } = api;
    expect(validator.validateResponse(answer('EXECUTION_DATE_INVALID'), 'initiatePayment', 400).errors).toBeNull();
    expect(validator.validateResponse(answer('ACCESS_EXCEEDED'), 'initiatePayment', 400).errors).not.toBeNull();
    expect(validator.validateResponse(answer('CANCELLATION_INVALID'), 'cancelPayment', 405).errors).toBeNull();
    expect(validator.validateResponse(answer('CANCELLATION_INVALID'), 'initiatePayment', 405).errors).not.toBeNull();
  });

  test('a payment needs a service and a product of the standard and the address of the customer', () => {
    const account = { iban: 'DE75512108001245126199' };
    const payment = { debtorAccount: account, creditorAccount: account, creditorName: 'Emma Petersen' };
    const body = { ...payment, instructedAmount: { currency: 'EUR', amount: '1.00' } };
    const findings = (path: string, headers: Readonly<Record<string, string>>) => {
      const request = { method: 'post', path, headers, query: {}, body };
      const { errors } = api.validator.validateRequest(request, 'initiatePayment');
      return (errors ?? []).map(({ instancePath, keyword, params }) => ({ instancePath, keyword, params }));
    };
    expect(findings('/v1/payments/sepa-credit-transfers', HEADERS)).toEqual([]);
    expect(findings('/v1/payments/faster-payments', HEADERS)).toEqual([
      expect.objectContaining({ instancePath: '/path/payment-product', keyword: 'enum' }),
    ]);
    expect(findings('/v1/standing-orders/sepa-credit-transfers', HEADERS)).toEqual([
      expect.objectContaining({ instancePath: '/path/payment-service', keyword: 'enum' }),
    ]);
    expect(findings('/v1/payments/sepa-credit-transfers', { 'x-request-id': REQUEST_ID })).toEqual([
      { instancePath: '/header', keyword: 'required', params: { missingProperty: 'psu-ip-address' } },
    ]);
  });
});

const HEADERS = { 'x-request-id': REQUEST_ID, 'psu-ip-address': '192.0.2.17', 'consent-id': 'c1' };

interface Components {
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Each service has its own codes. Only account information has codes for 406 and 429, and confirmation of funds has one
 * list more for the second form of a 401.
 */
function differsByService(key: string): boolean {
  const special = ['responses/NotAcceptable', 'responses/TooManyRequests', 'schemas/UnauthorizedProblem'];
  return /^schemas\/\w+Code$/.test(key) || special.includes(key);
}

function sourceOf(file: string): ReturnType<typeof parseDocument> {
  return parseDocument(readFileSync(new URL(file, FOLDER), 'utf8'));
}

function backendFor(definition: Document): OpenAPIBackend {
  return new OpenAPIBackend({
    definition,
    quick: true,
    strict: true,
    // Formats have to be known to be compiled; what they admit is not the matter of these tests.
    ajvOpts: { formats: { 'date-time': true, date: true, uri: true, url: true, uuid: true, ipv4: true, byte: true } },
  });
}

/** A path with its parameters, as far as they have to be words of the standard. */
function filled(path: string): string {
  return path
    .replace('{payment-service}', 'payments')
    .replace('{payment-product}', 'sepa-credit-transfers')
    .replaceAll(/\{[^}]+\}/g, 'id');
}

function enumerationsOf(value: unknown): readonly (readonly unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'enum' in value && Array.isArray(value.enum) ? [value.enum as readonly unknown[]] : [];
  return [...own, ...Object.values(value).flatMap(enumerationsOf)];
}
