import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';

import type { CertificateVerdict, Directory, SoftwareStatementClaims } from '../../directory/index.js';
import { isSandbankError, type Clock } from '../../kernel/index.js';
import { describeVerdict } from '../certificates.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import type { Fetch } from '../egress.js';
import type { SecurityRequirements } from '../profiles/index.js';
import { RegistrationError, type RegistrationErrorCode } from './registration-error.js';

/** A registration request whose origin is proven: the certificate, the directory's statement, the software's signature. */
export interface ProvenRequest {
  readonly claims: JWTPayload & Readonly<Record<string, unknown>>;
  readonly statement: SoftwareStatementClaims;
  readonly statementJwt: string;
}

export interface ProofOptions {
  readonly directory: Pick<Directory, 'issuer' | 'jwks' | 'verifyAssertion'>;
  readonly requirements: SecurityRequirements;
  readonly wall: Clock;
  readonly recorder: CheckRecorder;
  readonly fetch: Fetch;
}

/** Header parameters that would let the sender choose the key (or the meaning) of his own signature. */
const FORBIDDEN_HEADERS = ['jwk', 'jku', 'x5c', 'x5u', 'crit', 'b64'] as const;

/**
 * The order of UK DCR 3.3: certificate, software statement, its organisation, then the signature of the request by a key
 * of the software. Only what has passed is looked into further.
 */
export async function proveRequest(
  body: string,
  verdict: CertificateVerdict,
  options: ProofOptions,
): Promise<ProvenRequest> {
  const { recorder } = options;
  const must = (holds: boolean, code: RegistrationErrorCode, words: Words): void => {
    if (recordCheck(recorder, holds, words)) return;
    throw new RegistrationError(code, words.description, code === 'invalid_client' ? 401 : 400);
  };
  must(verdict.trusted, 'invalid_client', {
    name: 'the client certificate is trusted',
    description: 'a transport certificate of the directory is needed',
    expected: 'a transport certificate issued by the directory',
    actual: describeVerdict(verdict),
    clause: 'UK DCR 3.3, mutual TLS',
    remedy: 'Call the registration endpoint on the mTLS listener with the transport certificate of the software.',
  });
  const { header, claims } = decode(body, must);
  checkHeader(header, options, must);
  const { software_statement: statementJwt } = claims;
  must(typeof statementJwt === 'string', 'invalid_software_statement', {
    name: 'the request carries a software statement',
    description: 'software_statement is missing',
    expected: 'claim software_statement with the assertion of the directory',
    actual: typeof statementJwt,
    remedy: 'Fetch a fresh assertion from the directory and put it into software_statement.',
  });
  const statement = await verifyStatement(String(statementJwt), options);
  must(verdict.trusted && verdict.organisationId === statement.org_id, 'unapproved_software_statement', {
    name: 'the certificate belongs to the organisation of the statement',
    description: 'the certificate is of another organisation than the software statement',
    expected: statement.org_id,
    actual: describeVerdict(verdict),
    clause: 'UK DCR 3.3',
    remedy: 'Use a certificate of the same organisation as the software statement.',
  });
  await verifySignature(body, { header, statement, options, must });
  return { claims, statement, statementJwt: String(statementJwt) };
}

interface Words {
  readonly name: string;
  readonly description: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly clause?: string;
  readonly remedy?: string;
}
type Must = (holds: boolean, code: RegistrationErrorCode, words: Words) => void;

function decode(body: string, must: Must): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  let decoded: { header: ProtectedHeaderParameters; claims: JWTPayload } | undefined;
  try {
    decoded = { header: decodeProtectedHeader(body), claims: decodeJwt(body) };
  } catch {
    decoded = undefined;
  }
  must(decoded !== undefined, 'invalid_client_metadata', {
    name: 'the request is a signed JWT',
    description: 'the body is not a signed JWT',
    expected: 'a compact JWS',
    actual: `${String(body.length)} characters that are not one`,
    remedy: 'Sign the registration claims as a JWT and send it as application/jwt.',
  });
  return decoded ?? { header: {}, claims: {} };
}

