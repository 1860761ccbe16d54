import { randomUUID } from 'node:crypto';

import type { Tpp } from '../../../src/index.js';
import {
  claimsOf,
  forgeJwt,
  seconds,
  strangersKeyPem,
  tamperedJwt,
  type Claims,
  type Forgery,
} from '../../support/forged-jwt.js';
import type { Identity } from '../../support/raw-client.js';
import type { Attempt, NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const MINUTE_MS = 60_000;
const badStatement: Refusal = { status: 400, oauth: 'invalid_software_statement' };
const badMetadata: Refusal = { status: 400, oauth: 'invalid_client_metadata' };
const badRedirect: Refusal = { status: 400, oauth: 'invalid_redirect_uri' };

export function endpointOf({ lantern }: World): string {
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

export function postOf(
  world: World,
  jwt: string,
  { identity, contentType = 'application/jwt' }: { identity: Identity | null; contentType?: string | undefined },
): Attempt {
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
      const jwt = forgeJwt(newcomer, registrationClaims(newcomer, world.issuer), forgery);
      return postOf(world, jwt, { identity, contentType });
    },
  };
}

const statementOf = (software_statement: string | undefined): Registration => ({ claims: { software_statement } });

const statementRows: readonly NegativeRow[] = [
  registration(
    'a software statement with more roles than the directory gave is refused',
    { refused: badStatement, because: /statement.*signature/ },
    ({ softwareStatement }) =>
      statementOf(tamperedJwt(softwareStatement, { software_roles: ['AISP', 'PISP', 'CBPII', 'ASPSP'] })),
  ),
  registration(
    'a software statement with alg none is refused',
    { refused: badStatement, because: /alg none/ },
    async (newcomer) => statementOf(forgeJwt(newcomer, claimsOf(newcomer.softwareStatement), { alg: 'none' })),
  ),
  registration(
    'a software statement of another directory is refused',
    { refused: badStatement, because: /kid/ },
    async (newcomer) =>
      statementOf(
        forgeJwt(newcomer, claimsOf(newcomer.softwareStatement), {
          keyPem: strangersKeyPem(),
          header: { kid: 'other-directory' },
        }),
      ),
  ),
  registration(
    'a software statement that the software signed itself under the kid of the directory is refused',
    { refused: badStatement, because: /signature|verif/ },
    async (newcomer) => {
      const { kid } = JSON.parse(
        Buffer.from(newcomer.softwareStatement.split('.')[0] ?? '', 'base64url').toString(),
      ) as { kid: string };
      return statementOf(forgeJwt(newcomer, claimsOf(newcomer.softwareStatement), { header: { kid } }));
    },
  ),
  registration(
    'a software statement of half an hour ago is stale',
    { refused: badStatement, because: /seconds old/ },
    async ({ softwareId }, { directory }) => statementOf(await directory.agedAssertion(softwareId, 32 * MINUTE_MS)),
  ),
  registration(
    'a registration without a software statement is refused',
    { refused: badStatement, because: /software statement/ },
    () => statementOf(undefined),
  ),
  {
    name: 'software that the directory has revoked is not approved',
    given: async (world) => {
      const fallen = await world.newcomer();
      await world.directory.setSoftwareStatus(fallen.softwareId, 'Revoked');
      const heir = await world.once('newcomer', () => world.newcomer());
      const claims = { ...registrationClaims(fallen, world.issuer), iss: fallen.softwareId };
      return postOf(world, forgeJwt(fallen, claims), { identity: heir.transport });
    },
    refused: { status: 400, oauth: 'unapproved_software_statement' },
    because: /Active/,
  },
  registration(
    'the software statement of one organisation is not taken over the certificate of another',
    { refused: { status: 400, oauth: 'unapproved_software_statement' }, because: /organisation of the statement/ },
    (_newcomer, { rival }) => ({
      identity: rival.tpp.transport,
    }),
  ),
  registration(
    'a registration without a client certificate is refused',
    { refused: { status: 401, oauth: 'invalid_client' }, because: /no client certificate/ },
    () => ({ identity: null }),
  ),
  registration(
    'a registration over a signing certificate is refused',
    { refused: { status: 401, oauth: 'invalid_client' }, because: /wrong-use/ },
    ({ signing }) => ({ identity: signing }),
  ),
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
  registration(
    `a redirect URI with ${what} is not registered`,
    { refused: badRedirect, because: /redirect URIs/ },
    () => ({
      claims: { redirect_uris: [uri] },
    }),
  ),
);

