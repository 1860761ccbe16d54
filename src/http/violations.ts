import type { SchemaViolation } from '../standards/standard.js';

/** As much of an error of the validator as is looked at. */
interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: object;
  readonly message?: string;
}

/**
 * Where none of several shapes fits, the validator tells what is wrong with each of them. The shape that was meant is the
 * one with the fewest faults, of equals the first; only its faults are told.
 */
export function withoutNoise<E extends SchemaError>(errors: readonly E[]): readonly E[] {
  // Choices within choices: the innermost first, so that the outer ones count what is left.
  const choices = errors
    .filter(({ keyword, params }) => keyword === 'anyOf' || (keyword === 'oneOf' && !isOverfitting(params)))
    .sort((one, other) => other.schemaPath.length - one.schemaPath.length);
  return choices.reduce<readonly E[]>((left, choice) => narrowed(left, choice), errors);
}

/** Several shapes fit where one should: there is no nearest. */
function isOverfitting(params: object): boolean {
  return 'passingSchemas' in params && params.passingSchemas !== null;
}

function narrowed<E extends SchemaError>(errors: readonly E[], choice: E): readonly E[] {
  const branches = new Map<string, E[]>();
  for (const error of errors) {
    if (!isWithin(error.instancePath, choice.instancePath) || !error.schemaPath.startsWith(`${choice.schemaPath}/`)) {
      continue;
    }
    const branch = error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  const ordered = [...branches].sort(([one], [other]) => Number(one) - Number(other)).map(([, found]) => found);
  const fewest = Math.min(...ordered.map((found) => found.length));
  const nearest = ordered.find((found) => found.length === fewest);
  if (!nearest) return errors;
  const dropped = new Set<E>([choice, ...ordered.filter((found) => found !== nearest).flat()]);
  return errors.filter((error) => !dropped.has(error));
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

const WHERE: Readonly<Record<string, SchemaViolation['where']>> = {
  requestBody: 'body',
  query: 'query',
  path: 'path',
  header: 'header',
};

/** `/requestBody/Data/Amount` becomes `/Data/Amount` in the body. */
export function toViolation(error: SchemaError): SchemaViolation {
  const [, first = '', ...rest] = error.instancePath.split('/');
  const params = error.params as Readonly<Record<string, unknown>>;
  return {
    where: WHERE[first] ?? 'body',
    pointer: rest.map((part) => `/${part}`).join(''),
    keyword: error.keyword,
    params: first === '' && params['missingProperty'] === 'requestBody' ? {} : params,
    message: error.message ?? 'is not valid',
  };
}

/** Query parameters that a document does not name are the handler's (page cursors of our own links) or nobody's. */
export function isRelevant(violation: SchemaViolation): boolean {
  return !(violation.where === 'query' && violation.keyword === 'additionalProperties');
}
