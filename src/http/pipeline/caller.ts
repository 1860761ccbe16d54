import { assert, SandbankError, type ErrorCode } from '../../kernel/index.js';
import { redact } from '../../observe/index.js';
import type { ResolvedToken } from '../ports.js';
import { expectThat, peerCertificate, recording, type Exchange } from './exchange.js';

/** RFC 6750 section 2.1, RFC 9449 section 7.1; the scheme's case does not matter (RFC 9110 section 11.1). */
const AUTHORIZATION = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)$/i;

/** One token, in the Authorization header and nowhere else. A form body, where RFC 6750 section 2.2
 * would allow one, is refused by its media type. */
export function tokenIsPresented(exchange: Exchange): void {
  const { trace, request, query } = exchange;
  const headers = request.headersDistinct['authorization'] ?? [];
  expectThat(
    trace,
    {
      name: 'the access token is not in the address',
      expected: 'no access_token in the query',
      actual: query['access_token'] === undefined ? 'none' : 'a token in the query',
      clause: 'FAPI 1.0 Baseline 6.2.1-4',
      remedy: 'Send the token in the Authorization header; addresses end up in logs.',
    },
    query['access_token'] === undefined,
    () => new SandbankError('token.missing', 'An access token must not be sent in the address.'),
  );
  const [header] = headers;
  const match = headers.length === 1 ? AUTHORIZATION.exec(header ?? '') : null;
  expectThat(
    trace,
    {
      name: 'the Authorization header carries one access token',
      expected: 'Bearer or DPoP, a space and the token',
      actual: headers.length === 0 ? 'no header' : headers.length > 1 ? 'several headers' : schemeOf(header ?? ''),
      clause: 'RFC 6750 section 2.1',
      remedy: 'Send the access token as `Authorization: Bearer <token>`.',
    },
    match !== null,
    () => new SandbankError('token.missing', 'The request carries no access token.'),
  );
  const [, scheme = '', token = ''] = match ?? [];
  exchange.credential = { scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token };
}

/** The scheme only if it looks like one: otherwise it may be the secret itself. */
function schemeOf(header: string): string {
  return /^(basic|bearer|dpop|digest)\b/i.exec(header)?.[0] ?? 'an unknown scheme';
}

const DEAD: Readonly<Record<Exclude<ResolvedToken['state'], 'active'>, ErrorCode>> = {
  expired: 'token.expired',
  revoked: 'token.revoked',
};

/** The bank issued the token, and it lives on the bank's clock. */
export async function tokenIsActive(exchange: Exchange): Promise<void> {
  const { trace, site, credential } = exchange;
  assert(credential, 'a token was presented');
  const token = await site.ports.tokens.resolve(credential.token);
  const seen = redact(credential.token);
  expectThat(
    trace,
    {
      name: 'this bank issued the access token',
      expected: 'a token of this bank',
      actual: token ? seen : `${seen} is not known`,
      clause: 'RFC 6750 section 3.1',
      remedy: 'Get a token from the token endpoint of this bank; a token of another bank is unknown here.',
    },
    token !== undefined,
    () => new SandbankError('token.unknown', 'The access token is not valid.'),
  );
  assert(token, 'a known token');
  trace.know({ clientId: token.clientId, ...(token.consentId !== undefined && { consentId: token.consentId }) });
  expectThat(
    trace,
    {
      name: 'the access token is alive on the clock of the bank',
      expected: 'active',
      actual: token.state,
      clause: 'RFC 6750 section 3.1',
      remedy: token.state === 'expired' ? 'Use the refresh token.' : 'Ask the customer for consent again.',
    },
    token.state === 'active',
    () => {
      const code = token.state === 'active' ? 'internal' : DEAD[token.state];
      return new SandbankError(code, `The access token is ${token.state}.`);
    },
  );
  exchange.token = token;
}

/** The certificate of the connection chains to the directory and is in force, judged on the bank's clock. */
export async function certificateIsTrusted(exchange: Exchange): Promise<void> {
  const { trace, request, site, now, token } = exchange;
  assert(token, 'the token is known');
  const verdict = await site.ports.certificates.judge(peerCertificate(request), now);
  if (verdict.subjectDn !== undefined) trace.know({ certificate: verdict.subjectDn });
  expectThat(
    trace,
    {
      name: 'the client certificate is trusted',
      expected: 'a transport certificate of the directory that is in force',
      actual: verdict.trusted ? verdict.subjectDn : verdict.reason,
      clause: 'RFC 8705 section 3',
      remedy: 'Connect with a transport certificate that the directory issued and that is not expired or revoked.',
    },
    verdict.trusted,
    () =>
      new SandbankError('client.certificate-invalid', 'The client certificate is not accepted.', {
        actual: verdict.trusted ? 'trusted' : verdict.reason,
      }),
  );
  if (verdict.trusted) exchange.certifiedOrganisation = verdict.organisationId;
  expectThat(
    trace,
    {
      name: 'the access token is bound to a certificate or a key',
      expected: 'a bound token',
      actual: token.certificateThumbprint === undefined && token.keyThumbprint === undefined ? 'a bare token' : 'bound',
      clause: 'FAPI 1.0 Advanced 5.2.2-5; FAPI 2.0 Security Profile 5.3.4',
    },
    token.certificateThumbprint !== undefined || token.keyThumbprint !== undefined,
    () => new SandbankError('token.wrong-certificate', 'The access token is not bound to a client.'),
  );
  if (token.certificateThumbprint === undefined) return;
  expectThat(
    trace,
    {
      name: 'the client certificate is the one the token is bound to',
      expected: token.certificateThumbprint,
      actual: verdict.thumbprintS256 ?? 'none',
      clause: 'RFC 8705 section 3',
      remedy:
        'Use the certificate that was shown at the token endpoint; after a change of certificate get a new token.',
    },
    verdict.thumbprintS256 === token.certificateThumbprint,
    () => new SandbankError('token.wrong-certificate', 'The access token is bound to another certificate.'),
  );
}

