import type { ErrorCode, Finding } from '../../kernel/index.js';
import type { SchemaViolation } from '../standard.js';

/** What a violation of the document is called here, with the place of the fault as a path with points. */
export function toFinding(violation: SchemaViolation): Finding {
  const path = pathOf(violation);
  return { code: codeOf(violation, path), message: messageOf(violation, path), ...(path !== '' && { path }) };
}

function codeOf(violation: SchemaViolation, path: string): ErrorCode {
  const { where, keyword, params } = violation;
  if (where === 'header') return keyword === 'required' ? 'header.missing' : 'header.invalid';
  // Service and product are parts of the address: what is not among them is not there.
  if (where === 'path' && path === 'payment-product') return 'payment.unsupported-rail';
  if (where === 'path' && path === 'payment-service') return 'operation.unknown';
  if (keyword === 'required') return 'field.missing';
  return keyword === 'format' && params['format'] === 'date' ? 'field.invalid-date' : 'field.invalid';
}

function pathOf({ pointer, keyword, params }: SchemaViolation): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required' && typeof params['missingProperty'] === 'string') steps.push(params['missingProperty']);
  return steps.reduce((path, step) => {
    if (/^\d+$/.test(step)) return `${path}[${step}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

function messageOf({ where, keyword, params, message }: SchemaViolation, path: string): string {
  const what = path === '' ? `The ${where}` : path;
  if (keyword === 'required') return `${what} is missing.`;
  if (keyword === 'enum' && Array.isArray(params['allowedValues'])) {
    return `${what} must be one of ${params['allowedValues'].slice(0, 25).map(String).join(', ')}.`;
  }
  return `${what} ${message}.`;
}
