import { randomUUID } from 'node:crypto';

import { forgeJwt, seconds, strangersKeyPem, type Claims, type Forgery } from '../../support/forged-jwt.js';
import { SCA, type ThirdParty } from '../../support/third-party.js';
import { claimsFor, opens, requestParameters, waiting } from './authorization-requests.js';
import type { NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const badObject: Refusal = { status: 400, page: 'invalid_request_object' };

/** Harbour's request object with one thing changed. */
function objects(
  name: string,
  expected: { readonly refused?: Refusal; readonly because: RegExp },
  change: (world: World) => Promise<Forgery> | Forgery,
): NegativeRow {
  return {
    name: `FAPI 1: ${name}`,
    refused: expected.refused ?? badObject,
    because: expected.because,
    given: async (world) => {
      const { harbour } = world;
      const claims = objectClaims(world, await waiting(world, harbour));
      return opens(world, outside(harbour, forgeJwt(harbour.tpp, claims, await change(world))));
    },
  };
}

function objectClaims({ harbour, issuer }: World, consentId: string): Claims {
  const { claims, ...parameters } = requestParameters(harbour, consentId);
  return {
    ...parameters,
    claims: JSON.parse(claims ?? '{}') as unknown,
    iss: harbour.clientId,
    aud: issuer,
    iat: seconds(),
    nbf: seconds(),
    exp: seconds(300),
    jti: randomUUID(),
  };
}

/** Outside the object only what OAuth insists on. */
function outside(client: ThirdParty, request: string): Record<string, string> {
  return { client_id: client.clientId, response_type: 'code id_token', scope: 'openid accounts', request };
}

export const requestObjectRows: readonly NegativeRow[] = [
  objects('a request object with alg none is refused', { because: /none/ }, () => ({ alg: 'none' })),
  objects('a request object signed with RS256 is refused', { because: /RS256/ }, () => ({ alg: 'RS256' })),
  objects('an expired request object is refused', { because: /exp/ }, () => ({
    claims: { iat: seconds(-600), nbf: seconds(-600), exp: seconds(-300) },
  })),
  objects('a request object without exp is refused', { because: /exp/ }, () => ({ claims: { exp: undefined } })),
  objects('a request object without nbf is refused', { because: /nbf/ }, () => ({ claims: { nbf: undefined } })),
  objects('a request object that lives for more than an hour is refused', { because: /exp|60/ }, () => ({
    claims: { exp: seconds(3_700) },
  })),
  objects('a request object that began more than an hour ago is refused', { because: /nbf|60/ }, () => ({
    claims: { nbf: seconds(-3_700), exp: seconds(60) },
  })),
  objects('a request object for another bank is refused', { because: /aud/ }, () => ({
    claims: { aud: 'https://elsewhere.example' },
  })),
  objects('a request object of another issuer is refused', { because: /iss/ }, ({ rival }) => ({
    claims: { iss: rival.clientId },
  })),
  objects('a request object signed by a stranger is refused', { because: /signature|verif/ }, () => ({
    keyPem: strangersKeyPem(),
  })),
  objects('a request object signed by another third party is refused', { because: /key|signature/ }, ({ rival }) => ({
    keyPem: rival.tpp.signing.privateKeyPem,
    header: { kid: rival.tpp.signing.kid },
  })),
  objects(
    'a request object without a redirect URI is refused',
    { refused: { status: 400, page: 'invalid_request' }, because: /redirect_uri/ },
    () => ({ claims: { redirect_uri: undefined } }),
  ),
  objects(
    'a redirect URI that is not registered gets a page and no redirect',
    { refused: { status: 400, page: 'invalid_redirect_uri' }, because: /redirect_uri|redirect URI/ },
    () => ({
      claims: { redirect_uri: 'https://localhost:3000/callback/' },
    }),
  ),
  objects(
    'a request object without scope is refused',
    { refused: { redirect: 'invalid_request' }, because: /scope/ },
    () => ({ claims: { scope: undefined } }),
  ),
  objects(
    'a request object without nonce is refused',
    { refused: { redirect: 'invalid_request' }, because: /nonce/ },
    () => ({ claims: { nonce: undefined } }),
  ),
  objects(
    'response type code alone is refused without JARM',
    { refused: { status: 400, page: 'invalid_request_object' }, because: /response_type/ },
    () => ({ claims: { response_type: 'code' } }),
  ),
  objects(
    'the hybrid answer is not put into the query',
    { refused: { redirect: 'invalid_request' }, because: /response_mode/ },
    () => ({ claims: { response_mode: 'query' } }),
  ),
  objects(
    'the consent of another third party is not authorised',
    { refused: { redirect: 'invalid_request' }, because: /belongs to the client/ },
    async (world) => ({
      claims: { claims: claimsFor(await waiting(world)) },
    }),
  ),
  objects(
    'a consent that does not exist is not authorised',
    { refused: { redirect: 'invalid_request' }, because: /consent exists/ },
    () => ({
      claims: { claims: claimsFor('nobodys-consent') },
    }),
  ),
  objects(
    'a request that names no consent is refused',
    { refused: { redirect: 'invalid_request' }, because: /names a consent/ },
    () => ({
      claims: { claims: { id_token: { acr: { essential: true, value: SCA } } } },
    }),
  ),
  objects(
    'the scope of payments does not fit a consent for accounts',
    { refused: { redirect: 'invalid_request' }, because: /scope fits/ },
    () => ({
      claims: { scope: 'openid payments' },
    }),
  ),
  objects(
    'an essential acr that cannot be reached is refused',
    { refused: { redirect: 'access_denied' }, because: /authentication context/ },
    async (world) => ({
      claims: {
        claims: claimsFor(await waiting(world, world.harbour), { essential: true, value: 'urn:example:iris' }),
      },
    }),
  ),
  objects(
    'without a session prompt=none ends in login_required',
    { refused: { redirect: 'login_required' }, because: /authentication is required/ },
    () => ({
      claims: { prompt: 'none' },
    }),
  ),
  {
    name: 'FAPI 1: plain parameters without a request object are refused',
    given: async (world) => opens(world, requestParameters(world.harbour, await waiting(world, world.harbour))),
    refused: { redirect: 'invalid_request' },
    because: /Request Object|request object/,
  },
];
