import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { parseDocument } from 'yaml';

/** What these tests read of an operation; responses are already dereferenced. */
interface DescribedOperation {
  readonly operationId?: string;
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly example?: unknown } }>> };
  readonly responses?: Readonly<Record<string, { readonly content?: unknown }>>;
  readonly 'x-sandbank-coverage'?: string;
}

interface ExpectedDocument {
  readonly file: string;
  readonly operations: number;
  readonly describedInFull: readonly string[];
}

const FOLDER = new URL('../../openapi/uk-obie/4.0/', import.meta.url);

const DOCUMENTS: readonly ExpectedDocument[] = [
  {
    file: 'account-info.yaml',
    operations: 29,
    describedInFull: [
      'CreateAccountAccessConsents',
      'GetAccountAccessConsentsConsentId',
      'DeleteAccountAccessConsentsConsentId',
      'GetAccounts',
      'GetAccountsAccountId',
      'GetAccountsAccountIdBalances',
      'GetBalances',
      'GetAccountsAccountIdTransactions',
      'GetTransactions',
      'GetAccountsAccountIdParties',
      'GetAccountsAccountIdParty',
      'GetParty',
      'GetAccountsAccountIdBeneficiaries',
      'GetBeneficiaries',
      'GetAccountsAccountIdDirectDebits',
      'GetDirectDebits',
      'GetAccountsAccountIdStandingOrders',
      'GetStandingOrders',
      'GetAccountsAccountIdScheduledPayments',
      'GetScheduledPayments',
      'GetAccountsAccountIdStatements',
      'GetAccountsAccountIdStatementsStatementId',
      'GetAccountsAccountIdStatementsStatementIdTransactions',
      'GetStatements',
    ],
  },
  {
    file: 'payment-initiation.yaml',
    operations: 41,
    describedInFull: [
      'CreateDomesticPaymentConsents',
      'GetDomesticPaymentConsentsConsentId',
      'GetDomesticPaymentConsentsConsentIdFundsConfirmation',
      'CreateDomesticPayments',
      'GetDomesticPaymentsDomesticPaymentId',
      'GetDomesticPaymentsDomesticPaymentIdPaymentDetails',
    'CreateInternationalPaymentConsents',
    'GetInternationalPaymentConsentsConsentId',
    'GetInternationalPaymentConsentsConsentIdFundsConfirmation',
    'CreateInternationalPayments',
    'GetInternationalPaymentsInternationalPaymentId',
    'GetInternationalPaymentsInternationalPaymentIdPaymentDetails',
    ],
  },
];

describe.each(DOCUMENTS)('uk-obie 4.0 $file', ({ file, operations: operationCount, describedInFull }) => {
  const source = parseDocument(readFileSync(new URL(file, FOLDER), 'utf8'));
  const api = new OpenAPIBackend({
    definition: source.toJS() as Document,
    quick: true,
    strict: true,
    // Formats have to be known to be compiled; what they admit is not the matter of these tests.
    ajvOpts: { formats: { 'date-time': true, uri: true } },
  });
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

  test('has every operation of the standard once, each with an operationId', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids).toHaveLength(operationCount);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(operationCount);
  });

  test('says in a summary what every operation does', () => {
    expect(operations.filter(({ summary }) => !summary?.trim())).toEqual([]);
  });

  test('names one grant for every operation', () => {
    const schemes = operations.map(({ security = [] }) => security.flatMap((each) => Object.keys(each)).join());
    expect(schemes.filter((scheme) => !['clientCredentials', 'authorisationCode'].includes(scheme))).toEqual([]);
  });

  test('describes an operation in full or marks it as not implemented, never both', () => {
    const undecided = operations.filter((operation) => isDescribed(operation) === isMarked(operation));
    expect(undecided.map(({ operationId }) => operationId)).toEqual([]);
    const described = operations.filter(isDescribed).map(({ operationId }) => operationId);
    expect(described.toSorted()).toEqual(describedInFull.toSorted());
  });

  test('has no enumeration with a value twice, which Ajv would refuse', () => {
    expect(enumerationsOf(source.toJS()).filter((values) => new Set(values).size !== values.length)).toEqual([]);
  });

  test.each(describedInFull)('%s: the validators of requests and answers compile', (operationId) => {
    const { validator } = api;
    expect(validator.getRequestValidatorsForOperation(operationId)).not.toBeNull();
    const answers = validator.getStatusBasedResponseValidatorForOperation(operationId) ?? {};
    expect(Object.keys(answers)).toEqual(expect.arrayContaining([expect.stringMatching(/^20[014]$/), '400', '403', '500']));
    expect(validator.getResponseHeadersValidatorForOperation(operationId)).not.toBeNull();
  });

  test('shows an example in every described request body, which its schema admits', () => {
    for (const { operationId = '', method, path, requestBody } of operations.filter(isDescribed)) {
      if (!requestBody) continue;
      const body = requestBody.content['application/json']?.schema.example;
      expect(body).toBeDefined();
      const headers = { authorization: 'Bearer token', 'x-idempotency-key': 'key-1', 'x-jws-signature': 'a..b' };
      const request = { method, path, headers, body, query: {} };
      const { errors } = api.validator.validateRequest(request, operationId);
      expect({ operationId, errors: errors ?? [] }).toEqual({ operationId, errors: [] });
    }
  });
});

function isMarked(operation: DescribedOperation): boolean {
  const answers = Object.keys(operation.responses ?? {});
  return operation['x-sandbank-coverage'] === 'not-implemented' && answers.includes('501');
}

/** A success with its body (204 has none), and for what creates something the body of the request. */
function isDescribed({ method, requestBody, responses = {} }: DescribedOperation): boolean {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
  if (!success) return false;
  const [status, { content }] = success;
  return (status === '204' || content !== undefined) && (method !== 'post' || requestBody !== undefined);
}

function enumerationsOf(value: unknown): readonly (readonly unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'enum' in value && Array.isArray(value.enum) ? [value.enum as readonly unknown[]] : [];
  return [...own, ...Object.values(value).flatMap(enumerationsOf)];
}
