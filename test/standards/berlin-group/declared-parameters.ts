import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { version, type Json } from './world.js';

const OPENAPI = new URL('../../../openapi/', import.meta.url).pathname;

/** Headers and query parameters of the documents, each with the operations that declare it. */
export function declaredParameters(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { document } of version.apis) {
    const api: Json = parse(readFileSync(join(OPENAPI, document), 'utf8'));
    const resolved = (one: Json): Json =>
      one.$ref === undefined
        ? one
        : one.$ref
            .slice(2)
            .split('/')
            .reduce((at: Json, key: string) => at[key], api);
    for (const item of Object.values<Json>(api.paths)) {
      for (const method of ['get', 'post', 'put', 'delete']) {
        const operation = item[method];
        for (const one of operation ? [...(item.parameters ?? []), ...(operation.parameters ?? [])] : []) {
          const { name, in: where } = resolved(one);
          if (where !== 'path') found.set(name, [...(found.get(name) ?? []), operation.operationId]);
        }
      }
    }
  }
  return found;
}