function checkHeader(header: ProtectedHeaderParameters, { requirements }: ProofOptions, must: Must): void {
  must(requirements.signingAlgorithms.includes(String(header.alg)), 'invalid_client_metadata', {
    name: 'the request is signed with an allowed algorithm',
    description: `alg must be one of ${requirements.signingAlgorithms.join(', ')}`,
    expected: requirements.signingAlgorithms.join(', '),
    actual: String(header.alg),
    clause: 'FAPI 1.0 Advanced 8.6',
  });
  const forbidden = FORBIDDEN_HEADERS.filter((name) => Object.hasOwn(header, name));
  must(forbidden.length === 0, 'invalid_client_metadata', {
    name: 'the header does not choose its own key',
    description: `the header must not have ${forbidden.join(', ')}`,
    expected: 'alg, kid, typ',
    actual: Object.keys(header).join(', '),
    clause: 'UK DCR 3.3, JOSE header',
  });
  must(typeof header.kid === 'string', 'invalid_client_metadata', {
    name: 'the header names a key',
    description: 'the header must have a kid',
    expected: 'kid of a signing key in the keystore',
    actual: 'none',
  });
}

async function verifyStatement(
  jwt: string,
  { directory, wall, recorder }: ProofOptions,
): Promise<SoftwareStatementClaims> {
  try {
    const statement = await directory.verifyAssertion(jwt, wall.now());
    recordCheck(recorder, true, { name: 'the software statement is genuine and alive', actual: statement.software_id });
    return statement;
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    recordCheck(recorder, false, {
      name: 'the software statement is genuine and alive',
      expected:
        error.details.expected ?? `signed by ${directory.issuer}, fresh, of an active software and organisation`,
      actual: error.details.actual ?? error.message,
      clause: 'UK DCR 3.3, software statement',
      remedy: 'Fetch a fresh assertion from the directory of this ecosystem.',
    });
    throw new RegistrationError(
      // The statement itself, or whom it speaks of (RFC 7591 3.2.2).
      error.code.startsWith('directory.') ? 'unapproved_software_statement' : 'invalid_software_statement',
      `the software statement is not accepted: ${error.message}`,
    );
  }
}

async function verifySignature(
  body: string,
  context: {
    readonly header: ProtectedHeaderParameters;
    readonly statement: SoftwareStatementClaims;
    readonly options: ProofOptions;
    readonly must: Must;
  },
): Promise<void> {
  const { header, statement, options, must } = context;
  const keys = (await keysOf(statement, options)).keys.filter((key) => key['use'] !== 'enc' && key['use'] !== 'tls');
  const known = keys.some((key) => key['kid'] === header.kid);
  must(known, 'invalid_client_metadata', {
    name: 'the signing key is in the keystore of the software',
    description: 'kid is not a signing key of software_jwks_endpoint',
    expected: `one of ${keys.map((key) => String(key['kid'])).join(', ')}`,
    actual: String(header.kid),
    clause: 'UK DCR 3.3',
    remedy: 'Issue a signing certificate for the software and use its kid.',
  });
  let failure: string | undefined;
  try {
    // The signature alone; iat, exp and the rest are checks of their own.
    await compactVerify(body, createLocalJWKSet({ keys }), {
      algorithms: [...options.requirements.signingAlgorithms],
    });
  } catch (error) {
    failure = error instanceof Error ? error.message : 'unreadable';
  }
  must(failure === undefined, 'invalid_client_metadata', {
    name: 'the request is signed by the software',
    description: 'the signature of the request does not verify',
    expected: `a signature by ${String(header.kid)}`,
    actual: failure ?? 'verified',
    clause: 'UK DCR 3.3',
  });
}

async function keysOf(
  statement: SoftwareStatementClaims,
  { directory, fetch }: ProofOptions,
): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }> {
  const url = statement.software_jwks_endpoint;
  if (url.startsWith(`${directory.issuer}/`)) return directory.jwks(statement.software_id);
  try {
    const answer = await fetch(url, { headers: { accept: 'application/json' } });
    const body = (await answer.json()) as { readonly keys?: unknown };
    return { keys: Array.isArray(body.keys) ? (body.keys as Readonly<Record<string, unknown>>[]) : [] };
  } catch {
    return { keys: [] };
  }
}
