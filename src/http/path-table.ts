export interface Route<T> {
  readonly method: string;
  /** `/accounts/{AccountId}` */
  readonly path: string;
  readonly target: T;
  /** The values of a parameter without which the path is another one: `{service}` is `payments` or nothing. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

export type RouteMatch<T> =
  | {
      readonly kind: 'found';
      readonly target: T;
      readonly params: Readonly<Record<string, string>>;
      /** How many segments of the path are no parameters: between documents the more specific one is meant. */
      readonly fixed: number;
    }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[]; readonly fixed: number }
  | { readonly kind: 'unknown' };

/** Finds the operation of a path; fixed segments win over parameters. Paths are compared exactly, as documents are. */
export type PathTable<T> = (method: string, path: string) => RouteMatch<T>;

interface Entry<T> {
  readonly segments: readonly string[];
  readonly fixed: number;
  readonly only: NonNullable<Route<T>['only']>;
  readonly methods: Map<string, T>;
}

export function createPathTable<T>(routes: readonly Route<T>[]): PathTable<T> {
  const byPath = new Map<string, Entry<T>>();
  for (const { method, path, target, only = {} } of routes) {
    const segments = path.split('/').slice(1);
    const entry = byPath.get(path) ?? {
      segments,
      only,
      fixed: segments.filter((segment) => !isParameter(segment)).length,
      methods: new Map<string, T>(),
    };
    entry.methods.set(method.toUpperCase(), target);
    byPath.set(path, entry);
  }
  const entries = [...byPath.values()].sort((one, other) => other.fixed - one.fixed);
  return (method, path) => {
    const segments = path.split('/').slice(1);
    for (const entry of entries) {
      const params = paramsOf(entry.segments, segments);
      if (!params || !isOneOf(params, entry.only)) continue;
      const target = entry.methods.get(method);
      return target === undefined
        ? { kind: 'wrong-method', allowed: [...entry.methods.keys()], fixed: entry.fixed }
        : { kind: 'found', target, params, fixed: entry.fixed };
    }
    return { kind: 'unknown' };
  };
}

function isOneOf(params: Readonly<Record<string, string>>, only: NonNullable<Route<unknown>['only']>): boolean {
  return Object.entries(only).every(([name, values]) => values.includes(params[name] ?? ''));
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}

function paramsOf(template: readonly string[], actual: readonly string[]): Record<string, string> | undefined {
  if (template.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const given = actual[index] ?? '';
    if (!isParameter(expected)) {
      if (given !== expected) return undefined;
      continue;
    }
    const value = decoded(given);
    if (value === undefined || value === '') return undefined;
    params[expected.slice(1, -1)] = value;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
