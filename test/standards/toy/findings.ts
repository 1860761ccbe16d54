import type { Finding } from '../../../src/kernel/index.js';
import type { SchemaViolation } from '../../../src/standards/standard.js';

export function toFinding({ where, pointer, keyword, message }: SchemaViolation): Finding {
  return {
    code: keyword === 'required' ? 'field.missing' : 'field.invalid',
    message: `${where}${pointer} ${message}`,
    path: `${where}${pointer}`,
  };
}
