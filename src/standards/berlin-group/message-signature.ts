import { SandbankError } from '../../kernel/index.js';
import {
  DIGEST_ALGORITHMS,
  digestOf,
  fitsKey,
  isDigestAlgorithm,
  isSignatureAlgorithm,
  isSignatureOf,
  readDigest,
  readSignatureParameters,
  SIGNATURE_ALGORITHMS,
  signingString,
  toHttpSignature,
  type HttpSignature,
  type SignatureAlgorithm,
} from '../kit/http-signature/index.js';
import type { MessageSignature, Operation, OperationPolicy, Seal } from '../standard.js';
import { refusal } from './refusals.js';
import { namesCertificate, SEAL_CERTIFICATE, SIGNED_ALWAYS, SIGNED_IF_SENT } from './seal.js';
import { settingsOf } from './settings.js';

type Input = Parameters<MessageSignature['verify']>[0];
type Claim = Omit<Parameters<NonNullable<Input['check']>>[0], 'outcome'>;

const CLAUSE = 'NextGenPSD2 1.3.12 section 12';

/** A seal over headers of the request, of which one is the digest of its body (1.3.12, section 12). Answers have none. */
export const messageSignature: MessageSignature = {
  header: 'Signature',
  // The certificate may come along with any request; a digest is there if and only if a signature is (12.1).
  impliedBy: ['digest'],

  async verify(input) {
    const { signature: sent } = input;
    expectThat(
      input,
      {
        name: 'the request is signed',
        expected: 'the header Signature',
        actual: sent ?? (input.headers['digest'] === undefined ? 'none' : 'none, and a Digest'),
        remedy: `Send Digest, Signature and ${SEAL_CERTIFICATE}, or none of them where the bank does not ask for them.`,
      },
      sent !== undefined && sent.trim() !== '',
      () => new SandbankError('signature.missing', 'The header Signature is missing.', { path: 'Signature' }),
    );
    const signature = readable(input, sent ?? '');
    const algorithm = algorithmIsTaken(input, signature);
    headersAreCovered(input, signature);
    digestIsOfBody(input);
    const seal = await sealOfRequest(input);
    sealIsOfCaller(input, seal);
    keyIdNamesSeal(input, { signature, seal });
    signatureIsOfSeal(input, { signature, algorithm, seal });
  },
};

/** Every operation is asked for a seal in the same way; the bank's file says whether it must be there. */
export function underSeal(operations: Readonly<Record<string, Operation>>): Readonly<Record<string, Operation>> {
  const signature: NonNullable<OperationPolicy['signature']> = {
    request: (settings) => {
      const { signatures } = settingsOf({ settings });
      return signatures === 'if-present' ? signatures : signatures === 'required';
    },
    response: false,
  };
  const sealed = Object.entries(operations).map(
    ([id, operation]) => [id, { ...operation, policy: { ...operation.policy, signature } }] as const,
  );
  return Object.fromEntries(sealed);
}

function readable(input: Input, text: string): HttpSignature {
  const claim = {
    name: 'the header Signature can be read',
    expected: 'keyId, algorithm, headers and signature, each once, as name="value"',
  };
  return told(input, { ...claim, actual: text }, () => {
    const parameters = readSignatureParameters(text);
    if (parameters.get('keyid')) return toHttpSignature(parameters);
    const message = 'The header Signature has no keyId.';
    throw refusal('signature.claim-missing', 'KID_MISSING', { message, path: 'Signature', expected: 'keyId' });
  });
}

function algorithmIsTaken(input: Input, { algorithm }: HttpSignature): SignatureAlgorithm {
  const expected = SIGNATURE_ALGORITHMS.join(', ');
  expectThat(
    input,
    { name: 'the algorithm of the signature is taken', expected, actual: algorithm },
    isSignatureAlgorithm(algorithm),
    () => invalid('The algorithm of the signature is not one that this bank takes.', { expected, actual: algorithm }),
  );
  return algorithm as SignatureAlgorithm;
}

/** Exactly the headers of the profile: all that must be, and no other (12.2). */
function headersAreCovered(input: Input, { headers: covered }: HttpSignature): void {
  const isSent = (name: string): boolean => input.headers[name] !== undefined;
  const expected: readonly string[] = [...SIGNED_ALWAYS, ...SIGNED_IF_SENT.filter(isSent)];
  const wrong = [
    ...expected.filter((name) => !covered.includes(name)).map((name) => `${name} is not covered`),
    ...covered.filter((name) => !isSent(name)).map((name) => `${name} is not in the request`),
    ...covered.filter((name) => isSent(name) && !expected.includes(name)).map((name) => `${name} is not to be covered`),
  ];
  expectThat(
    input,
    {
      name: 'the signature covers the headers that it must',
      expected: expected.join(' '),
      actual: wrong.length === 0 ? covered.join(' ') : wrong.join('; '),
      remedy:
        'Sign digest and x-request-id, each of psu-id, psu-corporate-id, date and tpp-redirect-uri that is sent, and no other header.',
    },
    wrong.length === 0,
    () => invalid(`The headers of the signature are not right: ${wrong.join('; ')}.`, { expected: expected.join(' ') }),
  );
}

