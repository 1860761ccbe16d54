import { formatInstant, MS_PER_DAY, parseInstant, plusMs, SandbankError, type Instant } from '../../kernel/index.js';

/** A date of a body in any ISO 8601 form; without a zone it is read as UTC. Throws `field.invalid-date`. */
export function readDate(text: string, path: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw invalidDate(path, text);
  return at;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Repeats a date as it was sent, if it has a zone; dates of answers always carry one. */
export function echoDate(text: string): string {
  if (RFC3339.test(text)) return text;
  const at = parseInstant(text);
  return at === undefined ? text : formatInstant(at);
}

/** A zone at the end of a query date; the plus sign of a badly encoded one has become a space. */
const ZONE = /(?<=T.*)(?:Z|[+\- ]\d{2}:?\d{2})$/i;

/**
 * A filter date. It is local to the bank (UTC here); 4.0.1 says that no zone is sent and earlier versions that one is
 * to be ignored, so it is ignored. A bare day stands for its start, and at the end of a period for its last moment.
 */
export function readQueryDate(text: string, name: string, end: 'from' | 'to'): Instant {
  const at = parseInstant(text.trim().replace(ZONE, ''));
  if (at === undefined) throw invalidDate(name, text);
  return end === 'to' && !/t/i.test(text) ? plusMs(at, MS_PER_DAY - 1) : at;
}

function invalidDate(path: string, actual: string): SandbankError {
  return new SandbankError('field.invalid-date', `${path} is not a date and time by ISO 8601.`, {
    path,
    expected: 'a date and time such as 2026-11-25T08:00:00',
    actual,
  });
}
