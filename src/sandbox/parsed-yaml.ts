import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Where the build has put what it parsed already, under the digest of the text; from the sources there is none. */
const PARSED = new URL('../parsed/', import.meta.url);

type Parse = (text: string, options: { readonly maxAliasCount: number }) => unknown;

/**
 * A text in YAML as a value: as JSON where the build made it of exactly this text. Reading YAML costs a start more than all
 * of its own work, and leaves more memory behind, so that even the library is only loaded where it is needed.
 */
export function parseYaml(text: string): unknown {
  const digest = createHash('sha256').update(text).digest('hex');
  try {
    return JSON.parse(readFileSync(new URL(`${digest}.json`, PARSED), 'utf8'));
  } catch {
    const { parse } = createRequire(import.meta.url)('yaml') as { readonly parse: Parse };
    return parse(text, { maxAliasCount: 1_000 });
  }
}
