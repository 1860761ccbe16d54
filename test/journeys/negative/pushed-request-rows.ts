import { assertionClaims, forgeJwt } from '../../support/forged-jwt.js';
import type { ThirdParty } from '../../support/third-party.js';
import {
  approvedPayment,
  bodyOf,
  lodgeAccess,
  planPayment,
  payeeOf,
  postPayment,
  postPaymentConsent,
} from '../../support/uk-bank.js';
import { claimsFor, opens, requestParameters, waiting } from './authorization-requests.js';
import type { Attempt, NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const PAR_OK = 201;
const badRequest: Refusal = { status: 400, oauth: 'invalid_request' };

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

export async function push(world: World, client: ThirdParty, parameters: Change): ReturnType<Attempt['send']> {
  const kept = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  const assertion = forgeJwt(client.tpp, assertionClaims(client.clientId, world.issuer));
  return client.postForm('pushed_authorization_request_endpoint', {
    ...kept,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
}

async function pushedUri(world: World, parameters: Change): Promise<string> {
  const answer = (await push(world, world.lantern, parameters)) as {
    status: number;
    text: string;
    body: { request_uri: string };
  };
  if (answer.status !== PAR_OK) throw new Error(`not pushed: ${answer.text}`);
  return answer.body.request_uri;
}

const pushedRows: readonly NegativeRow[] = [
  pushes('a redirect URI that is not registered is refused', { because: /redirect_uri/ }, () => ({
    redirect_uri: 'https://LOCALHOST:3000/callback',
  })),
  pushes('a pushed request without a redirect URI is refused', { because: /redirect_uri/ }, () => ({
    redirect_uri: undefined,
  })),
  pushes('a pushed request without PKCE is refused', { because: /PKCE|code_challenge/ }, () => ({
    code_challenge: undefined,
    code_challenge_method: undefined,
  })),
  pushes('plain PKCE is refused', { because: /code_challenge_method|S256/ }, () => ({
    code_challenge_method: 'plain',
  })),
  pushes(
    'a request_uri inside a pushed request is refused',
    { refused: { status: 400, oauth: 'request_uri_not_supported' }, because: /request_uri/ },
    () => ({ request_uri: 'https://attacker.example/request.jwt' }),
  ),
  pushes('the hybrid flow is not for a client of FAPI 2', { because: /response_type/ }, () => ({
    response_type: 'code id_token',
  })),
  pushes('the implicit flow is not served', { because: /response_type/ }, () => ({ response_type: 'token' })),
  pushes('the consent of another third party is refused', { because: /belongs to the client/ }, async (world) => ({
    claims: JSON.stringify(claimsFor(await waiting(world, world.rival))),
  })),
  pushes('a consent that does not exist is refused', { because: /consent exists/ }, () => ({
    claims: JSON.stringify(claimsFor('nobodys-consent')),
  })),
  pushes('a consent for accounts is not authorised under the scope of payments', { because: /scope fits/ }, () => ({
    scope: 'openid payments',
  })),
  pushes(
    'a consent for a payment is not authorised under the scope of accounts',
    { because: /scope fits/ },
    async (world) => ({
      claims: JSON.stringify(claimsFor(await waitingPayment(world))),
    }),
  ),
  pushes(
    'a consent that the customer has refused is not authorised again',
    { because: /can be authorised/ },
    async (world) => {
      const { lantern, customer } = world;
      const consentId = await lodgeAccess(lantern);
      const pending = await lantern.beginConsent(consentId, 'accounts');
      await customer.deny(pending.authorizationUrl);
      return { claims: JSON.stringify(claimsFor(consentId)) };
    },
  ),
  pushes('a consent that was deleted is not authorised', { because: /consent exists/ }, async ({ lantern }) => {
    const consentId = await lodgeAccess(lantern);
    await lantern.call('DELETE', `/aisp/account-access-consents/${consentId}`, {
      token: await lantern.clientToken('accounts'),
    });
    return { claims: JSON.stringify(claimsFor(consentId)) };
  }),
  pushes(
    'a payment that was authorised is not authorised a second time',
    { because: /can be authorised/ },
    async (world) => {
      const { lantern, customer } = world;
      const { consentId } = await approvedPayment(lantern, customer, await smallPayment(world));
      return { scope: 'openid payments', claims: JSON.stringify(claimsFor(consentId)) };
    },
  ),
  pushes('a payment that was made is not authorised again', { because: /can be authorised/ }, async (world) => {
    const { lantern, customer } = world;
    const plan = await smallPayment(world);
    const made = await approvedPayment(lantern, customer, plan);
    bodyOf(await postPayment(lantern, plan, made), 201);
    return { scope: 'openid payments', claims: JSON.stringify(claimsFor(made.consentId)) };
  }),
  pushes('claims that are no JSON are refused', { because: /claims/ }, () => ({ claims: '{"id_token":' })),
  pushes('a claim that is no object is refused', { because: /claims/ }, () => ({
    claims: '{"id_token":{"openbanking_intent_id":"one"}}',
  })),
  {
    name: 'FAPI 1: a pushed request that is not signed is refused',
    given: async (world) => {
      const { harbour } = world;
      const parameters = requestParameters(harbour, await waiting(world, harbour));
      return { send: () => push(world, harbour, parameters) };
    },
    refused: badRequest,
    because: /Request Object/,
  },
  {
    name: 'a parameter that is pushed twice is refused',
    given: async (world) => {
      const { lantern } = world;
      const fields = [
        ...Object.entries(requestParameters(lantern, await waiting(world))),
        ...Object.entries(await lantern.credentials()),
        ['scope', 'openid payments'] as [string, string],
      ];
      const { mtls_endpoint_aliases: aliases } = lantern.metadata;
      const url = String((aliases as Record<string, string>)['pushed_authorization_request_endpoint']);
      return {
        send: () =>
          world.raw(lantern.tpp.transport).send(url, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
            body: new URLSearchParams(fields.filter(([name], at) => name !== 'client_id' || at === 0)).toString(),
          }),
      };
    },
    refused: badRequest,
    because: /scope/,
  },
  {
    name: 'a pushed request that is fetched with GET is refused',
    given: (world) => {
      const { mtls_endpoint_aliases: aliases } = world.lantern.metadata;
      const url = String((aliases as Record<string, string>)['pushed_authorization_request_endpoint']);
      return Promise.resolve({
        send: () => world.raw(world.lantern.tpp.transport).send(url, { headers: { accept: 'application/json' } }),
      });
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
    given: async (world) =>
      opens(world, { ...requestParameters(world.lantern, await waiting(world)), client_id: 'nobody' }),
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
  return world.once(
    'waiting payment',
    async () => bodyOf(await postPaymentConsent(world.lantern, await smallPayment(world)), 201).Data.ConsentId,
  );
}

export const pushedRequestRows: readonly NegativeRow[] = [...pushedRows, ...authorizationEndpointRows];
