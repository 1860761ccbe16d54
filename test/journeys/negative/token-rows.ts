import { expect } from '@jest/globals';

import type { Identity } from '../../support/raw-client.js';
import type { PendingConsent, ThirdParty } from '../../support/third-party.js';
import {
  accessTo,
  lodgeAccess,
  postPaymentConsent,
  planPayment,
  payeeOf,
  type WireErrors,
} from '../../support/uk-bank.js';
import { serialOf } from './certificates.js';
import { asksForToken, assertedBy } from './authentication-rows.js';
import type { NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const noGrant: Refusal = { status: 400, oauth: 'invalid_grant' };
const noBody: Refusal = { status: 401, empty: true };

interface Code {
  readonly code: string;
  readonly pending: PendingConsent;
  readonly redirectedTo: URL;
}

/** A code that lantern may redeem. */
export async function freshCode({ lantern, customer }: World): Promise<Code> {
  const pending = await lantern.beginConsent(await lodgeAccess(lantern), 'accounts');
  const redirectedTo = await customer.share(pending.authorizationUrl);
  return { code: redirectedTo.searchParams.get('code') ?? '', pending, redirectedTo };
}

export function redemption(
  { code, pending }: Code,
  { lantern }: World,
  change: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: lantern.tpp.redirectUris[0],
    code_verifier: String(pending.checks.pkceCodeVerifier),
    ...change,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** Redeems a code of lantern with one thing changed. A code that was tried wrongly stays good for its owner. */
function redeems(
  name: string,
  expected: { readonly refused?: Refusal; readonly because: RegExp },
  change: (world: World) => {
    readonly fields?: Readonly<Record<string, string | undefined>>;
    readonly client?: ThirdParty;
    readonly identity?: Identity | null;
  },
): NegativeRow {
  return {
    name,
    refused: expected.refused ?? noGrant,
    because: expected.because,
    given: async (world) => {
      const { fields, client = world.lantern, identity } = change(world);
      const code = await freshCode(world);
      return {
        ...asksForToken(world, client, {
          assertion: assertedBy(world, client),
          fields: {
            ...redemption(code, world, fields),
            ...(fields?.['scope'] === undefined && { scope: 'openid accounts' }),
          },
          ...(identity !== undefined && { identity }),
        }),
        afterwards: async () => {
          await world.lantern.finishConsent(code.pending, code.redirectedTo);
        },
      };
    },
  };
}

const codeRows: readonly NegativeRow[] = [
  redeems('a code with a wrong PKCE verifier is not redeemed', { because: /PKCE|verif/ }, () => ({
    fields: { code_verifier: 'x'.repeat(43) },
  })),
  redeems('a code without its PKCE verifier is not redeemed', { because: /PKCE|verif/ }, () => ({
    fields: { code_verifier: undefined },
  })),
  redeems('a code for another redirect URI is not redeemed', { because: /redirect_uri/ }, () => ({
    fields: { redirect_uri: 'https://localhost:3000/elsewhere' },
  })),
  redeems('the code of one client is not redeemed by another', { because: /client/ }, ({ rival }) => ({
    client: rival,
  })),
  redeems(
    'a code is not redeemed over the certificate of another client',
    { refused: { status: 401, oauth: 'invalid_client' }, because: /organisation/ },
    ({ rival }) => ({
      identity: rival.tpp.transport,
    }),
  ),
  redeems('a code is not redeemed without a certificate to bind the token to', { because: /certificate/ }, () => ({
    identity: null,
  })),
  {
    name: 'a code that was never given is not redeemed',
    given: async (world) =>
      asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        fields: { ...redemption(await freshCode(world), world), code: 'a'.repeat(43) },
      }),
    refused: noGrant,
    because: /code/,
  },
  {
    name: 'a code is redeemed once, and at the second time the first tokens die',
    given: async (world) => {
      const { lantern } = world;
      const code = await freshCode(world);
      const { access_token: token, refresh_token: refreshToken } = await lantern.finishConsent(
        code.pending,
        code.redirectedTo,
      );
      const attempt = asksForToken(world, lantern, {
        assertion: assertedBy(world, lantern),
        fields: redemption(code, world),
      });
      return {
        ...attempt,
        afterwards: async () => {
          const answer = await lantern.call<WireErrors>('GET', '/aisp/accounts', { token });
          expect([answer.status, answer.body.Errors[0]?.ErrorCode]).toEqual([401, 'TKSP']);
          await expect(lantern.refresh(refreshToken ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
        },
      };
    },
    refused: noGrant,
    because: /consumed|used/,
    writes: [/^oidc_artefacts\/(AccessToken|RefreshToken|Grant|AuthorizationCode)$/],
  },
];

const refreshRows: readonly NegativeRow[] = [
  {
    name: 'the refresh token of one client is not taken from another',
    given: async (world) =>
      asksForToken(world, world.rival, {
        assertion: assertedBy(world, world.rival),
        fields: { grant_type: 'refresh_token', refresh_token: world.access.tokens.refresh_token ?? '' },
      }),
    refused: noGrant,
    because: /client/,
  },
  {
    name: 'a refresh token that was never given is not taken',
    given: async (world) =>
      asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        fields: { grant_type: 'refresh_token', refresh_token: 'b'.repeat(43) },
      }),
    refused: noGrant,
    because: /refresh token/,
  },
  {
    name: 'a refresh does not widen what was granted',
    given: async (world) =>
      asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        fields: {
          grant_type: 'refresh_token',
          refresh_token: world.access.tokens.refresh_token ?? '',
          scope: 'openid accounts payments',
        },
      }),
    refused: { status: 400, oauth: 'invalid_scope' },
    because: /scope/,
  },
  {
    name: 'a refresh token of a consent that was deleted is dead',
    given: async (world) => {
      const { tokens } = await deletedAccess(world);
      return asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        fields: { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', scope: 'openid accounts' },
      });
    },
    refused: noGrant,
    because: /refresh token|consent/,
  },
];

