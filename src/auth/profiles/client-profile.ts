import type { SecurityProfileId, SecurityRequirements } from './security-profile.js';

/** oidc-provider's own names of the profiles it knows something about. */
export type LibraryProfile = '1.0 Final' | '2.0';

/**
 * What a profile forces on a client. oidc-provider's `features.fapi` adds only a few checks of its own; that requests are
 * pushed or signed and tokens are sender-constrained has to be in the client's metadata.
 */
export interface ClientProfile {
  readonly id: SecurityProfileId;
  /** Absent: none, which is plain OAuth 2. */
  readonly library?: LibraryProfile;
  readonly responseType: 'code id_token' | 'code';
  /** Whether tokens may be bound to a DPoP key in place of a certificate. */
  readonly allowsDpop: boolean;
  readonly forced: Readonly<Record<string, unknown>>;
}

const PROFILES: Readonly<Record<SecurityProfileId, ClientProfile>> = {
  // FAPI 1.0 Advanced 5.2.2: signed request object (1), code id_token (2), certificate-bound tokens (5, 6).
  'fapi1-advanced': {
    id: 'fapi1-advanced',
    library: '1.0 Final',
    responseType: 'code id_token',
    allowsDpop: false,
    forced: { require_signed_request_object: true },
  },
  // FAPI 2.0 Security Profile 5.3.2.2: pushed requests (2), response type code (1), sender-constrained tokens (5.3.2.1-4).
  'fapi2-security': {
    id: 'fapi2-security',
    library: '2.0',
    responseType: 'code',
    allowsDpop: true,
    forced: { require_pushed_authorization_requests: true },
  },
  // RFC 8705 2.1 and 3; PKCE is asked of everybody but FAPI 1.
  'code-by-certificate': { id: 'code-by-certificate', responseType: 'code', allowsDpop: false, forced: {} },
};

export function clientProfile(id: SecurityProfileId): ClientProfile {
  return PROFILES[id];
}

/**
 * A registration says by its response types which profile it wants: `code id_token` is FAPI 1 Advanced, `code` is FAPI 2.
 * Nothing said means the bank's first profile. Undefined when the bank has no such profile.
 */
export function profileOfRequest(
  responseTypes: readonly string[] | undefined,
  requirements: Pick<SecurityRequirements, 'profiles'>,
): ClientProfile | undefined {
  const [first] = requirements.profiles;
  if (responseTypes === undefined) return first && PROFILES[first];
  if (responseTypes.length !== 1) return undefined;
  const wanted = responseTypes[0]?.split(' ').sort().join(' ');
  return requirements.profiles.map(clientProfile).find(({ responseType }) => responseType === wanted);
}
