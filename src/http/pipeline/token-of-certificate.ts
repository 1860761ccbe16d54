import { assert, SandbankError } from '../../kernel/index.js';
import { keyIsProven, tokenIsActive, tokenIsPresented } from './caller.js';
import { expectThat, type Exchange } from './exchange.js';

/**
 * A caller by certificate needs no token, and one that comes along must be good: of this bank, alive, of this caller and
 * bound to the certificate of the connection.
 */
export async function tokenIsOwn(exchange: Exchange): Promise<void> {
  const { request, query, trace, client, certificateThumbprint: seen } = exchange;
  assert(client, 'a caller by certificate');
  if (!('authorization' in request.headers) && query['access_token'] === undefined) return;
  tokenIsPresented(exchange);
  await tokenIsActive(exchange);
  const { token } = exchange;
  assert(token, 'an active token');
  trace.know({ clientId: client.clientId });
  expectThat(
    trace,
    {
      name: 'the access token was given to the caller',
      expected: client.clientId,
      actual: token.clientId === client.clientId ? token.clientId : 'another client',
      clause: 'RFC 8705 section 3',
      remedy: 'Use a token that was got with a certificate of this organisation.',
    },
    token.clientId === client.clientId,
    () => new SandbankError('token.wrong-certificate', 'The access token belongs to somebody else.'),
  );
  expectThat(
    trace,
    {
      name: 'the client certificate is the one the token is bound to',
      expected: token.certificateThumbprint ?? 'a token that is bound to a certificate',
      actual: seen ?? 'none',
      clause: 'RFC 8705 section 3',
      remedy:
        'Use the certificate that was shown at the token endpoint; after a change of certificate refresh the token.',
    },
    seen !== undefined && token.certificateThumbprint === seen,
    () => new SandbankError('token.wrong-certificate', 'The access token is bound to another certificate.'),
  );
  await keyIsProven(exchange);
}

/**
 * A token that comes along stands for the consent that the call names. Where the customer agreed in an authorization
 * request, what the operation reads of her is read with the token alone: her browser took the code to whoever has the
 * verifier, so that the token, unlike the certificate, proves that it was this caller's customer who agreed (RFC 7636, RFC 9700 2.1.1).
 */
export async function tokenIsOfConsent(exchange: Exchange): Promise<void> {
  const { trace, operation, consent, token, site } = exchange;
  assert(operation?.policy.access.grant === 'certificate', 'a caller by certificate');
  if (!consent) return;
  if (token) {
    expectThat(
      trace,
      {
        name: 'the access token stands for the consent of the call',
        expected: consent.id,
        actual: token.consentId ?? 'no consent',
        remedy: 'Use the token whose scope names this resource.',
      },
      token.consentId === consent.id,
      () => new SandbankError('token.wrong-grant', 'The access token stands for another consent.'),
    );
    return;
  }
  if (operation.policy.access.consent?.inForce !== true) return;
  const isNeeded = (await site.ports.tokens.standFor?.(consent.id)) ?? false;
  expectThat(
    trace,
    {
      name: 'a consent that was given to the authorization server is used with its token',
      expected: isNeeded ? 'Authorization: Bearer and the token of this consent' : 'no token',
      actual: 'no token',
      clause: 'RFC 6749 section 7',
      remedy: 'Send the access token that the customer authorised.',
    },
    !isNeeded,
    () => new SandbankError('token.missing', 'This consent is used with its access token.', { path: 'Authorization' }),
  );
}
