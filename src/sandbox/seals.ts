import { issuerDn, sameNameInAnyOrder, type Directory } from '../directory/index.js';
import type { PipelinePorts } from '../http/index.js';

/** The directory's judgement of certificates that seal messages, in the words of the pipeline. */
export function sealJudge(directory: Pick<Directory, 'judgeCertificate'>): NonNullable<PipelinePorts['seals']> {
  return {
    async judge(certificate, at) {
      const verdict = await directory.judgeCertificate(certificate, at, 'signing');
      if (!verdict.trusted) return verdict;
      const { organisationId, organisationIdentifier, serial } = verdict;
      const issuer = issuerDn(certificate);
      return {
        trusted: true,
        seal: {
          organisationId,
          organisationIdentifier,
          serial,
          issuerDn: issuer,
          publicKey: certificate.publicKey,
          isIssuer: (name) => sameNameInAnyOrder(name, issuer),
        },
      };
    },
  };
}
