const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const LONGEST = 256;

/**
 * An address a customer may be sent back to: https, or loopback while developing; nothing that two parsers could read in
 * two ways (user info, dot segments, encoded dots, wildcards, a trailing dot in the host).
 */
export function isAcceptableRedirect(uri: string, developmentRedirects: boolean): boolean {
  if (uri.length > LONGEST || !URL.canParse(uri) || /[\s*#\\]/.test(uri) || /%2e/i.test(uri)) return false;
  const url = new URL(uri);
  const loopback = LOOPBACK.has(url.hostname);
  if (url.protocol === 'http:' ? !(loopback && developmentRedirects) : url.protocol !== 'https:') return false;
  if (loopback && !developmentRedirects) return false;
  const plain = url.username === '' && url.password === '' && !uri.includes('@') && !url.hostname.endsWith('.');
  return (
    plain &&
    !uri
      .split(/[?]/, 1)[0]
      ?.split('/')
      .some((segment) => /^\.\.?(;|$)/.test(segment))
  );
}
