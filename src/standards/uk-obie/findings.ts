import type { ErrorCode, Finding } from '../../kernel/index.js';
import type { SchemaViolation } from '../standard.js';

const MAX_LISTED = 25;

/** What a violation of the document is called here, and the field in this standard's notation. */
export function toFinding(violation: SchemaViolation): Finding {
  const path = pathOf(violation);
  return { code: codeOf(violation, path), message: messageOf(violation, path), ...(path !== '' && { path }) };
}

function codeOf(violation: SchemaViolation, path: string): ErrorCode {
  if (violation.where === 'header') return headerCodeOf(violation, path.toLowerCase());
  if (violation.keyword === 'required') return 'field.missing';
  if (violation.keyword === 'additionalProperties' || violation.keyword === 'unevaluatedProperties') {
    return 'field.unexpected';
  }
  if (violation.keyword === 'format' && isDateFormat(violation.params.format)) return 'field.invalid-date';
  // Query parameters are texts; the ones this standard has are dates.
  if (violation.where === 'query' && path.endsWith('DateTime')) return 'field.invalid-date';
  return 'field.invalid';
}

/** Three headers have codes of their own: the token (401), the signature (U019) and the idempotency key. */
function headerCodeOf(violation: SchemaViolation, name: string): ErrorCode {
  const missing = violation.keyword === 'required';
  if (name === 'authorization' && missing) return 'token.missing';
  if (name === 'x-jws-signature') return missing ? 'signature.missing' : 'signature.malformed';
  if (name === 'x-idempotency-key' && !missing) return 'idempotency.key-invalid';
  return missing ? 'header.missing' : 'header.invalid';
}

/** `/Data/Permissions/0` is `Data.Permissions[0]`; what is missing or unexpected is named in full. */
function pathOf(violation: SchemaViolation): string {
  const { pointer, keyword, params } = violation;
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const named = keyword === 'required' ? params.missingProperty : params.additionalProperty;
  if (typeof named === 'string') steps.push(named);
  return steps.reduce((path, step) => {
    if (/^\d+$/.test(step)) return `${path}[${step}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

function messageOf(violation: SchemaViolation, path: string): string {
  const what = path === '' ? `The ${violation.where}` : path;
  const { keyword, params, message } = violation;
  if (keyword === 'required') return `${what} is missing.`;
  if (keyword === 'additionalProperties') return `${what} is not known here.`;
  if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    const values = params.allowedValues.map(String);
    const shown = values.slice(0, MAX_LISTED).join(', ');
    return `${what} must be one of ${shown}${values.length > MAX_LISTED ? ', ...' : ''}.`;
  }
  if (keyword === 'format' && isDateFormat(params.format)) return `${what} is not a date and time by ISO 8601.`;
  return `${what} ${message}.`;
}

function isDateFormat(format: unknown): boolean {
  return format === 'date-time' || format === 'date';
}
