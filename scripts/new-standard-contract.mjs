// The document of a new standard, and the tests that hold its folder against it.
export const document = ({ title }) => `openapi: 3.0.3
info:
  title: ${title}, accounts
  version: '1.0'
paths:
  /consents:
    post:
      operationId: createConsent
      summary: Asks for access to accounts
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/ConsentRequest' }
      responses:
        '201': { $ref: '#/components/responses/Consent' }
        default: { $ref: '#/components/responses/Error' }
  /consents/{consentId}:
    parameters:
      - { $ref: '#/components/parameters/ConsentId' }
    get:
      operationId: readConsent
      summary: Tells how a consent stands
      responses:
        '200': { $ref: '#/components/responses/Consent' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: deleteConsent
      summary: Ends a consent
      responses:
        '204': { description: The consent has ended. }
        default: { $ref: '#/components/responses/Error' }
  /accounts:
    get:
      operationId: listAccounts
      summary: Lists the accounts of a consent
      responses:
        '200':
          description: The accounts that the customer chose.
          content:
            application/json:
              schema:
                type: object
                required: [accounts]
                properties:
                  accounts: { type: array, items: { $ref: '#/components/schemas/Account' } }
        default: { $ref: '#/components/responses/Error' }
  /accounts/{accountId}:
    parameters:
      - { $ref: '#/components/parameters/AccountId' }
    get:
      operationId: readAccount
      summary: Reads one account
      responses:
        '200':
          description: The account.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Account' }
        default: { $ref: '#/components/responses/Error' }
  /accounts/{accountId}/transactions:
    parameters:
      - { $ref: '#/components/parameters/AccountId' }
    get:
      operationId: listTransactions
      summary: Lists the transactions of an account, newest first
      responses:
        '200':
          description: A page of transactions.
          content:
            application/json:
              schema: { type: object }
        default: { $ref: '#/components/responses/Error' }
components:
  parameters:
    ConsentId: { name: consentId, in: path, required: true, schema: { type: string } }
    AccountId: { name: accountId, in: path, required: true, schema: { type: string } }
  schemas:
    ConsentRequest:
      type: object
      required: [permissions]
      properties:
        permissions: { type: array, minItems: 1, items: { type: string } }
    Consent:
      type: object
      required: [consentId, status]
      properties:
        consentId: { type: string }
        status: { type: string }
    Account:
      type: object
      required: [accountId, type, currency]
      properties:
        accountId: { type: string }
        type: { type: string }
        currency: { type: string }
        nickname: { type: string }
    Error:
      type: object
      required: [code, message]
      properties:
        code: { type: string }
        message: { type: string }
  responses:
    Consent:
      description: The consent.
      content:
        application/json:
          schema: { $ref: '#/components/schemas/Consent' }
    Error:
      description: Why not.
      content:
        application/json:
          schema: { $ref: '#/components/schemas/Error' }
`;

export const coverageTest = ({ name }) => `import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { ERROR_CODES, SandbankError } from '../../../src/kernel/index.js';
import { STANDARDS } from '../../../src/standards/registry.js';
import { serve } from '../served.js';

const OPENAPI = join(import.meta.dirname, '../../../openapi');
const version = STANDARDS.find(({ id }) => id === '${name}')!.versions[0]!;

const described = version.apis.flatMap((api) => {
  const { paths } = parse(readFileSync(join(OPENAPI, api.document), 'utf8')) as {
    paths: Record<string, Record<string, { operationId?: string }>>;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { operationId }]) =>
      operationId === undefined ? [] : [{ api, method: method.toUpperCase(), path, operationId }],
    ),
  );
});

describe('${name} 1.0', () => {
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    served = await serve(version, OPENAPI);
  });

  afterAll(() => served.stop());

  test('has one answer for every operation of its documents, and none beside', () => {
    const answered = version.apis.flatMap((api) => [...Object.keys(api.operations), ...Object.keys(api.notImplemented)]);
    expect([...answered].sort()).toEqual(described.map(({ operationId }) => operationId).sort());
  });

  test.each(described.filter(({ api, operationId }) => Object.hasOwn(api.notImplemented, operationId)))(
    '$operationId: answers 501 with its reason until it is built',
    async ({ api, method, path, operationId }) => {
      const prefix = api.path === '' ? '' : \`/\${api.path}\`;
      const { status, text } = await served.call(\`\${prefix}\${path.replace(/\\{\\w+\\}/g, 'x')}\`, { method });
      const reason = api.notImplemented[operationId]!;
      expect(reason).toMatch(/^[A-Z].+\\.$/);
      expect({ status, text }).toEqual({ status: 501, text: expect.stringContaining(reason) });
    },
  );

  test.each(ERROR_CODES)('%s has a status of an error', (code) => {
    const { status } = version.wire.error(new SandbankError(code, 'No.'), { interactionId: 'i' });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});
`;

export const mappingTest = ({ name }) => `import { describe, expect, test } from '@jest/globals';

import { CAPABILITIES, CONSENT_STATUSES, type Account } from '../../../../src/bank/index.js';
import { instant } from '../../../../src/kernel/index.js';
import { CONSENT_STATUS } from '../../../../src/standards/${name}/codes.js';
import { toAccount } from '../../../../src/standards/${name}/mapping/accounts.js';
import { PERMISSION_FOR, toCapabilities } from '../../../../src/standards/${name}/permissions.js';

const ACCOUNT: Account = {
  id: 'a1',
  bank: 'bank',
  ledgerAccount: 1,
  product: { id: 'p1', name: 'Current', type: 'current', category: 'personal' },
  currency: 'EUR',
  status: 'open',
  nickname: 'Bills',
  holderName: 'MS A CLARKE',
  identifiers: [],
  openedAt: instant(0),
  holders: [],
};

describe('${name}: mapping', () => {
  test('an account shows its id, type, currency and nickname', () => {
    expect(toAccount(ACCOUNT)).toEqual({ accountId: 'a1', type: 'current', currency: 'EUR', nickname: 'Bills' });
  });

  test('every capability has a permission that asks for it', () => {
    expect(toCapabilities(Object.values(PERMISSION_FOR))).toEqual(CAPABILITIES);
  });

  test('every status of a consent has a word', () => {
    expect(Object.keys(CONSENT_STATUS).sort()).toEqual([...CONSENT_STATUSES].sort());
  });
});
`;
