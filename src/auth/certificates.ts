import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

import type { CertificateVerdict, Directory } from '../directory/index.js';
import type { Clock } from '../kernel/index.js';

const NO_CERTIFICATE: CertificateVerdict = { trusted: false, reason: 'none' };

/**
 * Client certificates of requests. oidc-provider asks in synchronous callbacks; the verdict needs the directory. So each
 * request is judged once, before the library sees it, on the bank's clock.
 */
export interface PresentedCertificates {
  judge(request: IncomingMessage): Promise<CertificateVerdict>;
  verdictOn(request: IncomingMessage): CertificateVerdict;
  of(request: IncomingMessage): X509Certificate | undefined;
}

export function createPresentedCertificates(options: {
  readonly directory: Pick<Directory, 'judgeCertificate'>;
  /** The bank's. */
  readonly clock: Clock;
}): PresentedCertificates {
  const verdicts = new WeakMap<IncomingMessage, CertificateVerdict>();
  const certificateOf = (request: IncomingMessage): X509Certificate | undefined =>
    (request.socket as Partial<TLSSocket>).getPeerX509Certificate?.();
  return {
    async judge(request) {
      const known = verdicts.get(request);
      if (known) return known;
      const certificate = certificateOf(request);
      const verdict = certificate
        ? await options.directory.judgeCertificate(certificate, options.clock.now())
        : NO_CERTIFICATE;
      verdicts.set(request, verdict);
      return verdict;
    },
    verdictOn: (request) => verdicts.get(request) ?? NO_CERTIFICATE,
    of: certificateOf,
  };
}

/** How a certificate is named in an explanation. */
export function describeVerdict(verdict: CertificateVerdict): string {
  if (verdict.trusted)
    return `certificate ${verdict.serial} of software ${verdict.softwareId}, organisation ${verdict.organisationId}`;
  if (verdict.reason === 'none') return 'no client certificate';
  return `${verdict.subjectDn ?? 'a certificate'}: ${verdict.reason}`;
}