function deletedAccess(world: World): Promise<World['access']> {
  return world.once('deleted access', async () => {
    const access = await world.freshAccess();
    const { lantern } = world;
    const answer = await lantern.call('DELETE', `/aisp/account-access-consents/${access.consentId}`, {
      token: await lantern.clientToken('accounts'),
    });
    if (answer.status !== 204) throw new Error(`the consent was not deleted: ${answer.text}`);
    return access;
  });
}

/** Reads the accounts of lantern's consent in a way that must not work. */
function reads(
  name: string,
  expected: { readonly refused?: Refusal; readonly because: RegExp },
  how: (world: World) => Promise<Reading> | Reading,
): NegativeRow {
  return {
    name,
    refused: expected.refused ?? noBody,
    because: expected.because,
    given: async (world) => {
      const {
        headers,
        identity = world.lantern.tpp.transport,
        url = `${world.lantern.baseUrl}/aisp/accounts`,
      } = await how(world);
      return {
        send: () => world.raw(identity ?? undefined).send(url, { headers: { accept: 'application/json', ...headers } }),
      };
    },
  };
}

interface Reading {
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly identity?: Identity | null;
  readonly url?: string;
}

const bearer = (token: string): { readonly authorization: string } => ({ authorization: `Bearer ${token}` });

const presentationRows: readonly NegativeRow[] = [
  reads('without an access token nothing is read', { because: /carries one access token/ }, () => ({})),
  reads('an access token of another scheme is none', { because: /carries one access token/ }, ({ access }) => ({
    headers: { authorization: `Basic ${Buffer.from(`x:${access.token}`).toString('base64')}` },
  })),
  reads(
    'two access tokens are one too many',
    { because: /several headers|carries one access token/ },
    ({ access, lantern }) =>
      lantern.clientToken('accounts').then((other) => ({
        headers: { authorization: [`Bearer ${access.token}`, `Bearer ${other}`] },
      })),
  ),
  reads(
    'an access token in the address is refused, even beside a good one',
    { because: /not in the address/ },
    ({ access, lantern }) => ({
      url: `${lantern.baseUrl}/aisp/accounts?access_token=${access.token}`,
      headers: bearer(access.token),
    }),
  ),
  reads('an access token that nobody gave opens nothing', { because: /issued the access token/ }, () => ({
    headers: bearer('c'.repeat(43)),
  })),
  reads('an ID token is no access token', { because: /issued the access token/ }, ({ access }) => ({
    headers: bearer(access.tokens.id_token ?? ''),
  })),
  reads('a refresh token is no access token', { because: /issued the access token/ }, ({ access }) => ({
    headers: bearer(access.tokens.refresh_token ?? ''),
  })),
  reads(
    'a token sent with the DPoP scheme but bound to a certificate is refused',
    { because: /scheme fits/ },
    ({ access }) => ({
      headers: { authorization: `DPoP ${access.token}` },
    }),
  ),
  reads('an access token without its certificate opens nothing', { because: /certificate/ }, ({ access }) => ({
    identity: null,
    headers: bearer(access.token),
  })),
  reads(
    'an access token over the certificate of another opens nothing',
    { because: /bound to/ },
    ({ access, rival }) => ({
      identity: rival.tpp.transport,
      headers: bearer(access.token),
    }),
  ),
  reads(
    'an access token over another certificate of the same software opens nothing',
    { because: /bound to/ },
    async ({ access, directory, lantern }) => {
      const { certificate, privateKeyPem = '' } = await directory.issueCertificate({
        softwareId: lantern.tpp.softwareId,
        kind: 'transport',
      });
      return { identity: { chainPem: certificate.chainPem, privateKeyPem }, headers: bearer(access.token) };
    },
  ),
  reads(
    'the address that asks for no certificate serves no data',
    { because: /asks for a client certificate/ },
    ({ access, lantern, sandbox }) => ({
      url: `${lantern.baseUrl}/aisp/accounts`.replace(sandbox.status.mtlsOrigin, sandbox.status.publicOrigin),
      headers: bearer(access.token),
    }),
  ),
  reads('a token of another sandbox is unknown here', { because: /issued the access token/ }, async (world) => ({
    headers: bearer(await world.elsewhere()),
  })),
];

