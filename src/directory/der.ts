import { assert } from '../kernel/index.js';

/** The few tags of X.690 that names and QC statements are made of. */
export const TAG = { oid: 0x06, utf8String: 0x0c, sequence: 0x30, set: 0x31 } as const;

export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly bytes: Uint8Array;
}

export function encodeDer(tag: number, content: Uint8Array): Uint8Array {
  const length = content.length;
  const prefix = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  assert(length < 0x1_0000, 'a DER value of the directory is short');
  return Buffer.concat([Uint8Array.from([tag, ...prefix]), content]);
}

export function sequence(...items: readonly Uint8Array[]): Uint8Array {
  return encodeDer(TAG.sequence, Buffer.concat(items));
}

export function utf8String(text: string): Uint8Array {
  return encodeDer(TAG.utf8String, Buffer.from(text, 'utf8'));
}

export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encodeDer(TAG.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** The values inside a constructed one. Throws a RangeError where the bytes are not DER. */
export function readDerValues(bytes: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const value = readDerValue(bytes.subarray(at));
    values.push(value);
    at += value.bytes.length;
  }
  return values;
}

export function readObjectIdentifier(content: Uint8Array): string {
  const numbers: number[] = [];
  let current = 0;
  for (const byte of content) {
    current = current * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(current);
      current = 0;
    }
  }
  const [head = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join('.');
}

function readDerValue(bytes: Uint8Array): DerValue {
  const [tag, short] = bytes;
  if (tag === undefined || short === undefined) throw new RangeError('DER ends early');
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
  if (lengthBytes > 3 || short === 0x80) throw new RangeError('DER length is not usable');
  let length = short < 0x80 ? short : 0;
  for (const byte of bytes.subarray(2, 2 + lengthBytes)) length = length * 256 + byte;
  const start = 2 + lengthBytes;
  if (bytes.length < start + length) throw new RangeError('DER ends early');
  return { tag, content: bytes.subarray(start, start + length), bytes: bytes.subarray(0, start + length) };
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
