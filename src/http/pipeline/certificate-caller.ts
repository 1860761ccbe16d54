import type { Consent } from '../../bank/index.js';
import { assert, isSandbankError, SandbankError, type ErrorCode } from '../../kernel/index.js';
import type { CertificateJudge } from '../ports.js';
import { expectThat, peerCertificate, recording, type Exchange } from './exchange.js';
import { notInForce } from './agreement.js';

type Verdict = Awaited<ReturnType<CertificateJudge['judge']>>;

/** Why a certificate is not accepted, told apart where a standard tells it apart. */
const REFUSED: Readonly<Record<string, ErrorCode>> = {
  none: 'client.certificate-missing',
  expired: 'client.certificate-expired',
  'not-yet-valid': 'client.certificate-expired',
  revoked: 'client.certificate-revoked',
  // The certificate is sound; whoever it names was struck off.
  'organisation-not-active': 'client.unknown',
  'software-not-active': 'client.unknown',
};

/** The certificate of the connection is in force and names the caller; nothing was registered before. */
export async function certificateSaysWho(exchange: Exchange): Promise<void> {
  const { trace, request, site, now } = exchange;
  const verdict = await site.ports.certificates.judge(peerCertificate(request), now);
  if (verdict.subjectDn !== undefined) trace.know({ certificate: verdict.subjectDn });
  expectThat(
    trace,
    {
      name: 'the client certificate is trusted',
      expected: 'a website certificate of the directory that is in force',
      actual: verdict.trusted ? verdict.subjectDn : verdict.reason,
      clause: 'PSD2 RTS article 34; ETSI TS 119 495',
      remedy: 'Connect with a certificate that the directory issued and that is not expired or revoked.',
    },
    verdict.trusted,
    () => refusedCertificate(verdict),
  );
  assert(verdict.trusted, 'a trusted certificate');
  exchange.certificateThumbprint = verdict.thumbprintS256;
  const clientId = verdict.organisationIdentifier ?? verdict.organisationId;
  exchange.client = {
    clientId,
    organisationId: verdict.organisationId,
    softwareId: verdict.softwareId,
    name: verdict.organisationName ?? clientId,
    roles: verdict.roles ?? [],
  };
  trace.know({ clientId });
}

function refusedCertificate(verdict: Verdict): SandbankError {
  return certificateRefusal(verdict.trusted ? 'trusted' : verdict.reason, 'The client certificate is not accepted.');
}

/** The refusal of a certificate of the connection or, with the header it came in as `path`, of a message. */
export function certificateRefusal(reason: string, message: string, path?: string): SandbankError {
  return new SandbankError(REFUSED[reason] ?? 'client.certificate-invalid', message, {
    actual: reason,
    ...(path !== undefined && { path }),
  });
}

/** The certificate gives a right that the operation needs. */
export function roleReachesOperation({ trace, operation, client }: Exchange): void {
  assert(operation?.policy.access.grant === 'certificate' && client, 'a caller by certificate');
  const { roles } = operation.policy.access;
  const has = client.roles ?? [];
  expectThat(
    trace,
    {
      name: 'the certificate gives the role that the operation needs',
      expected: roles.join(' or '),
      actual: has.join(', ') || 'none',
      clause: 'ETSI TS 119 495 section 5.1',
      remedy: 'Use a certificate with this role.',
    },
    roles.some((role) => has.includes(role)),
    () =>
      new SandbankError('client.role-missing', 'The certificate does not give the right to this.', {
        expected: roles.join(' or '),
      }),
  );
}

/** The consent that the call names is of this caller, of this standard, of a kind the operation takes, and in force. */
export async function namedConsentIsOwn(exchange: Exchange): Promise<void> {
  const { trace, site, operation, client, request, params } = exchange;
  assert(operation?.policy.access.grant === 'certificate' && client, 'a caller by certificate');
  const demand = operation.policy.access.consent;
  if (!demand) return;
  const { from } = demand;
  const isHeader = 'header' in from;
  const path = isHeader ? from.header : from.parameter;
  const id = isHeader ? request.headersDistinct[from.header]?.[0] : params[from.parameter];
  expectThat(
    trace,
    { name: 'the call names a consent', expected: path, actual: id ?? 'none' },
    id !== undefined && id !== '',
    () => new SandbankError('header.missing', `The header ${path} is missing.`, { path }),
  );
  assert(id !== undefined, 'a named consent');
  const details = { path, place: isHeader ? 'header' : 'path' };
  const consent = await recording(trace, { name: 'the consent is one of this caller', expected: id }, () =>
    consentNamed(exchange, id, details),
  );
  trace.know({ consentId: consent.id });
  expectThat(
    trace,
    {
      name: 'the consent was made in this version of the standard, for this use',
      expected: `${site.version.id}: ${demand.kinds.join(' or ')}`,
      actual: `${consent.standard}: ${consent.subject.kind}`,
    },
    consent.standard === site.version.id && demand.kinds.includes(consent.subject.kind),
    () => new SandbankError('consent.not-found', 'There is no such consent.', details),
  );
  if (demand.inForce) expectInForce(exchange, consent);
  exchange.consent = consent;
}

/** A refusal says where the consent was named: standards tell an address that is not there from a header that is wrong. */
async function consentNamed(
  { site, client }: Exchange,
  id: string,
  details: { readonly path: string; readonly place: string },
): Promise<Consent> {
  assert(client, 'the client is known');
  try {
    return await site.bank.consents.get(id, { clientId: client.clientId });
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    throw new SandbankError(error.code, error.message, { ...details, ...error.details }, { cause: error });
  }
}

function expectInForce({ trace }: Exchange, consent: Consent): void {
  expectThat(
    trace,
    {
      name: 'the consent is authorised and in force on the clock of the bank',
      expected: 'authorised',
      actual: consent.status,
      remedy: 'Send the customer through the authorisation again, where needed with a new consent.',
    },
    consent.status === 'authorised',
    () => notInForce(consent),
  );
}
