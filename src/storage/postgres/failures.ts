import { SandbankError } from '../../kernel/index.js';

/** Serialization failure and deadlock (PostgreSQL documentation, appendix A, class 40): the same work may succeed now. */
export function isWorthRetrying(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

/** The connection is gone, or cannot be had: class 08, the server going down or starting, sockets. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code.startsWith('08') || ['57P01', '57P02', '57P03', '53300'].includes(code)) return true;
  if (/^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENETUNREACH|ENOENT|ENOTFOUND|EAI_AGAIN)/.test(code)) return true;
  return (
    error instanceof Error &&
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(error.message)
  );
}

/** A plan of before a migration of another process. The connection forgets it by being thrown away. */
export function isPlanOutdated(error: unknown): boolean {
  return codeOf(error) === '0A000' && error instanceof Error && error.message.includes('cached plan');
}

/** What a caller may see of a database that does not answer: no address, no password. */
export function toRefusal(error: unknown): unknown {
  if (!isConnectionLost(error)) return error;
  return new SandbankError(
    'internal',
    'The database does not answer.',
    { expected: 'a PostgreSQL server that takes connections', actual: codeOf(error) || 'the connection ended' },
    { cause: error },
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
