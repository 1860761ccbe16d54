import type { Directory, IssuedCertificate } from '../../directory/index.js';
import { formatInstantMs, parseInstant, SandbankError, type Instant } from '../../kernel/index.js';
import type { ControlCall, ControlOperations } from './control-call.js';

/** The part of the control API that belongs to the directory: assertions and certificates of a software statement. */
export function certificateOperations(directory: Directory): ControlOperations {
  const softwareOf = ({ params }: ControlCall): string => params['softwareId'] ?? '';
  return {
    getAssertion: async (call) => ({
      status: 200,
      body: { softwareStatement: await directory.assertion(softwareOf(call)) },
    }),
    listCertificates: async (call) => {
      await directory.software(softwareOf(call));
      const certificates = await directory.certificatesOf(softwareOf(call));
      return { status: 200, body: { certificates: certificates.map(toCertificate) } };
    },
    issueCertificate: async (call) => {
      const { kind, csrPem } = call.body;
      const [notBefore, notAfter] = [instantIn(call, 'notBefore'), instantIn(call, 'notAfter')];
      const issued = await directory.issueCertificate({
        softwareId: softwareOf(call),
        kind: kind === 'signing' ? 'signing' : 'transport',
        ...(typeof csrPem === 'string' && { csrPem }),
        ...(notBefore !== undefined && { notBefore }),
        ...(notAfter !== undefined && { notAfter }),
      });
      const { certificate, privateKeyPem } = issued;
      return { status: 201, body: { certificate: toCertificate(certificate), privateKeyPem } };
    },
    revokeCertificate: async ({ params }) => {
      await directory.revokeCertificate(params['serial'] ?? '');
      return { status: 204, body: undefined };
    },
  };
}

function instantIn({ body }: ControlCall, name: string): Instant | undefined {
  const text = body[name];
  if (typeof text !== 'string') return undefined;
  const at = parseInstant(text);
  if (at !== undefined) return at;
  throw new SandbankError('field.invalid', 'This is not a date-time.', { path: name, actual: text });
}

function toCertificate({ notBefore, notAfter, revokedAt, ...rest }: IssuedCertificate): unknown {
  return {
    ...rest,
    notBefore: formatInstantMs(notBefore),
    notAfter: formatInstantMs(notAfter),
    ...(revokedAt !== undefined && { revokedAt: formatInstantMs(revokedAt) }),
  };
}
