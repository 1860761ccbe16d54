import { SandbankError, type ErrorCode } from '../../src/kernel/index.js';
import type { Call, Operation, Reply, StandardVersion } from '../../src/standards/standard.js';
import { createToy, seal } from './toy-standard.js';

/** A standard that knows its callers by certificate, with XML beside JSON and two documents on one base path. */
export interface Certified {
  readonly version: StandardVersion;
  readonly calls: Call[];
  answer(operationId: string, reply: (call: Call) => Reply | Promise<Reply>): void;
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  'account.not-found': 404,
  'client.certificate-invalid': 401,
  'client.certificate-missing': 401,
  'client.certificate-expired': 401,
  'client.certificate-revoked': 401,
  'client.role-missing': 403,
  'consent.not-found': 403,
  'consent.of-another-client': 403,
  'consent.capability-missing': 403,
  'consent.account-not-covered': 403,
  'consent.expired': 401,
  'operation.unknown': 404,
  'operation.method-not-allowed': 405,
  'request.not-acceptable': 406,
  'request.unsupported-media-type': 415,
  internal: 500,
};

export const SETTINGS = { seals: 'if-present' } as const;

export function createCertified(): Certified {
  const calls: Call[] = [];
  const replies = new Map<string, (call: Call) => Reply | Promise<Reply>>();
  const operation = (policy: Operation['policy']): Operation => ({
    policy,
    handle: async (call) => {
      calls.push(call);
      return (replies.get(call.operationId) ?? (() => ({ status: 200, body: {} })))(call);
    },
  });
  const named = { from: { header: 'x-consent' }, kinds: ['account-access'], inForce: true } as const;
  const { wire, ...rest } = createToy().version;
  const api = { title: 'Certified', path: '', notImplemented: {} };
  return {
    calls,
    answer: (operationId, reply) => replies.set(operationId, reply),
    version: {
      ...rest,
      apis: [
        {
          ...api,
          id: 'orders',
          document: 'certified-orders.yaml',
          operations: {
            Order: operation({
              access: { grant: 'certificate', roles: ['payer'] },
              bodyTypes: ['application/xml'],
              signature: {
                request: (settings) => (settings as { seals?: boolean | 'if-present' } | undefined)?.seals ?? false,
                response: false,
              },
            }),
            ReadOrder: operation({
              access: {
                grant: 'certificate',
                roles: ['payer'],
                consent: {
                  from: { parameter: 'order' },
                  kinds: ['payment', 'bulk-payment', 'periodic-payment', 'basket'],
                  inForce: false,
                },
              },
            }),
          },
        },
        {
          ...api,
          id: 'accounts',
          document: 'certified.yaml',
          operations: {
            ListAccounts: operation({ access: { grant: 'certificate', roles: ['reader'], consent: named } }),
            ReadBalances: operation({
              access: {
                grant: 'certificate',
                roles: ['reader', 'auditor'],
                consent: { ...named, allOf: ['balances'], accountParameter: 'account' },
              },
              answerTypes: ['application/json', 'application/xml'],
            }),
            ReadConsent: operation({
              access: {
                grant: 'certificate',
                roles: ['reader'],
                consent: { from: { parameter: 'consent' }, kinds: ['account-access'], inForce: false },
              },
            }),
          },
        },
      ],
      wire: {
        ...wire,
        contentType: 'application/json',
        error: (error) => ({
          status: STATUS[error.code] ?? 400,
          body: {
            code: error.code,
            path: error.details.path,
            place: error.details['place'],
            findings: error.details.findings,
          },
        }),
        signature: {
          header: 'x-seal',
          sign: async () => 'never',
          verify: async ({ rawBody, signature, headers, method, target }) => {
            if (signature === undefined) throw new SandbankError('signature.missing', 'No seal.');
            const signed = `${method} ${target} ${headers['x-digest'] ?? ''} ${Buffer.from(rawBody).toString()}`;
            if (signature !== seal(Buffer.from(signed))) throw new SandbankError('signature.invalid', 'Another seal.');
          },
        },
        readBody: ({ contentType, rawBody }) => {
          const amount = /<amount>(\d+)<\/amount>/.exec(Buffer.from(rawBody).toString())?.[1];
          if (amount === undefined) throw new SandbankError('request.malformed', 'No order.');
          return { from: contentType, amount };
        },
      },
    },
  };
}
