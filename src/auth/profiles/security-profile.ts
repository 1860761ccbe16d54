import type { ConsentKind } from '../../bank/index.js';
import type { Instant } from '../../kernel/index.js';

/** `code-by-certificate`: code flow with PKCE for clients that nobody registered, since their certificate says who they are. */
export type SecurityProfileId = 'fapi1-advanced' | 'fapi2-security' | 'code-by-certificate';

/** What a standard demands of the authorization server. Values only; nothing here knows a standard by name. */
export interface SecurityRequirements {
  /** Profiles a client may be registered under; the first is the default. */
  readonly profiles: readonly SecurityProfileId[];
  /** Beside `openid`: each scope and the kinds of consent it can carry. */
  readonly scopes: Readonly<Record<string, readonly ConsentKind[]>>;
  /** Scopes are asked for with the id of a consent behind a colon: `AIS:c1`. */
  readonly scopesNameConsents?: boolean;
  /** Authorisations are begun by calls of the API: a request goes on with one that waits for its customer. */
  readonly goesOnWithRuns?: boolean;
  /** Which directory role gives the right to a scope. */
  readonly scopeRoles: Readonly<Record<string, readonly string[]>>;
  /** Authentication context classes the journey can reach; the first is what it performs by default. */
  readonly acrValues: readonly string[];
  /** JWS algorithms of request objects, assertions and ID tokens. */
  readonly signingAlgorithms: readonly string[];
  /** Extra claims of ID tokens, by name; the first names the consent: `openbanking_intent_id`. */
  readonly idTokenClaims: readonly string[];
  /** Their values. The end of the refresh token is on the bank's clock, and absent where none was given. */
  idTokenClaimsOf(consentId: string, refreshTokenExpiresAt?: Instant): Readonly<Record<string, unknown>>;
  /** Seconds of business time. */
  readonly accessTokenSeconds: number;
  /** A refresh token lives as long as its consent, and at most this long. */
  readonly refreshTokenSeconds: number;
}

/** An authorization request after its signature was verified, in neutral words. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The parsed `claims` parameter, if there was one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly authorizationDetails?: readonly Readonly<Record<string, unknown>>[];
}
