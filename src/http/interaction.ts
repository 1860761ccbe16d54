import type { IncomingMessage } from 'node:http';

/** FAPI's own (FAPI 1.0 Baseline 6.2.1-11): on every answer that is not a standard's, which has its own. */
export const INTERACTION_HEADER = 'x-fapi-interaction-id';

/** The shape of RFC 4122, any version. What does not fit is never reflected. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The client's interaction id when it sent exactly one UUID, else a new one (FAPI 1.0 Baseline 6.2.1-11). */
export function interactionIdOf(request: IncomingMessage, headers: readonly string[], mint: () => string): string {
  for (const name of headers) {
    const values = request.headersDistinct[name];
    const [value] = values ?? [];
    if (values?.length === 1 && value !== undefined && UUID.test(value)) return value;
  }
  return mint();
}
