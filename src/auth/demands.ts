import { assert } from '../kernel/index.js';
import type { SecurityRequirements } from './profiles/index.js';

/** How oidc-provider's view of a client says that nobody registered it: a member of its metadata and its value. */
export const KNOWN_BY = 'known_by';
export const BY_CERTIFICATE = 'certificate';

/** What the standards of a bank demand of its authorization server. A client is under exactly one of them. */
export interface Demands {
  /** For clients that registered; absent at a bank where nobody does. */
  readonly registered?: SecurityRequirements;
  /** For clients that are known by their certificates; absent at a bank that does not take them. */
  readonly byCertificate?: SecurityRequirements;
}

/** The client of a request, or its metadata. */
type Described = object | undefined;

export function isKnownByCertificate(client: Described): boolean {
  return (client as Readonly<Record<string, unknown>> | undefined)?.[KNOWN_BY] === BY_CERTIFICATE;
}

export function requirementsOf(client: Described, { registered, byCertificate }: Demands): SecurityRequirements {
  const requirements = isKnownByCertificate(client) ? byCertificate : (registered ?? byCertificate);
  assert(requirements, 'an authorization server has somebody to serve');
  return requirements;
}

/** What holds for the server as a whole: the demands of both. */
export function everyDemand({ registered, byCertificate }: Demands): readonly SecurityRequirements[] {
  return [registered, byCertificate].filter((one) => one !== undefined);
}

export function union<T>(demands: Demands, valuesOf: (requirements: SecurityRequirements) => readonly T[]): T[] {
  return [...new Set(everyDemand(demands).flatMap(valuesOf))];
}

/** The name of a scope in `SecurityRequirements.scopes`: `AIS` of `AIS:c1` where scopes name consents. */
export function scopeName(scope: string, { scopesNameConsents = false }: SecurityRequirements): string | undefined {
  if (!scopesNameConsents) return scope;
  const [name, id] = scope.split(':', 2);
  return id === undefined || id === '' ? undefined : name;
}
