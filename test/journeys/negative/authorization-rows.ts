import { randomUUID } from 'node:crypto';

import { assertionClaims, forgeJwt, seconds, strangersKeyPem, type Claims, type Forgery } from '../../support/forged-jwt.js';
import { SCA, type ThirdParty } from '../../support/third-party.js';
import { approvedPayment, bodyOf, lodgeAccess, planPayment, payeeOf, postPaymentConsent } from '../../support/uk-bank.js';
import type { Attempt, NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const PAR_OK = 201;
const badRequest: Refusal = { status: 400, oauth: 'invalid_request' };
const badObject: Refusal = { status: 400, page: 'invalid_request_object' };

/** A consent of lantern, or of another, that waits for its customer. */
function waiting(world: World, client: ThirdParty = world.lantern): Promise<string> {
  return world.once(`waiting consent of ${client.clientId}`, () => lodgeAccess(client));
}

/** What an authorization request says, whether it is pushed or signed. */
export function requestParameters(client: ThirdParty, consentId: string, scope = 'accounts'): Record<string, string> {
  const hybrid = client.profile === 'fapi1-advanced';
  return {
    client_id: client.clientId,
    response_type: hybrid ? 'code id_token' : 'code',
    redirect_uri: client.tpp.redirectUris[0] ?? '',
    scope: `openid ${scope}`,
    state: randomUUID(),
    nonce: randomUUID(),
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    claims: JSON.stringify(claimsFor(consentId)),
  };
}

function claimsFor(consentId: string, acr: object = { values: [SCA], essential: true }): object {
  return { id_token: { openbanking_intent_id: { value: consentId, essential: true }, acr } };
}

type Change = Readonly<Record<string, string | undefined>>;

/** Pushes lantern's request with one thing changed, which is to be refused there. */
function pushes(
  name: string,
  expected: { readonly refused?: Refusal; readonly because: RegExp },
  change: (world: World) => Promise<Change> | Change,
): NegativeRow {
  return {
    name,
    refused: expected.refused ?? badRequest,
    because: expected.because,
    given: async (world) => {
      const parameters = { ...requestParameters(world.lantern, await waiting(world)), ...(await change(world)) };
      return { send: () => push(world, world.lantern, parameters) };
    },
  };
}

export async function push(
  world: World,
  client: ThirdParty,
  parameters: Change,
): ReturnType<Attempt['send']> {
  const kept = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as Record<string, string>;
  const assertion = await forgeJwt(client.tpp, assertionClaims(client.clientId, world.issuer));
  return client.postForm('pushed_authorization_request_endpoint', {
    ...kept,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
}

async function pushedUri(world: World, parameters: Change): Promise<string> {
  const answer = (await push(world, world.lantern, parameters)) as { status: number; text: string; body: { request_uri: string } };
  if (answer.status !== PAR_OK) throw new Error(`not pushed: ${answer.text}`);
  return answer.body.request_uri;
}

/** Opens the authorization endpoint as a browser that was never there before. */
function opens(world: World, parameters: Readonly<Record<string, string>>): Attempt {
  const url = new URL(world.lantern.metadata.authorization_endpoint ?? '');
  url.search = new URLSearchParams(parameters).toString();
  return { send: () => world.raw().send(url, { headers: { accept: 'text/html' } }) };
}

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
      return opens(world, outside(harbour, await forgeJwt(harbour.tpp, claims, await change(world))));
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

const requestObjectRows: readonly NegativeRow[] = [
  objects('a request object with alg none is refused', { because: /none/ }, () => ({ alg: 'none' })),
  objects('a request object signed with RS256 is refused', { because: /RS256/ }, () => ({ alg: 'RS256' })),
  objects('an expired request object is refused', { because: /exp/ }, () => ({
    claims: { iat: seconds(-600), nbf: seconds(-600), exp: seconds(-300) },
  })),
  objects('a request object without exp is refused', { because: /exp/ }, () => ({ claims: { exp: undefined } })),
  objects('a request object without nbf is refused', { because: /nbf/ }, () => ({ claims: { nbf: undefined } })),
  objects('a request object that lives for more than an hour is refused', { because: /exp|60/ }, () => ({ claims: { exp: seconds(3_700) } })),
  objects('a request object that began more than an hour ago is refused', { because: /nbf|60/ }, () => ({
    claims: { nbf: seconds(-3_700), exp: seconds(60) },
  })),
  objects('a request object for another bank is refused', { because: /aud/ }, () => ({ claims: { aud: 'https://elsewhere.example' } })),
  objects('a request object of another issuer is refused', { because: /iss/ }, ({ rival }) => ({ claims: { iss: rival.clientId } })),
  objects('a request object signed by a stranger is refused', { because: /signature|verif/ }, () => ({ keyPem: strangersKeyPem() })),
  objects('a request object signed by another third party is refused', { because: /key|signature/ }, ({ rival }) => ({
    keyPem: rival.tpp.signing.privateKeyPem,
    header: { kid: rival.tpp.signing.kid },
  })),
  objects('a request object without a redirect URI is refused', { refused: { status: 400, page: 'invalid_request' }, because: /redirect_uri/ }, () => ({ claims: { redirect_uri: undefined } })),
  objects('a redirect URI that is not registered gets a page and no redirect', { refused: { status: 400, page: 'invalid_redirect_uri' }, because: /redirect_uri|redirect URI/ }, () => ({
    claims: { redirect_uri: 'https://localhost:3000/callback/' },
  })),
  objects('a request object without scope is refused', { refused: { redirect: 'invalid_request' }, because: /scope/ }, () => ({ claims: { scope: undefined } })),
  objects('a request object without nonce is refused', { refused: { redirect: 'invalid_request' }, because: /nonce/ }, () => ({ claims: { nonce: undefined } })),
  objects('response type code alone is refused without JARM', { refused: { status: 400, page: 'invalid_request_object' }, because: /response_type/ }, () => ({ claims: { response_type: 'code' } })),
  objects('the hybrid answer is not put into the query', { refused: { redirect: 'invalid_request' }, because: /response_mode/ }, () => ({ claims: { response_mode: 'query' } })),
  objects('the consent of another third party is not authorised', { refused: { redirect: 'invalid_request' }, because: /belongs to the client/ }, async (world) => ({
    claims: { claims: claimsFor(await waiting(world)) },
  })),
  objects('a consent that does not exist is not authorised', { refused: { redirect: 'invalid_request' }, because: /consent exists/ }, () => ({
    claims: { claims: claimsFor('nobodys-consent') },
  })),
  objects('a request that names no consent is refused', { refused: { redirect: 'invalid_request' }, because: /names a consent/ }, () => ({
    claims: { claims: { id_token: { acr: { essential: true, value: SCA } } } },
  })),
  objects('the scope of payments does not fit a consent for accounts', { refused: { redirect: 'invalid_request' }, because: /scope fits/ }, () => ({
    claims: { scope: 'openid payments' },
  })),
  objects('an essential acr that cannot be reached is refused', { refused: { redirect: 'access_denied' }, because: /authentication context/ }, async (world) => ({
    claims: { claims: claimsFor(await waiting(world, world.harbour), { essential: true, value: 'urn:example:iris' }) },
  })),
  objects('without a session prompt=none ends in login_required', { refused: { redirect: 'login_required' }, because: /authentication is required/ }, () => ({
    claims: { prompt: 'none' },
  })),
  {
    name: 'FAPI 1: plain parameters without a request object are refused',
    given: async (world) => opens(world, requestParameters(world.harbour, await waiting(world, world.harbour))),
    refused: { redirect: 'invalid_request' },
    because: /Request Object|request object/,
  },
];

const pushedRows: readonly NegativeRow[] = [
  pushes('a redirect URI that is not registered is refused', { because: /redirect_uri/ }, () => ({
    redirect_uri: 'https://LOCALHOST:3000/callback',
  })),
  pushes('a pushed request without a redirect URI is refused', { because: /redirect_uri/ }, () => ({ redirect_uri: undefined })),
  pushes('a pushed request without PKCE is refused', { because: /PKCE|code_challenge/ }, () => ({ code_challenge: undefined, code_challenge_method: undefined })),
  pushes('plain PKCE is refused', { because: /code_challenge_method|S256/ }, () => ({ code_challenge_method: 'plain' })),
  pushes('a request_uri inside a pushed request is refused', { refused: { status: 400, oauth: 'request_uri_not_supported' }, because: /request_uri/ }, () => ({ request_uri: 'https://attacker.example/request.jwt' })),
  pushes('the hybrid flow is not for a client of FAPI 2', { because: /response_type/ }, () => ({ response_type: 'code id_token' })),
  pushes('the implicit flow is not served', { because: /response_type/ }, () => ({ response_type: 'token' })),
  pushes('the consent of another third party is refused', { because: /belongs to the client/ }, async (world) => ({
    claims: JSON.stringify(claimsFor(await waiting(world, world.rival))),
  })),
  pushes('a consent that does not exist is refused', { because: /consent exists/ }, () => ({ claims: JSON.stringify(claimsFor('nobodys-consent')) })),
  pushes('a consent for accounts is not authorised under the scope of payments', { because: /scope fits/ }, () => ({ scope: 'openid payments' })),
  pushes('a consent for a payment is not authorised under the scope of accounts', { because: /scope fits/ }, async (world) => ({
    claims: JSON.stringify(claimsFor(await waitingPayment(world))),
  })),
  pushes('a consent that the customer has refused is not authorised again', { because: /can be authorised/ }, async (world) => {
    const { lantern, customer } = world;
    const consentId = await lodgeAccess(lantern);
    const pending = await lantern.beginConsent(consentId, 'accounts');
    await customer.deny(pending.authorizationUrl);
    return { claims: JSON.stringify(claimsFor(consentId)) };
  }),
  pushes('a consent that was deleted is not authorised', { because: /consent exists/ }, async ({ lantern }) => {
    const consentId = await lodgeAccess(lantern);
    await lantern.call('DELETE', `/aisp/account-access-consents/${consentId}`, { token: await lantern.clientToken('accounts') });
    return { claims: JSON.stringify(claimsFor(consentId)) };
  }),
  pushes('a payment that was authorised is not authorised a second time', { because: /can be authorised/ }, async (world) => {
    const { lantern, customer } = world;
    const { consentId } = await approvedPayment(lantern, customer, await smallPayment(world));
    return { scope: 'openid payments', claims: JSON.stringify(claimsFor(consentId)) };
  }),
  pushes('claims that are no JSON are refused', { because: /claims/ }, () => ({ claims: '{"id_token":' })),
  pushes('a claim that is no object is refused', { because: /claims/ }, () => ({ claims: '{"id_token":{"openbanking_intent_id":"one"}}' })),
  {
    name: 'a pushed request that is fetched with GET is refused',
    given: (world) => {
      const { mtls_endpoint_aliases: aliases } = world.lantern.metadata;
      const url = String((aliases as Record<string, string>)['pushed_authorization_request_endpoint']);
      return Promise.resolve({ send: () => world.raw(world.lantern.tpp.transport).send(url, { headers: { accept: 'application/json' } }) });
    },
    refused: { status: 405, oauth: 'invalid_request' },
    because: /method|POST/,
  },
];

const authorizationEndpointRows: readonly NegativeRow[] = [
  {
    name: 'under FAPI 2 a request that was not pushed is refused',
    given: async (world) => opens(world, requestParameters(world.lantern, await waiting(world))),
    refused: { redirect: 'invalid_request' },
    because: /[Pp]ushed/,
  },
  {
    name: 'a request of a client that is not registered gets a page',
    given: async (world) => opens(world, { ...requestParameters(world.lantern, await waiting(world)), client_id: 'nobody' }),
    refused: { status: 400, page: 'invalid_client' },
    because: /registered at this bank/,
  },
  {
    name: 'a request without a client gets a page',
    given: (world) => Promise.resolve(opens(world, { response_type: 'code' })),
    refused: { status: 400, page: 'invalid_request' },
    because: /client_id/,
  },
  {
    name: 'a request_uri that was never pushed gets a page',
    given: (world) =>
      Promise.resolve(
        opens(world, { client_id: world.lantern.clientId, request_uri: 'urn:ietf:params:oauth:request_uri:made-up' }),
      ),
    refused: { status: 400, page: 'invalid_request_uri' },
    because: /request_uri/,
  },
  {
    name: 'a request_uri of the attacker is not fetched',
    given: (world) =>
      Promise.resolve(
        opens(world, { client_id: world.lantern.clientId, request_uri: 'https://attacker.example/request.jwt' }),
      ),
    refused: { status: 400, page: 'request_uri_not_supported' },
    because: /request_uri/,
  },
  {
    name: 'the pushed request of one client is not opened by another',
    given: async (world) => {
      const requestUri = await pushedUri(world, requestParameters(world.lantern, await waiting(world)));
      return opens(world, { client_id: world.rival.clientId, request_uri: requestUri });
    },
    refused: { status: 400, page: 'invalid_request_object' },
    because: /client/,
  },
  {
    name: 'a pushed request that led to a code is not opened again',
    given: async (world) => {
      const { lantern, customer } = world;
      const { authorizationUrl } = await lantern.beginConsent(await lodgeAccess(lantern), 'accounts');
      await customer.share(authorizationUrl);
      return { send: () => world.raw().send(authorizationUrl, { headers: { accept: 'text/html' } }) };
    },
    refused: { status: 400, page: 'invalid_request_uri' },
    because: /request_uri/,
  },
  {
    name: 'a pushed request without claims names no consent',
    given: async (world) => {
      const requestUri = await pushedUri(world, { ...requestParameters(world.lantern, ''), claims: undefined });
      return opens(world, { client_id: world.lantern.clientId, request_uri: requestUri });
    },
    refused: { redirect: 'invalid_request' },
    because: /names a consent/,
    writes: ['oidc_artefacts/PushedAuthorizationRequest'],
  },
];

async function smallPayment(world: World): Promise<ReturnType<typeof planPayment>> {
  return planPayment({ amount: '1.00', payee: payeeOf(await world.customerOf('freelancer')) });
}

/** A payment consent of lantern that waits for its customer. */
function waitingPayment(world: World): Promise<string> {
  return world.once('waiting payment', async () =>
    bodyOf(await postPaymentConsent(world.lantern, await smallPayment(world)), 201).Data.ConsentId,
  );
}

export const authorizationRows: readonly NegativeRow[] = [...requestObjectRows, ...pushedRows, ...authorizationEndpointRows];
