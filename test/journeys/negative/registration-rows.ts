import { randomUUID } from 'node:crypto';

import type { Tpp } from '../../../src/index.js';
import { claimsOf, forgeJwt, seconds, strangersKeyPem, tamperedJwt, type Claims, type Forgery } from '../../support/forged-jwt.js';
import type { Identity } from '../../support/raw-client.js';
import type { ThirdParty } from '../../support/third-party.js';
import { assertedBy, asksForToken } from './authentication-rows.js';
import type { Attempt, NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const MINUTE_MS = 60_000;
const badStatement: Refusal = { status: 400, oauth: 'invalid_software_statement' };
const badMetadata: Refusal = { status: 400, oauth: 'invalid_client_metadata' };
const badRedirect: Refusal = { status: 400, oauth: 'invalid_redirect_uri' };
const badToken: Refusal = { status: 401, oauth: 'invalid_token' };
const TOKEN_REVOKED = 'oidc_artefacts/ClientCredentials';

function endpointOf({ lantern }: World): string {
  return String(lantern.metadata['registration_endpoint']);
}

export function registrationClaims(tpp: Tpp, issuer: string): Claims {
  return {
    iss: tpp.softwareId,
    aud: issuer,
    iat: seconds(),
    exp: seconds(300),
    jti: randomUUID(),
    redirect_uris: tpp.redirectUris,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    response_types: ['code'],
    software_id: tpp.softwareId,
    scope: 'openid accounts payments',
    software_statement: tpp.softwareStatement,
    application_type: 'web',
    id_token_signed_response_alg: 'PS256',
    request_object_signing_alg: 'PS256',
  };
}

interface Registration extends Forgery {
  readonly identity?: Identity | null;
  readonly contentType?: string;
}

export function postOf(world: World, jwt: string, { identity, contentType = 'application/jwt' }: { identity: Identity | null; contentType?: string | undefined }): Attempt {
  return {
    send: () =>
      world.raw(identity ?? undefined).send(endpointOf(world), {
        method: 'POST',
        headers: { 'content-type': contentType, accept: 'application/json' },
        body: jwt,
      }),
  };
}

/** The registration of a newcomer that is right but for one thing. */
function registration(
  name: string,
  expected: { readonly refused: Refusal; readonly because: RegExp },
  change: (newcomer: Tpp, world: World) => Promise<Registration> | Registration,
): NegativeRow {
  return {
    name,
    ...expected,
    given: async (world) => {
      const newcomer = await world.once('newcomer', () => world.newcomer());
      const { identity = newcomer.transport, contentType, ...forgery } = await change(newcomer, world);
      const jwt = await forgeJwt(newcomer, registrationClaims(newcomer, world.issuer), forgery);
      return postOf(world, jwt, { identity, contentType });
    },
  };
}

const statementOf = (software_statement: string | undefined): Registration => ({ claims: { software_statement } });

const statementRows: readonly NegativeRow[] = [
  registration('a software statement with more roles than the directory gave is refused', { refused: badStatement, because: /statement.*signature/ }, ({ softwareStatement }) =>
    statementOf(tamperedJwt(softwareStatement, { software_roles: ['AISP', 'PISP', 'CBPII', 'ASPSP'] })),
  ),
  registration('a software statement with alg none is refused', { refused: badStatement, because: /alg none/ }, async (newcomer) =>
    statementOf(await forgeJwt(newcomer, claimsOf(newcomer.softwareStatement), { alg: 'none' })),
  ),
  registration('a software statement of another directory is refused', { refused: badStatement, because: /kid/ }, async (newcomer) =>
    statementOf(await forgeJwt(newcomer, claimsOf(newcomer.softwareStatement), { keyPem: strangersKeyPem(), header: { kid: 'other-directory' } })),
  ),
  registration('a software statement that the software signed itself under the kid of the directory is refused', { refused: badStatement, because: /signature|verif/ }, async (newcomer) => {
    const { kid } = JSON.parse(Buffer.from(newcomer.softwareStatement.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    return statementOf(await forgeJwt(newcomer, claimsOf(newcomer.softwareStatement), { header: { kid } }));
  }),
  registration('a software statement of half an hour ago is stale', { refused: badStatement, because: /seconds old/ }, async ({ softwareId }, { directory }) =>
    statementOf(await directory.agedAssertion(softwareId, 32 * MINUTE_MS)),
  ),
  registration('a registration without a software statement is refused', { refused: badStatement, because: /software statement/ }, () => statementOf(undefined)),
  {
    name: 'software that the directory has revoked is not approved',
    given: async (world) => {
      const fallen = await world.newcomer();
      await world.directory.setSoftwareStatus(fallen.softwareId, 'Revoked');
      const heir = await world.once('newcomer', () => world.newcomer());
      const claims = { ...registrationClaims(fallen, world.issuer), iss: fallen.softwareId };
      return postOf(world, await forgeJwt(fallen, claims), { identity: heir.transport });
    },
    refused: { status: 400, oauth: 'unapproved_software_statement' },
    because: /Active/,
  },
  registration('the software statement of one organisation is not taken over the certificate of another', { refused: { status: 400, oauth: 'unapproved_software_statement' }, because: /organisation of the statement/ }, (_newcomer, { rival }) => ({
    identity: rival.tpp.transport,
  })),
  registration('a registration without a client certificate is refused', { refused: { status: 401, oauth: 'invalid_client' }, because: /no client certificate/ }, () => ({ identity: null })),
  registration('a registration over a signing certificate is refused', { refused: { status: 401, oauth: 'invalid_client' }, because: /wrong-use/ }, ({ signing }) => ({ identity: signing })),
];

const redirectRows: readonly NegativeRow[] = (
  [
    ['an address that the statement does not have', 'https://localhost:3000/elsewhere'],
    ['plain http', 'http://app.example/callback'],
    ['a fragment', 'https://localhost:3000/callback#here'],
    ['user info', 'https://localhost:3000@attacker.example/callback'],
    ['a script', 'javascript:alert(1)'],
    ['a way up', 'https://localhost:3000/x/../callback'],
  ] as const
).map(([what, uri]) =>
  registration(`a redirect URI with ${what} is not registered`, { refused: badRedirect, because: /redirect URIs/ }, () => ({
    claims: { redirect_uris: [uri] },
  })),
);

const claimRows: readonly NegativeRow[] = [
  registration('a registration request with alg none is refused', { refused: badMetadata, because: /none/ }, () => ({ alg: 'none' })),
  registration('a registration request signed with RS256 is refused', { refused: badMetadata, because: /RS256/ }, () => ({ alg: 'RS256' })),
  registration('a registration request signed by a stranger is refused', { refused: badMetadata, because: /signed by the software/ }, () => ({ keyPem: strangersKeyPem() })),
  registration('a registration request that chooses its own key is refused', { refused: badMetadata, because: /choose its own key/ }, () => ({
    header: { jku: 'https://attacker.example/jwks' },
  })),
  registration('a registration request for another bank is refused', { refused: badMetadata, because: /addressed to this bank/ }, () => ({ claims: { aud: 'https://elsewhere.example' } })),
  registration('a registration request that has expired is refused', { refused: badMetadata, because: /expired/ }, () => ({ claims: { iat: seconds(-600), exp: seconds(-300) } })),
  registration('a registration request that is not by the software is refused', { refused: badMetadata, because: /issuer is the software/ }, (_newcomer, { rival }) => ({ claims: { iss: rival.tpp.softwareId } })),
  registration('a registration without authentication is refused', { refused: badMetadata, because: /authentication method/ }, () => ({ claims: { token_endpoint_auth_method: 'none' } })),
  registration('the implicit flow is not registered', { refused: badMetadata, because: /response types/ }, () => ({ claims: { response_types: ['token'] } })),
  registration('unsigned ID tokens are not registered', { refused: badMetadata, because: /id_token_signed_response_alg/ }, () => ({ claims: { id_token_signed_response_alg: 'none' } })),
  registration('a subject that is not that of the certificate is not registered', { refused: badMetadata, because: /subject of the certificate/ }, (_newcomer, { rival }) => ({
    claims: {
      token_endpoint_auth_method: 'tls_client_auth',
      token_endpoint_auth_signing_alg: undefined,
      tls_client_auth_subject_dn: rival.tpp.transport.subjectDn,
    },
  })),
  registration('a registration request that is sent as JSON is refused', { refused: badMetadata, because: /sent as a JWT/ }, () => ({ contentType: 'application/json' })),
  {
    name: 'scopes beyond the roles of the software are refused',
    given: async (world) => {
      const reader = await world.once('reading newcomer', () => world.newcomer(['AISP']));
      return postOf(world, await forgeJwt(reader, registrationClaims(reader, world.issuer)), { identity: reader.transport });
    },
    refused: badMetadata,
    because: /covered by the roles/,
  },
  {
    name: 'a registration request is taken once',
    given: async (world) => {
      const newcomer = await world.newcomer();
      const again = postOf(world, await forgeJwt(newcomer, registrationClaims(newcomer, world.issuer)), { identity: newcomer.transport });
      await again.send();
      return again;
    },
    refused: badMetadata,
    because: /not sent before/,
  },
  {
    name: 'an update does not switch authentication off',
    given: async (world) => {
      const { lantern } = world;
      const claims = { ...registrationClaims(lantern.tpp, world.issuer), token_endpoint_auth_method: 'none' };
      return manages(world, { method: 'PUT', token: await lantern.clientToken('accounts'), jwt: await forgeJwt(lantern.tpp, claims) });
    },
    refused: badMetadata,
    because: /authentication method/,
  },
];

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
  const { method = 'GET', clientId = world.lantern.clientId, token, identity = world.lantern.tpp.transport, jwt } = call;
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
    const { send } = manages(world, { method: 'DELETE', clientId: client.clientId, token, identity: client.tpp.transport });
    const { status, text } = await send();
    if (status !== 204) throw new Error(`the registration was not deleted: ${String(status)} ${text}`);
    return { client, token };
  });
}

const managementRows: readonly NegativeRow[] = [
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
      const jwt = method === 'PUT' ? await forgeJwt(rival.tpp, registrationClaims(rival.tpp, issuer)) : undefined;
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
    given: async (world) => manages(world, { token: await world.lantern.clientToken('accounts'), identity: world.rival.tpp.transport }),
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
      return asksForToken(world, client, { assertion: await assertedBy(world, client) });
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

export const registrationRows: readonly NegativeRow[] = [...statementRows, ...redirectRows, ...claimRows, ...managementRows];
