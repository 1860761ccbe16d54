import { randomUUID } from 'node:crypto';

import { assertionClaims, forgeJwt, seconds, strangersKeyPem, type Forgery } from '../../support/forged-jwt.js';
import type { Identity } from '../../support/raw-client.js';
import type { ThirdParty } from '../../support/third-party.js';
import { selfSigned, serialOf } from './certificates.js';
import type { Attempt, NegativeRow } from './table.js';
import type { World } from './world.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const NO: NegativeRow['refused'] = { status: 401, oauth: 'invalid_client' };

/** A token request by client credentials; each part may be exchanged. */
export interface TokenRequest {
  readonly assertion?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null`: no certificate. */
  readonly identity?: Identity | null;
  readonly endpoint?: string;
}

export function tokenEndpoint({ metadata }: ThirdParty): string {
  const aliases = metadata.mtls_endpoint_aliases as { readonly token_endpoint?: string } | undefined;
  return aliases?.token_endpoint ?? metadata.token_endpoint ?? '';
}

export function asksForToken(world: World, client: ThirdParty, request: TokenRequest): Attempt {
  const { assertion, fields, headers, identity = client.tpp.transport, endpoint = tokenEndpoint(client) } = request;
  const form = {
    grant_type: 'client_credentials',
    scope: 'accounts',
    ...(assertion !== undefined && { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion }),
    ...fields,
  };
  return {
    send: () =>
      world.raw(identity ?? undefined).send(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...headers },
        body: new URLSearchParams(form).toString(),
      }),
  };
}

/** With an assertion that is right but for the forgery. */
export function assertedBy(world: World, client: ThirdParty, forgery: Forgery = {}): string {
  return forgeJwt(client.tpp, assertionClaims(client.clientId, world.issuer), forgery);
}

function forged(name: string, because: RegExp, forgery: (world: World) => Forgery): NegativeRow {
  return {
    name,
    given: async (world) => {
      const { lantern } = world;
      return asksForToken(world, lantern, { assertion: assertedBy(world, lantern, forgery(world)) });
    },
    refused: NO,
    because,
  };
}

/** A certificate in the hands of a client that authenticates with it, and of one that authenticates with a key. */
function shownCertificate(
  name: string,
  because: RegExp,
  identity: (world: World, client: ThirdParty) => Promise<Identity | null>,
): readonly NegativeRow[] {
  return (['badge', 'lantern'] as const).map((who) => ({
    name: `${who === 'badge' ? 'tls_client_auth' : 'private_key_jwt'}: ${name}`,
    given: async (world) => {
      const client = world[who];
      return asksForToken(world, client, {
        identity: await identity(world, client),
        ...(who === 'badge' ? { fields: { client_id: client.clientId } } : { assertion: assertedBy(world, client) }),
      });
    },
    refused: NO,
    because,
  }));
}

async function issued(
  world: World,
  softwareId: string,
  options: { readonly kind?: 'transport' | 'signing'; readonly from?: string; readonly to?: string } = {},
): Promise<Identity & { readonly serial: string }> {
  const { kind = 'transport', from, to } = options;
  const at = (text: string): never => Date.parse(text) as never;
  const { certificate, privateKeyPem = '' } = await world.directory.issueCertificate({
    softwareId,
    kind,
    ...(from !== undefined && { notBefore: at(from) }),
    ...(to !== undefined && { notAfter: at(to) }),
  });
  return { chainPem: certificate.chainPem, privateKeyPem, serial: certificate.serial };
}

export const authenticationRows: readonly NegativeRow[] = [
  forged('a client assertion with alg none is no authentication', /none/, () => ({ alg: 'none' })),
  forged('an RS256 client assertion is refused under FAPI', /RS256/, () => ({ alg: 'RS256' })),
  forged('an HS256 client assertion keyed with what is public is refused', /HS256/, ({ lantern }) => ({
    alg: 'HS256',
    secret: lantern.tpp.signing.certificatePem,
  })),
  forged('a client assertion that expired five minutes ago is refused', /exp/, () => ({
    claims: { iat: seconds(-600), nbf: seconds(-600), exp: seconds(-300) },
  })),
  forged('a client assertion without an end is refused', /expiration|exp/, () => ({ claims: { exp: undefined } })),
  forged('a client assertion that begins in the future is refused', /nbf|not active yet/, () => ({
    claims: { nbf: seconds(120) },
  })),
  forged('a client assertion without jti is refused', /jti/, () => ({ claims: { jti: undefined } })),
  forged('a client assertion for another bank is refused', /aud/, () => ({
    claims: { aud: 'https://elsewhere.example' },
  })),
  forged('under FAPI 2 an assertion for the token endpoint is refused', /aud/, ({ lantern }) => ({
    claims: { aud: lantern.metadata.token_endpoint },
  })),
  forged('under FAPI 2 an assertion for several audiences is refused', /aud/, ({ issuer }) => ({
    claims: { aud: [issuer, 'https://elsewhere.example'] },
  })),
  forged('a client assertion by somebody else about the client is refused', /iss/, ({ rival }) => ({
    claims: { iss: rival.clientId },
  })),
  forged('a client assertion about a stranger is refused', /client/, () => ({
    claims: { iss: 'nobody', sub: 'nobody' },
  })),
  forged('a client assertion signed by a stranger under the kid of the client is refused', /signature|verif/, () => ({
    keyPem: strangersKeyPem(),
  })),
  forged('a client assertion signed by another third party is refused', /no applicable key/, ({ rival }) => ({
    keyPem: rival.tpp.signing.privateKeyPem,
    header: { kid: rival.tpp.signing.kid },
  })),
  forged('a client assertion that brings its own key is refused', /signature|verif|key/, () => ({
    keyPem: strangersKeyPem(),
    header: { jku: 'https://attacker.example/jwks', kid: 'attacker' },
  })),
  {
    name: 'a client assertion is taken once',
    given: async (world) => {
      const { lantern } = world;
      const again = asksForToken(world, lantern, { assertion: assertedBy(world, lantern) });
      await again.send();
      return again;
    },
    refused: NO,
    because: /only be used once/,
  },
  {
    name: 'a client with a key does not authenticate by its id alone',
    given: async (world) => asksForToken(world, world.lantern, { fields: { client_id: world.lantern.clientId } }),
    refused: NO,
    because: /no client_assertion|mechanism/,
  },
  {
    name: 'a client with a key does not authenticate with a secret',
    given: async (world) =>
      asksForToken(world, world.lantern, {
        headers: { authorization: `Basic ${Buffer.from(`${world.lantern.clientId}:secret`).toString('base64')}` },
      }),
    refused: NO,
    because: /mechanism/,
  },
  {
    name: 'two ways of authentication at once are one too many',
    given: async (world) =>
      asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        headers: { authorization: `Basic ${Buffer.from(`${world.lantern.clientId}:secret`).toString('base64')}` },
      }),
    refused: { status: 400, oauth: 'invalid_request' },
    because: /one mechanism|authentication/,
  },
  {
    name: 'a token request that does not say who asks is refused',
    given: async (world) => asksForToken(world, world.lantern, {}),
    refused: { status: 400, oauth: 'invalid_request' },
    because: /authentication/,
  },
  {
    name: 'a client that never registered is unknown',
    given: async (world) => asksForToken(world, world.badge, { fields: { client_id: randomUUID() } }),
    refused: NO,
    because: /registered at this bank/,
  },
  ...shownCertificate('the certificate of another third party is refused', /organisation|subject/, (world) =>
    Promise.resolve(world.rival.tpp.transport),
  ),
  ...shownCertificate('a revoked certificate is refused', /revoked/, async (world, client) => {
    const identity = await issued(world, client.tpp.softwareId);
    await world.directory.revokeCertificate(identity.serial);
    return identity;
  }),
  ...shownCertificate('an expired certificate is refused', /expired/, (world, client) =>
    issued(world, client.tpp.softwareId, { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }),
  ),
  ...shownCertificate('a certificate that is not valid yet is refused', /not-yet-valid/, (world, client) =>
    issued(world, client.tpp.softwareId, { from: '2027-06-01T00:00:00Z', to: '2028-06-01T00:00:00Z' }),
  ),
  ...shownCertificate(
    'a self-signed certificate with the right subject is refused',
    /unknown-authority/,
    (_world, client) => selfSigned(client.tpp),
  ),
  ...shownCertificate('a signing certificate does not do for TLS', /wrong-use/, (_world, { tpp }) =>
    Promise.resolve(tpp.signing),
  ),
  {
    name: 'tls_client_auth: without a certificate nobody is authenticated',
    given: async (world) =>
      asksForToken(world, world.badge, { identity: null, fields: { client_id: world.badge.clientId } }),
    refused: NO,
    because: /no client certificate/,
  },
  {
    name: 'tls_client_auth: the address that asks for no certificate authenticates nobody',
    given: async (world) =>
      asksForToken(world, world.badge, {
        endpoint: world.badge.metadata.issuer + '/token',
        fields: { client_id: world.badge.clientId },
      }),
    refused: NO,
    because: /no client certificate/,
  },
  {
    name: 'tls_client_auth: a certificate in a header counts for nothing',
    given: async (world) =>
      asksForToken(world, world.badge, {
        identity: null,
        fields: { client_id: world.badge.clientId },
        headers: { 'x-client-cert': encodeURIComponent(world.badge.tpp.transport.certificatePem) },
      }),
    refused: NO,
    because: /no client certificate/,
  },
  {
    name: 'private_key_jwt: a token that is to be bound needs a certificate',
    given: async (world) =>
      asksForToken(world, world.lantern, { identity: null, assertion: assertedBy(world, world.lantern) }),
    refused: { status: 400, oauth: 'invalid_grant' },
    because: /certificate/,
  },
  {
    name: 'a client whose software the directory has revoked is turned away',
    given: async (world) => {
      const fallen = await world.thirdParty({ name: 'Fallen Finance' });
      await world.directory.setSoftwareStatus(fallen.tpp.softwareId, 'Revoked');
      return asksForToken(world, fallen, { assertion: assertedBy(world, fallen) });
    },
    refused: NO,
    because: /active in the directory/,
  },
  {
    name: 'a key whose certificate was revoked authenticates nobody, even one that was good a moment ago',
    given: async (world) => {
      const fallen = await world.thirdParty({ name: 'Fallen Keys' });
      await fallen.clientToken('accounts');
      await world.directory.revokeCertificate(serialOf(fallen.tpp.signing.certificatePem));
      return asksForToken(world, fallen, { assertion: assertedBy(world, fallen) });
    },
    refused: NO,
    because: /no applicable key/,
  },
  {
    name: 'a scope that was not registered is not granted',
    given: async (world) => {
      const reader = await world.once('reader', () => world.thirdParty({ name: 'Reader', roles: ['AISP'] }));
      return asksForToken(world, reader, { assertion: assertedBy(world, reader), fields: { scope: 'payments' } });
    },
    refused: { status: 400, oauth: 'invalid_scope' },
    because: /scope/,
  },
  {
    name: 'the password grant does not exist here',
    given: async (world) =>
      asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        fields: { grant_type: 'password', username: world.customer.customerNumber, password: 'guess' },
      }),
    refused: { status: 400, oauth: 'unsupported_grant_type' },
    because: /grant/,
  },
];