/** Reads accounts with a live token of a third party that the directory has just turned against. */
function fallen(name: string, because: RegExp, fall: (world: World, client: ThirdParty) => Promise<void>): NegativeRow {
  return {
    name,
    refused: noBody,
    because,
    given: async (world) => {
      const client = await world.thirdParty({ name: 'Fallen Readings' });
      const { token } = await accessTo(client, world.customer);
      await fall(world, client);
      return { send: () => client.call('GET', '/aisp/accounts', { token }) };
    },
  };
}

const fallenRows: readonly NegativeRow[] = [
  fallen('a certificate that was revoked opens nothing any more', /revoked/, ({ directory }, { tpp }) =>
    directory.revokeCertificate(serialOf(tpp.transport.certificatePem)),
  ),
  fallen(
    'software that the directory has revoked reads nothing any more',
    /software-not-active/,
    ({ directory }, { tpp }) => directory.setSoftwareStatus(tpp.softwareId, 'Revoked'),
  ),
  fallen(
    'an organisation that has withdrawn reads nothing any more',
    /organisation-not-active/,
    ({ directory }, { tpp }) => directory.setOrganisationStatus(tpp.organisationId, 'Withdrawn'),
  ),
];

const grantRows: readonly NegativeRow[] = [
  reads(
    'a token of the client alone reads no accounts',
    { refused: { status: 403, uk: 'U042' }, because: /grant of the token/ },
    async ({ lantern }) => ({
      headers: bearer(await lantern.clientToken('accounts')),
    }),
  ),
  {
    name: 'a token for accounts lodges no payment consent',
    given: async ({ lantern, customer }) => {
      const token = await lantern.clientToken('accounts');
      return {
        send: () => postPaymentConsent(lantern, planPayment({ amount: '1.00', payee: payeeOf(customer) }), { token }),
      };
    },
    refused: { status: 403, uk: 'U042' },
    because: /scopes of the operation/,
  },
  {
    name: 'a token of a customer lodges no consents',
    given: ({ lantern, access }) =>
      Promise.resolve({
        send: () =>
          lantern.call('POST', '/aisp/account-access-consents', {
            token: access.token,
            body: { Data: { Permissions: ['ReadAccountsBasic'] }, Risk: {} },
          }),
      }),
    refused: { status: 403, uk: 'U042' },
    because: /grant of the token/,
  },
  reads(
    'a token that was revoked says so',
    { refused: { status: 401, uk: 'TKSP' }, because: /alive/ },
    async (world) => {
      const { token } = await world.freshAccess();
      await world.lantern.revoke(token);
      return { headers: bearer(token) };
    },
  ),
  reads(
    'a token of a consent that was deleted is dead',
    { refused: { status: 401, uk: 'TKSP' }, because: /alive|stands for a consent/ },
    async (world) => ({
      headers: bearer((await deletedAccess(world)).token),
    }),
  ),
];

export const tokenRows: readonly NegativeRow[] = [
  ...codeRows,
  ...refreshRows,
  ...presentationRows,
  ...grantRows,
  ...fallenRows,
];