function digestIsOfBody(input: Input): void {
  const text = input.headers['digest'] ?? '';
  const name = 'the digest is one of the body';
  const { algorithm, value } = told(
    input,
    { name: 'the header Digest can be read', expected: 'SHA-256= or SHA-512=, and base64', actual: text },
    () => readDigest(text),
  );
  if (!isDigestAlgorithm(algorithm)) {
    const expected = DIGEST_ALGORITHMS.join(' or ');
    refuse(
      input,
      { name, expected, actual: algorithm },
      invalid('The hash of the digest is not taken.', { expected, path: 'Digest' }),
    );
  }
  const expected = digestOf(input.rawBody, algorithm);
  const actual = `${algorithm}=${value}`;
  expectThat(
    input,
    {
      name,
      expected: `${expected} over ${String(input.rawBody.length)} bytes`,
      actual,
      remedy: 'Hash the bytes of the body exactly as they are sent; of a request without a body, no bytes.',
    },
    expected === actual,
    () => invalid('The digest is not that of the body.', { expected, actual, path: 'Digest' }),
  );
}

/** 14.11.1: the certificate codes are those of the seal, too. */
async function sealOfRequest(input: Input): Promise<Seal> {
  const sent = input.headers[SEAL_CERTIFICATE.toLowerCase()]?.trim() ?? '';
  const base64 = {
    name: 'the certificate of the signature comes along',
    expected: `${SEAL_CERTIFICATE}: DER in base64`,
  };
  expectThat(
    input,
    { ...base64, actual: sent === '' ? 'none' : `${String(sent.length)} characters` },
    sent !== '',
    () => {
      const message = `The header ${SEAL_CERTIFICATE} is missing.`;
      return new SandbankError('client.certificate-missing', message, { path: SEAL_CERTIFICATE });
    },
  );
  const isBase64 = sent.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(sent);
  const certificate = Buffer.from(isBase64 ? sent : '', 'base64');
  const isPem = /-----BEGIN/.test(sent) || certificate.toString('latin1', 0, 10) === '-----BEGIN';
  expectThat(
    input,
    {
      ...base64,
      name: 'the certificate of the signature can be read',
      actual: isPem ? 'PEM' : `${sent.slice(0, 20)}...`,
      remedy: 'Send what stands between the BEGIN and END lines of the PEM file, without line breaks.',
    },
    isBase64 && !isPem,
    () => new SandbankError('header.invalid', `${SEAL_CERTIFICATE} is not DER in base64.`, { path: SEAL_CERTIFICATE }),
  );
  if (!input.sealOf) throw new SandbankError('client.certificate-invalid', 'This bank takes no seals.');
  return input.sealOf({ certificate, header: SEAL_CERTIFICATE });
}

/** Who seals is who is connected: the certificates differ, the organisation does not. */
function sealIsOfCaller(input: Input, { organisationId, organisationIdentifier = organisationId }: Seal): void {
  const { client } = input;
  expectThat(
    input,
    {
      name: 'the seal is of the organisation that calls',
      expected: client.clientId,
      actual: organisationIdentifier,
      remedy: 'Use the website and the seal certificate of one organisation.',
    },
    organisationId === client.organisationId,
    () =>
      new SandbankError('client.certificate-invalid', 'The seal is of another organisation than the connection.', {
        path: SEAL_CERTIFICATE,
      }),
  );
}

function keyIdNamesSeal(
  input: Input,
  { signature, seal }: { readonly signature: HttpSignature; readonly seal: Seal },
): void {
  const expected = `SN=${seal.serial},CA=${seal.issuerDn}`;
  const actual = signature.keyId;
  expectThat(
    input,
    {
      name: 'keyId names the certificate of the signature',
      expected,
      actual,
      remedy: 'Write the serial number in hexadecimal without 0x, and the full name of the authority that issued it.',
    },
    namesCertificate(signature.keyId, seal),
    () => invalid('keyId does not name the certificate that came along.', { expected, actual }),
  );
}

function signatureIsOfSeal(
  input: Input,
  {
    signature,
    algorithm,
    seal,
  }: { readonly signature: HttpSignature; readonly algorithm: SignatureAlgorithm; readonly seal: Seal },
): void {
  const text = signingString(signature.headers, input.headers) ?? '';
  const { publicKey, serial } = seal;
  const keyType = publicKey.asymmetricKeyType ?? 'unknown';
  const expected = fitsKey(algorithm, publicKey)
    ? `a signature over (line feeds as \\n): ${text.replaceAll('\n', '\\n')}`
    : `an algorithm for a key of type ${keyType}`;
  const isGood = isSignatureOf(text, { ...signature, algorithm }, publicKey);
  expectThat(
    input,
    {
      name: 'the signature is one of the covered headers by the key of the certificate',
      expected,
      actual: isGood ? algorithm : `${algorithm} of something else, or by another key than that of ${serial}`,
      remedy: 'Compare the text that you signed with this one, character by character; the last line has no line feed.',
    },
    isGood,
    () => invalid('The signature does not match the headers that it covers.', { expected }),
  );
}

function invalid(
  message: string,
  details: { readonly expected?: string; readonly actual?: string; readonly path?: string },
): SandbankError {
  return new SandbankError('signature.invalid', message, { path: 'Signature', ...details });
}

function expectThat(input: Input, claim: Claim, holds: boolean, refusalOf: () => SandbankError): void {
  if (!holds) refuse(input, claim, refusalOf());
  input.check?.({ clause: CLAUSE, ...claim, outcome: 'passed' });
}

function refuse(input: Input, claim: Claim, error: SandbankError): never {
  input.check?.({ clause: CLAUSE, ...claim, outcome: 'failed' });
  throw error;
}

/** Records a reading that refuses by throwing. */
function told<T>(input: Input, claim: Claim, read: () => T): T {
  try {
    const result = read();
    input.check?.({ clause: CLAUSE, ...claim, outcome: 'passed' });
    return result;
  } catch (error) {
    input.check?.({
      clause: CLAUSE,
      ...claim,
      ...(error instanceof Error && { actual: `${claim.actual ?? ''}: ${error.message}` }),
      outcome: 'failed',
    });
    throw error;
  }
}
