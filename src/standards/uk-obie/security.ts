import type { AuthorizationRequest, SecurityRequirements } from '../../auth/profiles/index.js';

const INTENT_CLAIM = 'openbanking_intent_id';
/** Optional in the security profile; on the clock of the bank, as the token itself. */
const REFRESH_TOKEN_CLAIM = 'http://openbanking.org.uk/refresh_token_expires_at';
const DAY_SECONDS = 86_400;

/**
 * FAPI 1.0 Advanced is what the standard prescribes (Open Banking Security Profile); FAPI 2.0 is for third parties that
 * move on. Refresh tokens end with the consent and after 90 days of business time at the latest, the period of the
 * customer's reconfirmation: a clock moved by 91 days ends them.
 */
export const security: SecurityRequirements = {
  profiles: ['fapi1-advanced', 'fapi2-security'],
  scopes: { accounts: ['account-access'], payments: ['payment'] },
  scopeRoles: { accounts: ['AISP'], payments: ['PISP'] },
  acrValues: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'],
  signingAlgorithms: ['PS256'],
  idTokenClaims: [INTENT_CLAIM, REFRESH_TOKEN_CLAIM],
  idTokenClaimsOf: (consentId, refreshTokenExpiresAt) => ({
    [INTENT_CLAIM]: consentId,
    ...(refreshTokenExpiresAt !== undefined && { [REFRESH_TOKEN_CLAIM]: Math.floor(refreshTokenExpiresAt / 1_000) }),
  }),
  accessTokenSeconds: 3_600,
  refreshTokenSeconds: 90 * DAY_SECONDS,
};

/** The intent is named in the `claims` parameter: for the ID token, or for userinfo alone. */
export function consentIdOf(request: AuthorizationRequest): string | undefined {
  return intentIn(request.claims?.id_token) ?? intentIn(request.claims?.userinfo);
}

function intentIn(claims: unknown): string | undefined {
  const intent = member(claims, INTENT_CLAIM);
  const value = member(intent, 'value');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
