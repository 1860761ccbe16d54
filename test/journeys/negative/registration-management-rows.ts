import { forgeJwt } from '../../support/forged-jwt.js';
import type { Identity } from '../../support/raw-client.js';
import type { ThirdParty } from '../../support/third-party.js';
import { assertedBy, asksForToken } from './authentication-rows.js';
import { endpointOf, registrationClaims } from './registration-rows.js';
import type { Attempt, NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const badToken: Refusal = { status: 401, oauth: 'invalid_token' };
const TOKEN_REVOKED = 'oidc_artefacts/ClientCredentials';
/** GET, PUT or DELETE of a registration: lantern's own, with its certificate, unless said otherwise. */
function manages(
  world: World,
  call: {
    readonly method?: 'GET' | 'PUT' | 'DELETE' | 'PATCH';
    readonly clientId?: string;
    readonly token?: string;
    readonly identity?: Identity;
    readonly jwt?: string;
  },
): Attempt {
  const {
    method = 'GET',
    clientId = world.lantern.clientId,
    token,
    identity = world.lantern.tpp.transport,
    jwt,
  } = call;
  return {
    send: () =>
      world.raw(identity).send(`${endpointOf(world)}/${clientId}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(jwt !== undefined && { 'content-type': 'application/jwt' }),
        },
        ...(jwt !== undefined && { body: jwt }),
      }),
  };
}

/** A third party that has deleted its registration, with a token of before. */
function departed(world: World): Promise<{ readonly client: ThirdParty; readonly token: string }> {
  return world.once('departed', async () => {
    const client = await world.thirdParty({ name: 'Departed' });
    const token = await client.clientToken('accounts');
    const { send } = manages(world, {
      method: 'DELETE',
      clientId: client.clientId,
      token,
      identity: client.tpp.transport,
    });
    const { status, text } = await send();
    if (status !== 204) throw new Error(`the registration was not deleted: ${String(status)} ${text}`);
    return { client, token };
  });
}

export const registrationManagementRows: readonly NegativeRow[] = [
  {
    name: 'an update does not switch authentication off',
    given: async (world) => {
      const { lantern } = world;
      const claims = { ...registrationClaims(lantern.tpp, world.issuer), token_endpoint_auth_method: 'none' };
      return manages(world, {
        method: 'PUT',
        token: await lantern.clientToken('accounts'),
        jwt: forgeJwt(lantern.tpp, claims),
      });
    },
    refused: { status: 400, oauth: 'invalid_client_metadata' },
    because: /authentication method/,
  },
  {
    name: 'a registration is not read without a token',
    given: (world) => Promise.resolve(manages(world, {})),
    refused: badToken,
    because: /client-credentials token/,
  },
  ...(['GET', 'PUT', 'DELETE'] as const).map((method): NegativeRow => ({
    name: `${method} of another client's registration with one's own token is forbidden`,
    given: async (world) => {
      const { rival, issuer } = world;
      const jwt = method === 'PUT' ? forgeJwt(rival.tpp, registrationClaims(rival.tpp, issuer)) : undefined;
      return manages(world, {
        method,
        token: await rival.clientToken('accounts'),
        identity: rival.tpp.transport,
        ...(jwt !== undefined && { jwt }),
      });
    },
    refused: { status: 403, oauth: 'insufficient_scope' },
    because: /own/,
  })),
  {
    name: 'a registration is not read over the certificate of another client, and the token dies',
    given: async (world) =>
      manages(world, { token: await world.lantern.clientToken('accounts'), identity: world.rival.tpp.transport }),
    refused: badToken,
    because: /bound to the certificate/,
    writes: [TOKEN_REVOKED],
  },
  {
    name: 'a token of a customer does not manage a registration, and dies of it',
    given: async (world) => {
      const { token } = await world.once('access to lose', () => world.freshAccess());
      return manages(world, { method: 'DELETE', token });
    },
    refused: badToken,
    because: /customer token/,
    writes: ['oidc_artefacts/AccessToken'],
  },
  {
    name: 'for a client that does not exist the token is revoked',
    given: async (world) => manages(world, { clientId: 'nobody', token: await world.lantern.clientToken('accounts') }),
    refused: badToken,
    because: /registration exists/,
    writes: [TOKEN_REVOKED],
  },
  {
    name: 'a registration takes no PATCH',
    given: async (world) => manages(world, { method: 'PATCH', token: await world.lantern.clientToken('accounts') }),
    refused: { status: 405, oauth: 'method_not_allowed' },
    because: /method/,
  },
  {
    name: 'a deleted registration cannot be read',
    given: async (world) => {
      const { client, token } = await departed(world);
      return manages(world, { clientId: client.clientId, token, identity: client.tpp.transport });
    },
    refused: badToken,
    because: /token/,
  },
  {
    name: 'a deleted client gets no token',
    given: async (world) => {
      const { client } = await departed(world);
      return asksForToken(world, client, { assertion: assertedBy(world, client) });
    },
    refused: { status: 401, oauth: 'invalid_client' },
    because: /registered at this bank/,
  },
  {
    name: 'a token of a deleted client opens nothing',
    given: async (world) => {
      const { client, token } = await departed(world);
      return { send: () => client.call('GET', '/aisp/account-access-consents/any', { token }) };
    },
    refused: { status: 401, uk: 'TKSP' },
    because: /alive/,
  },
];
