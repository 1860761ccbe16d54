import { randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { Agent, fetch as undiciFetch } from 'undici';

import type { Sandbox, Tpp } from '../../src/index.js';
import type { ApiAnswer } from './third-party.js';

export interface RegistrationAnswer {
  readonly client_id: string;
  readonly client_id_issued_at?: number;
  readonly redirect_uris: readonly string[];
  readonly response_types: readonly string[];
  readonly grant_types: readonly string[];
  readonly scope: string;
  readonly software_statement?: string;
  readonly error?: string;
  readonly error_description?: string;
}

export type RegistrationClaims = Readonly<Record<string, unknown>>;

/** UK dynamic client registration 3.3 as a third party does it by hand: a signed JWT with the software statement in it. */
export interface RegistrationDesk {
  readonly endpoint: string;
  /** `change` overrides claims; a claim that is undefined is left out. */
  request(change?: RegistrationClaims): Promise<string>;
  post(jwt: string): Promise<ApiAnswer<RegistrationAnswer>>;
  call(
    method: 'GET' | 'PUT' | 'DELETE',
    clientId: string,
    options: { readonly token?: string; readonly jwt?: string },
  ): Promise<ApiAnswer<RegistrationAnswer>>;
  close(): Promise<void>;
}

export async function registrationDesk(sandbox: Sandbox, tpp: Tpp, bankId = 'bramble'): Promise<RegistrationDesk> {
  const { issuer } = sandbox.bank(bankId);
  const agent = new Agent({
    connect: { ca: sandbox.caPem, cert: tpp.transport.chainPem, key: tpp.transport.privateKeyPem },
  });
  const key = await importPKCS8(tpp.signing.privateKeyPem, 'PS256');
  const discovery = await undiciFetch(`${issuer}/.well-known/openid-configuration`, { dispatcher: agent });
  const metadata = (await discovery.json()) as {
    registration_endpoint: string;
    mtls_endpoint_aliases?: { registration_endpoint?: string };
  };
  const endpoint = metadata.mtls_endpoint_aliases?.registration_endpoint ?? metadata.registration_endpoint;
  const send = async (url: string, init: object): Promise<ApiAnswer<RegistrationAnswer>> => {
    const answer = (await undiciFetch(url, { ...init, dispatcher: agent })) as unknown as Response;
    const text = await answer.text();
    const isJson = text !== '' && /\bjson\b/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: (isJson ? JSON.parse(text) : undefined) as RegistrationAnswer,
    };
  };
  const jwtHeaders = { 'content-type': 'application/jwt', accept: 'application/json' };
  return {
    endpoint,
    request: (change = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const claims: Record<string, unknown> = {
        iss: tpp.softwareId,
        aud: issuer,
        iat: now,
        exp: now + 300,
        jti: randomUUID(),
        redirect_uris: tpp.redirectUris,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'PS256',
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
        response_types: ['code id_token'],
        software_id: tpp.softwareId,
        scope: 'openid accounts payments',
        software_statement: tpp.softwareStatement,
        application_type: 'web',
        id_token_signed_response_alg: 'PS256',
        request_object_signing_alg: 'PS256',
        ...change,
      };
      return new SignJWT(claims).setProtectedHeader({ alg: 'PS256', kid: tpp.signing.kid, typ: 'JWT' }).sign(key);
    },
    post: (jwt) => send(endpoint, { method: 'POST', headers: jwtHeaders, body: jwt }),
    call: (method, clientId, { token, jwt }) =>
      send(`${endpoint}/${clientId}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(jwt !== undefined && jwtHeaders),
        },
        ...(jwt !== undefined && { body: jwt }),
      }),
    close: () => agent.close(),
  };
}
