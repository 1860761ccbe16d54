import type { SqlValue } from '../port.js';

/** About as much as a packet of the network holds several times over: fewer, larger writes. */
const CHUNK_CHARACTERS = 65_536;
const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Rows in the text format of COPY (PostgreSQL documentation, COPY, "Text Format"), in chunks of whole rows. */
export function* copyText(rows: Iterable<readonly SqlValue[]>, count: (rows: number) => void): Generator<string> {
  let chunk = '';
  let written = 0;
  for (const row of rows) {
    let line = '';
    for (const [index, value] of row.entries()) line += index === 0 ? field(value) : `\t${field(value)}`;
    chunk += `${line}\n`;
    written += 1;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  count(written);
  if (chunk !== '') yield chunk;
}

function field(value: SqlValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') {
    const text = value.includes('\u0000') ? value.replaceAll('\u0000', '\uFFFD') : value;
    return SPECIAL.test(text) ? text.replace(/[\\\n\r\t]/g, (special) => ESCAPES[special] ?? special) : text;
  }
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`;
  return value.toString();
}
