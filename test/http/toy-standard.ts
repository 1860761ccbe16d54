import { createHash } from 'node:crypto';

import { SandbankError, type ErrorCode } from '../../src/kernel/index.js';
import type { Call, Operation, Reply, StandardVersion } from '../../src/standards/standard.js';

/** A standard that nobody publishes: it proves the pipeline without leaning on a named one. */
export interface Toy {
  readonly version: StandardVersion;
  /** What each handler was called with, in order. */
  readonly calls: Call[];
  /** Replaces the reply of an operation. */
  answer(operationId: string, reply: (call: Call) => Reply | Promise<Reply>): void;
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  'token.missing': 401,
  'token.unknown': 401,
  'token.expired': 401,
  'token.revoked': 401,
  'token.wrong-certificate': 401,
  'client.unknown': 401,
  'client.certificate-invalid': 403,
  'token.wrong-grant': 403,
  'token.insufficient-scope': 403,
  'consent.capability-missing': 403,
  'consent.account-not-covered': 403,
  'consent.expired': 403,
  'consent.revoked': 403,
  'consent.consumed': 403,
  'consent.wrong-status': 403,
  'operation.unknown': 404,
  'operation.method-not-allowed': 405,
  'request.not-acceptable': 406,
  'request.too-large': 413,
  'request.unsupported-media-type': 415,
  'operation.not-implemented': 501,
  internal: 500,
};

/** Not a signature, but bound to the bytes: enough to see which bytes were signed. */
export const seal = (bytes: Uint8Array): string => `seal-${createHash('sha256').update(bytes).digest('hex')}`;

export function createToy(): Toy {
  const calls: Call[] = [];
  const replies = new Map<string, (call: Call) => Reply | Promise<Reply>>();
  const operation = (policy: Operation['policy']): Operation => ({
    policy,
    handle: async (call) => {
      calls.push(call);
      return (replies.get(call.operationId) ?? (() => ({ status: 200, body: { id: 'a1' } })))(call);
    },
  });
  const accounts = { grant: 'customer', scopes: ['accounts'], consent: 'account-access' } as const;
  return {
    calls,
    answer: (operationId, reply) => replies.set(operationId, reply),
    version: {
      id: 'toy/1.0',
      version: '1.0',
      basePath: 'toy/v1',
      apis: [
        {
          id: 'toy',
          title: 'Toy',
          document: 'toy.yaml',
          path: 'things',
          operations: {
            LodgeConsent: operation({ access: { grant: 'client', scopes: ['accounts'] } }),
            ListAccounts: operation({ access: { ...accounts, anyOf: ['accounts.list', 'balances'] } }),
            ReadAccount: operation({
              access: { ...accounts, allOf: ['accounts.list', 'accounts.identifiers'], accountParameter: 'AccountId' },
            }),
            ForgetAccount: operation({ access: { ...accounts, accountParameter: 'AccountId' } }),
            Pay: operation({
              access: { grant: 'customer', scopes: ['payments'], consent: 'payment' },
              signature: { request: true, response: true },
              idempotencyKey: 'required',
            }),
          },
          notImplemented: { ListStatements: 'Statements come with the next chapter.' },
        },
      ],
      security: {} as NonNullable<StandardVersion['security']>,
      consents: {} as NonNullable<StandardVersion['consents']>,
      wire: {
        interactionHeader: 'x-fapi-interaction-id',
        idempotency: { header: 'x-idempotency-key', maxLength: 40 },
        contentType: 'application/json; charset=utf-8',
        error: (error, context) => ({
          status: STATUS[error.code] ?? 400,
          ...(error.code !== 'token.missing' && {
            body: {
              code: error.code,
              message: error.message,
              interaction: context.interactionId,
              findings: error.details.findings,
              reason: error.details['reason'],
            },
          }),
        }),
        finding: (violation) => ({
          code: violation.keyword === 'required' ? 'field.missing' : 'field.invalid',
          message: violation.message,
          path: `${violation.where}${violation.pointer}`,
        }),
        signature: {
          header: 'x-toy-seal',
          verify: async ({ rawBody, signature }) => {
            if (signature === undefined) throw new SandbankError('signature.missing', 'No seal.');
            if (signature !== seal(rawBody)) throw new SandbankError('signature.invalid', 'Another seal.');
          },
          sign: async ({ rawBody }) => seal(rawBody),
        },
      },
    },
  };
}
