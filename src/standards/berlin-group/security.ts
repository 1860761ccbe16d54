import type { AuthorizationRequest, SecurityRequirements } from '../../auth/profiles/index.js';

const CONSENT_CLAIM = 'consent_id';

/**
 * Third parties of this standard are known by their certificate, and their client id is what it calls them. A scope names
 * the resource that the customer is asked for: `AIS:`, `PIS:` (payments and baskets) or `PIIS:` and its id (1.3.12, OAuth2
 * SCA approach).
 */
export const security: SecurityRequirements = {
  profiles: ['code-by-certificate'],
  scopes: {
    AIS: ['account-access'],
    PIS: ['payment', 'bulk-payment', 'periodic-payment', 'basket'],
    PIIS: ['funds-check'],
  },
  scopesNameConsents: true,
  goesOnWithRuns: true,
  scopeRoles: { AIS: ['AISP'], PIS: ['PISP'], PIIS: ['CBPII'] },
  acrValues: ['urn:openbanking:psd2:sca'],
  signingAlgorithms: ['PS256'],
  idTokenClaims: [CONSENT_CLAIM],
  idTokenClaimsOf: (consentId) => ({ [CONSENT_CLAIM]: consentId }),
  accessTokenSeconds: 3_600,
  refreshTokenSeconds: 180 * 86_400,
};

export function consentIdOf({ scopes }: AuthorizationRequest): string | undefined {
  for (const scope of scopes) {
    const match = /^(?:AIS|PIS|PIIS):([^\s:]+)$/.exec(scope);
    if (match) return match[1];
  }
  return undefined;
}
