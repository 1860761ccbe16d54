import { assert, MS_PER_DAY, plusMs } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../bank/index.js';
import { fingerprintOf } from '../kit/canonical-json.js';
import type { Call } from '../standard.js';

export const REQUEST_ID_HEADER = 'x-request-id';

/** One X-Request-ID is one request: the same one within a day is a retry, and finds what the first one made. */
export function idempotencyOf(call: Call, content: unknown = call.body): IdempotencyKey {
  const key = call.headers[REQUEST_ID_HEADER];
  assert(key !== undefined, `${call.operationId} has a request id`);
  return {
    clientId: call.client.clientId,
    key: key.toLowerCase(),
    fingerprint: fingerprintOf([call.operationId, call.params, content]),
    expiresAt: plusMs(call.now, MS_PER_DAY),
  };
}
