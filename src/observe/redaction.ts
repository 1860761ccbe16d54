import { createHash } from 'node:crypto';

/** Below this length even the digest could be guessed back by trying all values (a six-digit code). */
const SHORTEST_WITH_DIGEST = 20;

/**
 * A secret in a form that can be compared and not used: its first six characters and the start of its SHA-256. Short
 * values (one-time codes, passwords) are told by their length only.
 */
export function redact(value: string): string {
  if (value.length < SHORTEST_WITH_DIGEST) return `(${String(value.length)} characters)`;
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 12);
  return `${value.slice(0, 6)}... (sha256 ${digest})`;
}

// Starts only where a run of its characters starts: in a text of nothing but `eyJ-eyJ-` every other start would read on to
// the end, and cost the square of its length.
const DOTTED = /(?<![\w-])[\w-]{11,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?/g;
const CREDENTIALS = /\b(Bearer|DPoP|Basic)\s+([\w~+/.=-]{8,})/gi;

/** `DPoP`, a space and eight characters. */
const SHORTEST_CREDENTIALS = 13;

/** The last net under every check: tokens that reached a text anyway are redacted before it is kept. */
export function withoutSecrets(text: string): string {
  // Twenty texts a request go through here, and hardly any has room for a credential or holds the mark of a JWT.
  if (text.length < SHORTEST_CREDENTIALS) return text;
  const safe = text.replace(CREDENTIALS, (_all, scheme: string, value: string) => `${scheme} ${redact(value)}`);
  return safe.includes('eyJ') ? safe.replace(DOTTED, withoutJwt) : safe;
}

/** A JWT begins with `{"` in base64url, whatever stands before it in the same word. */
function withoutJwt(dotted: string): string {
  const start = dotted.indexOf('eyJ');
  return start < 0 ? dotted : dotted.slice(0, start) + redact(dotted.slice(start));
}
