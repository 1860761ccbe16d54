import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';

import type { NewTpp, Sandbox, Tpp } from '../../src/index.js';
import { berlinClient, type BerlinAnswer, type BerlinParty, type Json } from './berlin-party.js';
import type { Identity } from './raw-client.js';
import type { Tokens } from './third-party.js';

/** A wish for a redirect, and no address for one: the authorization request has its own. */
export const OAUTH2 = { 'tpp-redirect-preferred': 'true' };
export const CALLBACK = 'https://laterne.example/oauth';

/** A third party that asks the customers of Dogger Bank by OAuth 2.0: its certificate, and openid-client. */
export interface OAuthParty extends Pick<BerlinParty, 'ask' | 'base'> {
  readonly tpp: Tpp;
  readonly clientId: string;
  /** Over the certificate of the party, or another. */
  serverAt(
    metadataUrl: string,
    as?: { readonly clientId?: string; readonly identity?: Identity },
  ): Promise<OAuthServer>;
  /** With the token, and the consent that it is of. */
  read(path: string, given: { readonly token?: string; readonly consentId: string }): Promise<BerlinAnswer>;
  close(): Promise<void>;
}

export interface OAuthServer {
  readonly metadata: oidc.ServerMetadata;
  begin(scope: string, change?: Json): Promise<Pending>;
  finish(pending: Pending, redirectedTo: URL): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
}

export interface Pending {
  readonly url: string;
  readonly checks: oidc.AuthorizationCodeGrantChecks;
}

export async function newOAuthParty(sandbox: Sandbox, input: Partial<NewTpp> = {}): Promise<OAuthParty> {
  const roles = ['AISP', 'PISP', 'CBPII'];
  const redirectUris = [CALLBACK];
  const tpp = await sandbox.createTpp({
    name: 'Laterne Konten',
    country: 'DE',
    banks: ['dogger'],
    roles,
    redirectUris,
    ...input,
  });
  const client = berlinClient(sandbox, tpp.transport);
  const agents: Agent[] = [];
  return {
    tpp,
    clientId: tpp.organisationIdentifier,
    base: client.base,
    ask: client.ask,
    async serverAt(metadataUrl, { clientId = tpp.organisationIdentifier, identity = tpp.transport } = {}) {
      const agent = new Agent({
        connect: { ca: sandbox.caPem, cert: identity.chainPem, key: identity.privateKeyPem },
      });
      agents.push(agent);
      return openServer(new URL(metadataUrl), { clientId, agent });
    },
    read: (path, { token, consentId }) =>
      client.ask('GET', path, {
        headers: { 'consent-id': consentId, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      }),
    close: async () => {
      await client.close();
      await Promise.all(agents.map((agent) => agent.close()));
    },
  };
}

async function openServer(
  metadataUrl: URL,
  { clientId, agent }: { readonly clientId: string; readonly agent: Agent },
): Promise<OAuthServer> {
  const configuration = await oidc.discovery(
    metadataUrl,
    clientId,
    { use_mtls_endpoint_aliases: true, id_token_signed_response_alg: 'PS256' },
    oidc.TlsClientAuth(),
    {
      [oidc.customFetch]: (url, init) =>
        undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>,
    },
  );
  return {
    metadata: configuration.serverMetadata(),
    async begin(scope, change = {}) {
      const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const withOpenId = scope.split(' ').includes('openid');
      const given = {
        redirect_uri: CALLBACK,
        scope,
        state,
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        ...(withOpenId && { nonce }),
        ...(change as Readonly<Record<string, string | undefined>>),
      };
      const parameters = Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined);
      return {
        url: oidc.buildAuthorizationUrl(configuration, new URLSearchParams(parameters)).href,
        checks: {
          pkceCodeVerifier,
          ...(parameters.some(([name]) => name === 'state') && { expectedState: state }),
          ...(withOpenId && { expectedNonce: nonce, idTokenExpected: true }),
        },
      };
    },
    finish: ({ checks }, redirectedTo) => oidc.authorizationCodeGrant(configuration, redirectedTo, { ...checks }),
    refresh: (refreshToken) => oidc.refreshTokenGrant(configuration, refreshToken),
  };
}
