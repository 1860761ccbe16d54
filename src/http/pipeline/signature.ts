import { X509Certificate } from 'node:crypto';

import { assert, SandbankError } from '../../kernel/index.js';
import type { Call, MessageSignature, Seal } from '../../standards/standard.js';
import type { SealJudge } from '../ports.js';
import { readBody } from '../raw-body.js';
import { certificateRefusal } from './certificate-caller.js';
import { recording, type Exchange } from './exchange.js';
import { singleHeaders } from './message.js';

/** The client signed exactly the bytes that arrived. */
export async function messageIsSigned(exchange: Exchange): Promise<void> {
  const { request, operation, site } = exchange;
  assert(operation, 'the operation is known');
  const { signature: scheme } = site.version.wire;
  const { request: asked = false } = operation.policy.signature ?? {};
  const demand = typeof asked === 'function' ? asked(site.settings) : asked;
  if (demand === false) return;
  assert(scheme, 'a standard that asks for signatures says how');
  const sent = [scheme.header.toLowerCase(), ...(scheme.impliedBy ?? [])];
  if (demand === 'if-present' && !sent.some((header) => header in request.headers)) return;
  const failures: string[] = [];
  const check: Call['check'] = (made) => {
    if (made.outcome === 'failed') failures.push(made.name);
    exchange.trace.check(made);
  };
  try {
    await verified(exchange, scheme, check);
  } catch (error) {
    // A scheme that records its own checks has told already what it found.
    if (failures.length > 0) throw error;
    await recording(exchange.trace, claimOf(exchange, scheme), () => Promise.reject(error as Error));
  }
  exchange.trace.check({ ...claimOf(exchange, scheme), outcome: 'passed' });
}

function claimOf({ client }: Exchange, { header }: MessageSignature) {
  return {
    name: 'the message signature is good',
    expected: `a signature of the body in ${header}, by a key of ${client?.clientId ?? ''}`,
    remedy: 'Sign the bytes of the body as they are sent, with a registered signing key.',
  };
}

async function verified(exchange: Exchange, scheme: MessageSignature, check: Call['check']): Promise<void> {
  const { request, site, client } = exchange;
  assert(client, 'the client is known');
  const values = request.headersDistinct[scheme.header.toLowerCase()] ?? [];
  if (values.length > 1) {
    throw new SandbankError('signature.malformed', 'There is more than one message signature.', {
      path: scheme.header,
    });
  }
  const contentType = request.headers['content-type'];
  await scheme.verify({
    rawBody: await signedBody(exchange),
    signature: values[0],
    ...(site.ports.trustAnchor !== undefined && { trustAnchor: site.ports.trustAnchor }),
    ...(site.ports.seals && { sealOf: (brought) => sealOf(exchange, { ...brought, check }) }),
    keys: values.length === 0 || !client.keys ? [] : await client.keys(),
    headers: singleHeaders(exchange),
    method: exchange.method,
    target: `${new URL(site.baseUrl).pathname}${exchange.path}${exchange.search}`,
    client,
    wallNow: site.wall.now(),
    check,
    ...(contentType !== undefined && { contentType }),
  });
}

/** A signature covers what was sent, also where the operation takes no body and does not look at it. */
async function signedBody({ described, request, rawBody, site }: Exchange): Promise<Uint8Array> {
  const isRead = described === undefined || described.requestTypes.length > 0;
  return isRead ? rawBody : readBody(request, site.bodyLimitBytes);
}

/** The certificate of a message is one for seals, of the directory, and in force on the clock of the bank. */
async function sealOf(
  { site, now }: Exchange,
  brought: { readonly certificate: Uint8Array; readonly header: string; readonly check: Call['check'] },
): Promise<Seal> {
  const { certificate, header, check } = brought;
  assert(site.ports.seals, 'there is a judge of seals');
  const parsed = readCertificate(certificate);
  const verdict = parsed ? await site.ports.seals.judge(parsed, now) : UNREADABLE;
  check({
    name: 'the certificate of the signature is trusted',
    outcome: verdict.trusted ? 'passed' : 'failed',
    expected: 'a seal certificate of the directory that is in force',
    actual: verdict.trusted ? `serial number ${verdict.seal.serial}` : `${verdict.reason}${nameIn(verdict)}`,
    clause: 'PSD2 RTS article 34; ETSI TS 119 495',
    remedy: 'Sign with a seal certificate (QSEAL) that the directory issued and that is not expired or revoked.',
  });
  if (verdict.trusted) return verdict.seal;
  throw certificateRefusal(verdict.reason, 'The certificate of the signature is not accepted.', header);
}

const UNREADABLE: Awaited<ReturnType<SealJudge['judge']>> = { trusted: false, reason: 'unreadable' };

function nameIn({ subjectDn }: { readonly subjectDn?: string }): string {
  return subjectDn === undefined ? '' : ` (${subjectDn})`;
}

/** Node reads PEM and ignores what comes after, too; a certificate is its DER and nothing else. */
function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    return certificate.raw.equals(der) ? certificate : undefined;
  } catch {
    return undefined;
  }
}
