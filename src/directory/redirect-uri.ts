import { SandbankError } from '../kernel/index.js';

const MAX_URIS = 50;
const MAX_LENGTH = 256;
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

interface UriCheck {
  readonly expected: string;
  /** True if the address passes. */
  passes(written: string, url: URL): boolean;
}

/**
 * What an address of a TPP must be. The text itself is checked beside the parsed form, because a parser repairs what an
 * attacker wrote (backslashes, encoded dots, odd spellings of an IP address) and the two would then disagree.
 */
const CHECKS: readonly UriCheck[] = [
  {
    expected: 'https, or http to localhost, 127.0.0.1 or [::1]',
    passes: (_, url) =>
      url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.includes(url.hostname)),
  },
  {
    expected: 'two slashes after the scheme and no backslash',
    passes: (written) => /^https?:\/\/[^/\\][^\\]*$/i.test(written),
  },
  { expected: 'no user name or password', passes: (written) => !authorityOf(written).includes('@') },
  { expected: 'no fragment', passes: (written) => !written.includes('#') },
  { expected: 'no wildcard', passes: (written) => !/\*|%2a/i.test(written) },
  {
    expected: 'a host in its plain spelling',
    passes: (written, url) => authorityOf(written).replace(/:\d*$/, '').toLowerCase() === url.hostname,
  },
  { expected: 'no dot at the end of the host', passes: (_, url) => !url.hostname.endsWith('.') },
  {
    expected: 'no dot segments in the path, plain or encoded',
    passes: (written) => !/(?:\/|%2f|%5c)(?:\.|%2e){1,2}(?:[/;?]|%2f|%5c|%3b|$)/i.test(written),
  },
];

/** Throws `directory.invalid-redirect-uri` for the first address that breaks a rule, and says which. */
export function checkRedirectUris(uris: readonly string[]): void {
  const refuse = (message: string, expected: string, actual: string): never => {
    throw new SandbankError('directory.invalid-redirect-uri', message, { path: 'redirectUris', expected, actual });
  };
  if (uris.length === 0 || uris.length > MAX_URIS) {
    refuse('The number of redirect URIs is not acceptable.', `1 to ${String(MAX_URIS)}`, String(uris.length));
  }
  if (new Set(uris).size !== uris.length) refuse('A redirect URI is listed twice.', 'each once', 'a repetition');
  for (const uri of uris) {
    const broken = brokenRule(uri);
    if (broken !== undefined) refuse('A redirect URI is not acceptable.', broken, shown(uri));
  }
}

/** The same rules for pages a customer may be sent to: logo, policy, terms. Throws `directory.invalid-request`. */
export function checkPageUri(path: string, uri: string | undefined): void {
  if (uri === undefined) return;
  const broken = brokenRule(uri);
  if (broken === undefined) return;
  throw new SandbankError('directory.invalid-request', `The address in ${path} is not acceptable.`, {
    path,
    expected: broken,
    actual: shown(uri),
  });
}

function brokenRule(written: string): string | undefined {
  if (typeof written !== 'string' || written.length > MAX_LENGTH) return `at most ${String(MAX_LENGTH)} characters`;
  if (!/^[\x21-\x7e]+$/.test(written)) return 'visible ASCII characters only (a host in its xn-- form)';
  if (!URL.canParse(written)) return 'an absolute URL';
  const url = new URL(written);
  return CHECKS.find((check) => !check.passes(written, url))?.expected;
}

function authorityOf(written: string): string {
  return /^[a-z]+:\/\/([^/?#\\]*)/i.exec(written)?.[1] ?? '';
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_LENGTH) : typeof value;
}
