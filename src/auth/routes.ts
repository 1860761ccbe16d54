/** Below the path of the bank. */
export const ROUTES = {
  authorization: '/authorize',
  token: '/token',
  pushed_authorization_request: '/par',
  jwks: '/jwks',
  introspection: '/introspect',
  revocation: '/revoke',
} as const;

/** Ours, not oidc-provider's (UK DCR 3.3). */
export const REGISTRATION_ROUTE = '/register';