/** A token bound to a key comes with a fresh proof of it, under the DPoP scheme; any other comes as Bearer. */
export async function keyIsProven(exchange: Exchange): Promise<void> {
  const { trace, request, site, token, credential, method, path } = exchange;
  assert(token && credential, 'the token is known');
  const expected = token.keyThumbprint === undefined ? 'bearer' : 'dpop';
  expectThat(
    trace,
    {
      name: 'the authorization scheme fits the token',
      expected,
      actual: credential.scheme,
      clause: 'RFC 9449 section 7.2',
      remedy: 'A token of type DPoP is sent with the DPoP scheme and a proof, any other with Bearer.',
    },
    credential.scheme === expected,
    () => new SandbankError('token.wrong-certificate', 'The authorization scheme does not fit the access token.'),
  );
  const { keyThumbprint } = token;
  if (keyThumbprint === undefined) return;
  await recording(
    trace,
    {
      name: 'the DPoP proof is good',
      expected: `a fresh proof by the key ${keyThumbprint}`,
      clause: 'RFC 9449 section 4.3',
    },
    async () => {
      const proofs = request.headersDistinct['dpop'] ?? [];
      if (!site.ports.proofs || proofs.length > 1) {
        throw new SandbankError('token.wrong-certificate', 'The request must carry exactly one DPoP proof.', {
          actual: site.ports.proofs ? 'several proofs' : 'this bank takes no DPoP tokens',
        });
      }
      const url = `${site.baseUrl}${path}`;
      await site.ports.proofs.check({ proof: proofs[0], token: credential.token, keyThumbprint, method, url });
    },
  );
}

/** The client of the token is still registered, and in good standing with the directory. */
export async function clientIsRegistered(exchange: Exchange): Promise<void> {
  const { trace, site, token } = exchange;
  assert(token, 'the token is known');
  const client = await site.ports.clients.find(token.clientId);
  expectThat(
    trace,
    {
      name: 'the client is registered at this bank',
      expected: token.clientId,
      actual: client?.clientId ?? 'not found',
    },
    client !== undefined,
    () => new SandbankError('client.unknown', 'The client is not registered at this bank.'),
  );
  assert(client, 'a registered client');
  exchange.client = client;
}

/** A token that is bound to a key would otherwise be good over anybody's certificate. */
export function certificateIsOfClient({ trace, client, certifiedOrganisation }: Exchange): void {
  assert(client, 'the client is known');
  expectThat(
    trace,
    {
      name: 'the client certificate belongs to the organisation of the client',
      expected: client.organisationId,
      actual: certifiedOrganisation ?? 'none',
      clause: 'UK Open Banking security profile, mutual TLS',
      remedy: 'Connect with a transport certificate of the organisation that registered the client.',
    },
    certifiedOrganisation === client.organisationId,
    () => new SandbankError('client.certificate-invalid', 'The client certificate is not one of this client.'),
  );
}

/** The operation takes the kind of grant and one of the scopes that the token has. */
export function grantReachesOperation(exchange: Exchange): void {
  const { trace, token, operation } = exchange;
  assert(token && operation, 'token and operation are known');
  const { access } = operation.policy;
  assert(access.grant !== 'certificate', 'a caller by token');
  expectThat(
    trace,
    {
      name: 'the grant of the token is of the kind that the operation takes',
      expected: access.grant,
      actual: token.grant,
      remedy:
        access.grant === 'client'
          ? 'Use a token of the client credentials grant.'
          : 'Use a token that the customer authorised (authorization code grant).',
    },
    access.grant === token.grant,
    () => new SandbankError('token.wrong-grant', 'The access token is of the wrong grant.', { expected: access.grant }),
  );
  const missing = access.scopes.filter((scope) => !token.scopes.includes(scope));
  expectThat(
    trace,
    {
      name: 'the token has the scopes of the operation',
      expected: access.scopes.join(' '),
      actual: token.scopes.join(' '),
      clause: 'RFC 6750 section 3.1',
      remedy: 'Ask for the scope when getting the token.',
    },
    missing.length === 0,
    () =>
      new SandbankError('token.insufficient-scope', 'The access token lacks a scope.', {
        expected: access.scopes.join(' '),
      }),
  );
}
