/** Deeper documents only serve to exhaust a parser or a validator. */
const DEEPEST = 64;
const NUMBER = /-?[0-9][0-9.eE+-]*/y;

export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

/**
 * Reads JSON more strictly than JSON.parse, in one pass without recursion and before anything is built: no duplicate
 * member names (RFC 8259 section 4 leaves open which one counts, and a signature must not cover two readings), no
 * `__proto__`, no number beyond a double, no lone surrogates, at most 64 levels.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decodedText(bytes);
  scan(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JsonTextError('it is not JSON', { cause: error });
  }
}

function decodedText(bytes: Uint8Array): string {
  try {
    // A byte order mark is not removed: RFC 8259 section 8.1 forbids it, and so does JSON.parse.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new JsonTextError('it is not UTF-8', { cause: error });
  }
}

/** Checks what JSON.parse lets pass. That the text is JSON at all is left to JSON.parse. */
function scan(text: string): void {
  /** Member names of the objects that are open; undefined stands for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length;) {
    const char = text[at];
    if (char === '{' || char === '[') {
      if (open.length >= DEEPEST) throw new JsonTextError(`it is nested more than ${String(DEEPEST)} levels deep`);
      open.push(char === '{' ? new Set() : undefined);
      at += 1;
    } else if (char === '}' || char === ']') {
      open.pop();
      at += 1;
    } else if (char === '"') {
      const end = endOfString(text, at);
      const value = stringValue(text.slice(at, end));
      if (isFollowedByColon(text, end)) checkName(value, open.at(-1));
      at = end;
    } else if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) {
      at = endOfNumber(text, at);
    } else {
      at += 1;
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw new JsonTextError('a string does not end');
}

function stringValue(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  let value: unknown;
  try {
    value = JSON.parse(literal);
  } catch (error) {
    throw new JsonTextError('a string has a broken escape', { cause: error });
  }
  if (typeof value !== 'string' || !value.isWellFormed())
    throw new JsonTextError('a string is not well-formed Unicode');
  return value;
}

function isFollowedByColon(text: string, from: number): boolean {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === ':') return true;
    if (char !== ' ' && char !== '\t' && char !== '\n' && char !== '\r') return false;
  }
  return false;
}

function checkName(name: string, names: Set<string> | undefined): void {
  if (name === '__proto__') throw new JsonTextError('a member is named __proto__');
  if (names?.has(name)) throw new JsonTextError('an object has two members of the same name');
  names?.add(name);
}

function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start;
  const literal = NUMBER.exec(text)?.[0];
  if (literal === undefined) return start + 1;
  if (!Number.isFinite(Number(literal))) throw new JsonTextError('a number is out of range');
  return start + literal.length;
}
