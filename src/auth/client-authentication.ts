import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';

import { describeVerdict, type PresentedCertificates } from './certificates.js';
import { recordCheck, type CheckRecorder } from './checks.js';
import type { KnownClients } from './clients/known-clients.js';
import { sameSubjectDn } from '../directory/index.js';
import { isKnownByCertificate } from './demands.js';
import { ROUTES } from './routes.js';

export interface ClientAuthenticationOptions {
  readonly issuer: string;
  readonly mtlsBase: string;
  readonly recorder: CheckRecorder;
  readonly certificates: PresentedCertificates;
  readonly clients: Pick<KnownClients, 'find'>;
}

/**
 * Whom a client assertion may address. FAPI 2.0 5.3.2.1-8: the issuer alone, against assertions meant for one bank and
 * played to another. Under FAPI 1 the endpoints too, on both listeners, since libraries use the address they post to.
 */
export function assertionAudiences(
  profile: string | undefined,
  { issuer, mtlsBase }: Pick<ClientAuthenticationOptions, 'issuer' | 'mtlsBase'>,
): Set<string> {
  if (profile === '2.0') return new Set([issuer]);
  const paths = [ROUTES.token, ROUTES.pushed_authorization_request, ROUTES.introspection, ROUTES.revocation];
  return new Set([issuer, ...[issuer, mtlsBase].flatMap((base) => paths.map((path) => base + path))]);
}

/** oidc-provider's three questions about a client certificate, answered from the verdict of the directory. */
export function certificateChecks(options: ClientAuthenticationOptions): {
  getCertificate(ctx: KoaContextWithOIDC): ReturnType<PresentedCertificates['of']>;
  certificateAuthorized(ctx: KoaContextWithOIDC): boolean;
  certificateSubjectMatches(ctx: KoaContextWithOIDC, property: string, expected: string): boolean;
} {
  const { certificates, recorder } = options;
  return {
    getCertificate: (ctx) => certificates.of(ctx.req),
    certificateAuthorized: (ctx) => {
      const verdict = certificates.verdictOn(ctx.req);
      return recordCheck(recorder, verdict.trusted, {
        name: 'the client certificate is trusted',
        expected: 'a transport certificate of the directory, in its validity on the clock of the bank and not revoked',
        actual: describeVerdict(verdict),
        clause: 'RFC 8705 2.1',
        remedy: 'Use a transport certificate that the directory issued for this software.',
      });
    },
    certificateSubjectMatches: (ctx, property, expected) => {
      const verdict = certificates.verdictOn(ctx.req);
      const { client } = ctx.oidc;
      if (client && isKnownByCertificate(client)) {
        const named = verdict.trusted ? verdict.organisationIdentifier : undefined;
        return recordCheck(recorder, named === client.clientId, {
          name: 'the certificate names the client',
          expected: expected,
          actual: named === undefined ? describeVerdict(verdict) : `organizationIdentifier=${named}`,
          clause: 'ETSI TS 119 495 5.1; RFC 8705 2.1.2',
          remedy: 'The client id is the organizationIdentifier of the certificate that is shown.',
        });
      }
      const matches = property === 'tls_client_auth_subject_dn' && sameSubjectDn(expected, verdict.subjectDn ?? '');
      return recordCheck(recorder, matches, {
        name: 'the subject of the certificate is the registered one',
        expected,
        actual: verdict.subjectDn ?? 'none',
        clause: 'RFC 8705 2.1.2',
        remedy: 'Present the certificate of this client, or register its subject in RFC 4514 order.',
      });
    },
  };
}

/** What the library leaves to us once the signature of an assertion holds. */
export async function assertAssertionClaims(
  ctx: KoaContextWithOIDC,
  input: {
    readonly claims: Readonly<Record<string, unknown>>;
    readonly client: Client;
    readonly options: ClientAuthenticationOptions;
  },
): Promise<void> {
  const { claims, client, options } = input;
  const { issuer, recorder } = options;
  if (ctx.oidc.isFapi('2.0') !== undefined) {
    const addressed = recordCheck(recorder, claims['aud'] === issuer, {
      name: 'the assertion is addressed to this bank alone',
      expected: issuer,
      actual: JSON.stringify(claims['aud']),
      clause: 'FAPI 2.0 Security Profile 5.3.2.1-8',
      remedy: 'Set aud to the issuer, as a string.',
    });
    if (!addressed) throw new errors.InvalidClientAuth('audience (aud) must equal the issuer identifier url');
  }
  await assertOwnCertificate(ctx, client, options);
}

/** A client that shows a certificate shows its own: another organisation's would bind tokens to a stranger's key. */
async function assertOwnCertificate(
  ctx: KoaContextWithOIDC,
  client: Client,
  { certificates, clients, recorder }: ClientAuthenticationOptions,
): Promise<void> {
  const verdict = certificates.verdictOn(ctx.req);
  if (!verdict.trusted && verdict.reason === 'none') return;
  const registered = await clients.find(client.clientId);
  const own = verdict.trusted && verdict.organisationId === registered?.organisationId;
  recordCheck(recorder, own, {
    name: 'the client certificate belongs to the organisation of the client',
    expected: `organisation ${registered?.organisationId ?? 'unknown'} (client ${client.clientId})`,
    actual: describeVerdict(verdict),
    clause: 'FAPI 1.0 Advanced 5.2.2-6',
    remedy: 'Present a transport certificate of this client.',
  });
  if (!own) throw new errors.InvalidClientAuth('the client certificate is not one of this client');
}
