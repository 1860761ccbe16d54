import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Provider } from 'oidc-provider';

import type { CertificateVerdict, Directory } from '../../directory/index.js';
import { MS_PER_SECOND } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { FoundToken } from '../artefacts/artefact-rows.js';
import type { Artefacts } from '../artefacts/artefacts.js';
import { describeVerdict, type PresentedCertificates } from '../certificates.js';
import { recordCheck } from '../checks.js';
import type { ProofInput } from '../proofs.js';
import { toNewClient } from './client-metadata.js';
import type { ClientStore, NewClient, RegisteredClient } from './client-store.js';
import { REGISTRATION_CHECKS, type CheckContext } from './registration-checks.js';
import { RegistrationError, type RegistrationErrorCode } from './registration-error.js';
import { proveRequest, type ProofOptions } from './registration-request.js';

const MAX_BODY_BYTES = 64 * 1024;
const MEDIA_TYPES = ['application/jwt', 'application/jose'];

export interface RegistrationOptions extends ProofOptions {
  readonly directory: Directory;
  readonly storage: Storage;
  readonly artefacts: Artefacts;
  readonly clients: ClientStore;
  readonly certificates: PresentedCertificates;
  readonly provider: Provider;
  readonly proofs: { check(input: ProofInput): Promise<void> };
  /** Absolute address of the endpoint. */
  readonly endpoint: string;
  readonly audiences: readonly string[];
  readonly developmentRedirects: boolean;
}

/**
 * Dynamic client registration of UK DCR 3.3: `/register` and `/register/{ClientId}`. GET, PUT and DELETE take the
 * client's certificate and its client-credentials token, of any scope or none; there is no registration access token.
 */
export function createRegistrationEndpoint(
  options: RegistrationOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      const verdict = await options.certificates.judge(request);
      const id = clientIdOf(request);
      options.recorder
        .current()
        ?.know({ operationId: `${request.method ?? ''} register`, certificate: describeVerdict(verdict) });
      const reply =
        id === undefined
          ? await collection(request, verdict, options)
          : await member(request, { id, verdict, options });
      send(response, reply.status, reply.body);
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error;
      options.recorder.current()?.know({ error: `${error.code}: ${error.message}` });
      if (error.code === 'method_not_allowed')
        response.setHeader('Allow', clientIdOf(request) === undefined ? 'POST' : 'GET, PUT, DELETE');
      if (error.code === 'invalid_token') response.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
      send(response, error.status, { error: error.code, error_description: error.message.slice(0, 500) });
    }
  };
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

async function collection(
  request: IncomingMessage,
  verdict: CertificateVerdict,
  options: RegistrationOptions,
): Promise<Reply> {
  checkMethod(request, ['POST'], options);
  const client = await options.clients.add(await checked(request, { verdict, options }));
  options.recorder.current()?.know({ clientId: client.clientId });
  return { status: 201, body: toAnswer(client) };
}

async function member(
  request: IncomingMessage,
  context: { readonly id: string; readonly verdict: CertificateVerdict; readonly options: RegistrationOptions },
): Promise<Reply> {
  const { verdict, options } = context;
  checkMethod(request, ['GET', 'PUT', 'DELETE'], options);
  const client = await authorised(request, context);
  switch (request.method) {
    case 'PUT':
      return {
        status: 200,
        body: toAnswer(
          await options.clients.replace(
            client.clientId,
            await checked(request, { verdict, options, existing: client }),
          ),
        ),
      };
    case 'DELETE':
      await options.storage.transaction(async (tx) => {
        await options.artefacts.revokeClient(tx, client.clientId);
        await options.clients.remove(tx, client.clientId);
      });
      return { status: 204 };
    default:
      return { status: 200, body: toAnswer(client) };
  }
}

function checkMethod(
  { method = '' }: IncomingMessage,
  served: readonly string[],
  { recorder }: RegistrationOptions,
): void {
  const holds = recordCheck(recorder, served.includes(method), {
    name: 'the method is served at this address',
    expected: served.join(', '),
    actual: method,
  });
  if (!holds) throw new RegistrationError('method_not_allowed', `only ${served.join(', ')} is served here`, 405);
}

/** Reads, proves and checks a registration request. Nothing is stored yet. */
async function checked(
  request: IncomingMessage,
  input: {
    readonly verdict: CertificateVerdict;
    readonly options: RegistrationOptions;
    readonly existing?: RegisteredClient;
  },
): Promise<NewClient> {
  const { verdict, options, existing } = input;
  const proven = await proveRequest(await readBody(request, options), verdict, options);
  const context: CheckContext = {
    ...proven,
    requirements: options.requirements,
    wall: options.wall,
    audiences: options.audiences,
    developmentRedirects: options.developmentRedirects,
    certificateSubject: verdict.subjectDn,
    ...(existing && { existing }),
  };
  for (const check of REGISTRATION_CHECKS) {
    const { holds, expected, actual } = check.judge(context);
    if (recordCheck(options.recorder, holds, { ...check, expected, actual })) continue;
    throw new RegistrationError(check.error, `${check.name}: expected ${expected}`);
  }
  const client = toNewClient(context);
  acceptedByLibrary(client, options);
  await neverSeen(context, options);
  return client;
}

