import { SandbankError } from '../../../kernel/index.js';

/** The parameters of a Signature header that a verifier needs (draft-cavage-http-signatures-12, section 2.1). */
export interface HttpSignature {
  readonly keyId: string;
  readonly algorithm: string;
  /** Names of the covered headers in the order of the signing string, in lower case. */
  readonly headers: readonly string[];
  readonly signature: Uint8Array;
}

const MAX_LENGTH = 8_192;
const MAX_PARAMETERS = 16;
const MAX_HEADERS = 32;
// Each alternative begins with another character, so that no text can be read in two ways.
const PARAMETER = /[ \t]*([A-Za-z][A-Za-z0-9_-]{0,31})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))[ \t]*(,|$)/y;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const PATH = 'Signature';

/**
 * The parameters by their names in lower case; each may be there once, and what is not known is left to the caller.
 * Throws `signature.malformed`.
 */
export function readSignatureParameters(text: string): ReadonlyMap<string, string> {
  if (text.length > MAX_LENGTH) throw malformed(`at most ${String(MAX_LENGTH)} characters`, String(text.length));
  const parameters = new Map<string, string>();
  let at = 0;
  let more = true;
  while (more) {
    PARAMETER.lastIndex = at;
    const [all = '', name = '', quoted, token, separator] = PARAMETER.exec(text) ?? [];
    if (all === '') throw malformed('name="value" pairs with commas between them', text.slice(at, at + 80));
    const key = name.toLowerCase();
    if (parameters.has(key)) throw malformed(`${name} once`, `${name} twice`);
    if (parameters.size === MAX_PARAMETERS) throw malformed(`at most ${String(MAX_PARAMETERS)} parameters`, 'more');
    parameters.set(key, quoted === undefined ? (token ?? '') : unescaped(quoted));
    at += all.length;
    more = separator === ',';
  }
  return parameters;
}

/** What must be there is. Throws `signature.claim-missing` and `signature.malformed`. */
export function toHttpSignature(parameters: ReadonlyMap<string, string>): HttpSignature {
  const given = (name: string): string => {
    const value = parameters.get(name.toLowerCase());
    if (value !== undefined && value !== '') return value;
    throw new SandbankError('signature.claim-missing', `The header ${PATH} has no ${name}.`, {
      path: PATH,
      expected: name,
      actual: [...parameters.keys()].join(', '),
    });
  };
  const keyId = given('keyId');
  const algorithm = given('algorithm').toLowerCase();
  const signature = given('signature');
  if (!BASE64.test(signature) || signature.length % 4 !== 0) {
    throw malformed('a signature in base64, with its padding', signature.slice(0, 40));
  }
  return { keyId, algorithm, headers: namesOf(given('headers')), signature: Buffer.from(signature, 'base64') };
}

/** The header as a sender writes it. */
export function writeHttpSignature({ keyId, algorithm, headers, signature }: HttpSignature): string {
  const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
  return [
    `keyId=${quoted(keyId)}`,
    `algorithm=${quoted(algorithm)}`,
    `headers=${quoted(headers.join(' '))}`,
    `signature="${Buffer.from(signature).toString('base64')}"`,
  ].join(',');
}

function namesOf(text: string): readonly string[] {
  const names = text.trim().toLowerCase().split(/ +/);
  if (names.length > MAX_HEADERS) throw malformed(`at most ${String(MAX_HEADERS)} headers`, String(names.length));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw malformed(`each header once`, `${twice} twice`);
  return names;
}

/** Only quote and backslash: names of authorities have backslashes of their own, which many senders do not double. */
function unescaped(quoted: string): string {
  return quoted.replace(/\\(["\\])/g, '$1');
}

function malformed(expected: string, actual: string): SandbankError {
  return new SandbankError('signature.malformed', `The header ${PATH} cannot be read: expected ${expected}.`, {
    path: PATH,
    expected,
    actual,
  });
}
