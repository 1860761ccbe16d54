import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { STANDARDS } from '../../../src/standards/registry.js';

interface DescribedOperation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly { readonly $ref: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly 'x-sandbank-coverage'?: string;
}

const version = STANDARDS.find(({ id }) => id === 'uk-obie')!.versions[0]!;

function operationsOf(document: string): readonly DescribedOperation[] {
  const file = new URL(`../../../openapi/${document}`, import.meta.url);
  const { paths } = parse(readFileSync(file, 'utf8')) as { paths: Record<string, Record<string, DescribedOperation>> };
  return Object.values(paths).flatMap((item) => Object.values(item));
}

describe.each(version.apis)('uk-obie 4.0 $id', (api) => {
  const described = operationsOf(api.document);

  test('what is not implemented is what the document marks so, each with a reason', () => {
    const marked = described.filter((operation) => operation['x-sandbank-coverage'] === 'not-implemented');
    expect(Object.keys(api.notImplemented).sort()).toEqual(marked.map(({ operationId }) => operationId).sort());
    for (const reason of Object.values(api.notImplemented)) expect(reason).toMatch(/^[A-Z].+\.$/);
  });

  test('every other operation of the document has a handler, and no handler is without an operation', () => {
    const open = described.filter((operation) => operation['x-sandbank-coverage'] === undefined);
    expect(Object.keys(api.operations).sort()).toEqual(open.map(({ operationId }) => operationId).sort());
  });

  test.each(described.filter(({ operationId }) => Object.hasOwn(api.operations, operationId)))(
    '$operationId: grant, scope, signature and idempotency are those of the document',
    ({ operationId, security, parameters, responses }) => {
      const { policy } = api.operations[operationId]!;
      const [[scheme, scopes]] = Object.entries(security[0]!) as [[string, readonly string[]]];
      expect(policy.access.grant).toBe(scheme === 'clientCredentials' ? 'client' : 'customer');
      expect('scopes' in policy.access ? policy.access.scopes : []).toEqual(scopes);
      const names = parameters.map(({ $ref }) => $ref.split('/').at(-1));
      expect(policy.idempotencyKey === 'required').toBe(names.includes('IdempotencyKey'));
      expect(policy.signature?.request ?? false).toBe(names.includes('JwsSignature'));
      expect(policy.signature?.response ?? false).toBe(
        api.id === 'payment-initiation' && Object.keys(responses).length > 0,
      );
    },
  );
});

describe('uk-obie 4.0', () => {
  test('the path is that of the whole version, never v4 or v4.0.1', () => {
    expect([version.basePath, ...version.apis.map(({ path }) => path)]).toEqual(['open-banking/v4.0', 'aisp', 'pisp']);
  });

  test('every operation on one account names the parameter that must be covered', () => {
    for (const [operationId, { policy }] of Object.entries(version.apis[0]!.operations)) {
      if (!operationId.includes('AccountsAccountId')) continue;
      expect(policy.access).toMatchObject({ accountParameter: 'AccountId' });
    }
  });
});