const claimRows: readonly NegativeRow[] = [
  registration('a registration request with alg none is refused', { refused: badMetadata, because: /none/ }, () => ({
    alg: 'none',
  })),
  registration(
    'a registration request signed with RS256 is refused',
    { refused: badMetadata, because: /RS256/ },
    () => ({ alg: 'RS256' }),
  ),
  registration(
    'a registration request signed by a stranger is refused',
    { refused: badMetadata, because: /signed by the software/ },
    () => ({ keyPem: strangersKeyPem() }),
  ),
  registration(
    'a registration request that chooses its own key is refused',
    { refused: badMetadata, because: /choose its own key/ },
    () => ({
      header: { jku: 'https://attacker.example/jwks' },
    }),
  ),
  registration(
    'a registration request for another bank is refused',
    { refused: badMetadata, because: /addressed to this bank/ },
    () => ({ claims: { aud: 'https://elsewhere.example' } }),
  ),
  registration(
    'a registration request that has expired is refused',
    { refused: badMetadata, because: /expired/ },
    () => ({ claims: { iat: seconds(-600), exp: seconds(-300) } }),
  ),
  registration(
    'a registration request that is not by the software is refused',
    { refused: badMetadata, because: /issuer is the software/ },
    (_newcomer, { rival }) => ({ claims: { iss: rival.tpp.softwareId } }),
  ),
  registration(
    'a registration without authentication is refused',
    { refused: badMetadata, because: /authentication method/ },
    () => ({ claims: { token_endpoint_auth_method: 'none' } }),
  ),
  registration('the implicit flow is not registered', { refused: badMetadata, because: /response types/ }, () => ({
    claims: { response_types: ['token'] },
  })),
  registration(
    'unsigned ID tokens are not registered',
    { refused: badMetadata, because: /id_token_signed_response_alg/ },
    () => ({ claims: { id_token_signed_response_alg: 'none' } }),
  ),
  registration(
    'a subject that is not that of the certificate is not registered',
    { refused: badMetadata, because: /subject of the certificate/ },
    (_newcomer, { rival }) => ({
      claims: {
        token_endpoint_auth_method: 'tls_client_auth',
        token_endpoint_auth_signing_alg: undefined,
        tls_client_auth_subject_dn: rival.tpp.transport.subjectDn,
      },
    }),
  ),
  registration(
    'a registration request that is sent as JSON is refused',
    { refused: badMetadata, because: /sent as a JWT/ },
    () => ({ contentType: 'application/json' }),
  ),
  {
    name: 'scopes beyond the roles of the software are refused',
    given: async (world) => {
      const reader = await world.once('reading newcomer', () => world.newcomer(['AISP']));
      return postOf(world, forgeJwt(reader, registrationClaims(reader, world.issuer)), { identity: reader.transport });
    },
    refused: badMetadata,
    because: /covered by the roles/,
  },
  {
    name: 'a registration request is taken once',
    given: async (world) => {
      const newcomer = await world.newcomer();
      const again = postOf(world, forgeJwt(newcomer, registrationClaims(newcomer, world.issuer)), {
        identity: newcomer.transport,
      });
      await again.send();
      return again;
    },
    refused: badMetadata,
    because: /not sent before/,
  },
];

export const registrationRows: readonly NegativeRow[] = [...statementRows, ...redirectRows, ...claimRows];