/** What oidc-provider itself would refuse must not be stored, or the client could be found and never used. */
function acceptedByLibrary(client: NewClient, { provider, recorder }: RegistrationOptions): void {
  const Client = provider.Client as unknown as new (metadata: object) => unknown;
  try {
    new Client({ ...client.metadata, client_id: 'to-be-assigned' });
  } catch (error) {
    const { error: code, error_description: description } = error as { error?: string; error_description?: string };
    if (code === undefined) throw error;
    recordCheck(recorder, false, { name: 'the metadata is consistent', actual: description });
    throw new RegistrationError(code as RegistrationErrorCode, description ?? 'the metadata is not consistent');
  }
}

/** Last, so that a request that was refused for something else can be sent again as it is. */
async function neverSeen(
  { claims, statement }: CheckContext,
  { artefacts, recorder }: RegistrationOptions,
): Promise<void> {
  const fresh = await artefacts.rememberOnce(
    `dcr:${statement.software_id}:${String(claims.jti)}`,
    Number(claims.exp) + 15,
  );
  recordCheck(recorder, fresh, {
    name: 'the request was not sent before',
    expected: 'a new jti',
    actual: String(claims.jti),
    clause: 'UK DCR 3.3, jti',
    remedy: 'Sign a new request with a new jti.',
  });
  if (!fresh) throw new RegistrationError('invalid_client_metadata', 'jti was used before');
}

/** The client behind the address, if certificate and token say that it is the caller. */
async function authorised(
  request: IncomingMessage,
  {
    id,
    verdict,
    options,
  }: { readonly id: string; readonly verdict: CertificateVerdict; readonly options: RegistrationOptions },
): Promise<RegisteredClient> {
  const { artefacts, clients, recorder } = options;
  const value = /^(?:Bearer|DPoP) ([\w~+./-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = value === undefined ? undefined : await artefacts.token(value);
  const valid = recordCheck(
    recorder,
    value !== undefined && (await isOwn(token, { value, verdict, request, options })),
    {
      name: 'a client-credentials token of this bank, bound to the certificate, is sent',
      expected: 'an active token from the client_credentials grant, with the certificate it was issued to',
      actual: token ? `${token.kind} token, ${token.state}; ${describeVerdict(verdict)}` : 'none that is known',
      clause: 'UK DCR 3.3, GET, PUT and DELETE',
      remedy: 'Take a token by client_credentials over the same certificate.',
    },
  );
  if (!valid) return refuseToken(value, options);
  const client = await clients.active(id);
  const known = recordCheck(recorder, client !== undefined, {
    name: 'the registration exists',
    expected: 'a client of this bank',
    actual: id,
    clause: 'UK DCR 3.3: for an unknown client the token is revoked',
  });
  if (!known || !client) return refuseToken(value, options);
  const own = recordCheck(recorder, token?.clientId === id, {
    name: 'the registration is the caller’s own',
    expected: id,
    actual: token?.clientId,
  });
  if (!own) throw new RegistrationError('insufficient_scope', 'this registration belongs to another client', 403);
  recorder.current()?.know({ clientId: id });
  return client;
}

async function refuseToken(value: string | undefined, { artefacts }: RegistrationOptions): Promise<never> {
  if (value !== undefined) await artefacts.revokeToken(value);
  throw new RegistrationError('invalid_token', 'the access token is not valid for this registration', 401);
}

async function isOwn(
  token: FoundToken | undefined,
  context: {
    readonly value: string;
    readonly verdict: CertificateVerdict;
    readonly request: IncomingMessage;
    readonly options: RegistrationOptions;
  },
): Promise<boolean> {
  const { value, verdict, request, options } = context;
  if (token?.kind !== 'client' || token.state !== 'active' || !verdict.trusted) return false;
  if (token.certificateThumbprint !== undefined) return token.certificateThumbprint === verdict.thumbprintS256;
  if (token.keyThumbprint === undefined) return false;
  const proof = request.headers['dpop'];
  return options.proofs
    .check({
      proof: typeof proof === 'string' ? proof : undefined,
      token: value,
      keyThumbprint: token.keyThumbprint,
      method: request.method ?? '',
      url: `${options.endpoint}/${token.clientId}`,
    })
    .then(
      () => true,
      () => false,
    );
}

function clientIdOf(request: IncomingMessage): string | undefined {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const id = /^\/register\/([^/]+)\/?$/.exec(path)?.[1];
  return id === undefined ? undefined : decodeURIComponentSafely(id);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readBody(request: IncomingMessage, { recorder }: RegistrationOptions): Promise<string> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  const typed = recordCheck(recorder, type !== undefined && MEDIA_TYPES.includes(type), {
    name: 'the request is sent as a JWT',
    expected: MEDIA_TYPES.join(' or '),
    actual: type ?? 'no content type',
    clause: 'UK DCR 3.3',
  });
  if (!typed) throw new RegistrationError('invalid_client_metadata', 'the content type must be application/jwt');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.byteLength;
    if (size > MAX_BODY_BYTES) throw new RegistrationError('invalid_client_metadata', 'the request is too large', 413);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}

function toAnswer(client: RegisteredClient): unknown {
  return {
    ...client.registration,
    client_id: client.clientId,
    client_id_issued_at: Math.floor(client.registeredAt / MS_PER_SECOND),
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}
