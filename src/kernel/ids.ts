import { createHmac } from 'node:crypto';

/**
 * Ids are a keyed permutation of counters: reproducible from the ecosystem's key, unique over restarts, and not
 * guessable from one another. 60 bits through a four-round Feistel network (HMAC-SHA-256 as round function), then
 * written in Crockford's base 32 without the letters that are misread.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const HALF_BITS = 30n;
const HALF_MASK = (1n << HALF_BITS) - 1n;

export type IdKind =
  | 'consent'
  | 'authorisation'
  | 'payment'
  | 'account'
  | 'party'
  | 'transaction'
  | 'message'
  | 'event'
  | 'organisation'
  | 'software'
  | 'certificate'
  | 'client'
  | 'request'
  | 'hold'
  | 'quote'
  | 'schedule';

/** Gives the text form of the n-th id of a kind. */
export interface IdScheme {
  encode(kind: IdKind, counter: bigint): string;
}

export function createIdScheme(key: string): IdScheme {
  const round = (kind: string, index: number, half: bigint): bigint => {
    const digest = createHmac('sha256', key)
      .update(`${kind}:${String(index)}:${half.toString(16)}`)
      .digest();
    return BigInt(digest.readUInt32BE(0)) & HALF_MASK;
  };
  return {
    encode(kind, counter) {
      let left = (counter >> HALF_BITS) & HALF_MASK;
      let right = counter & HALF_MASK;
      for (let index = 0; index < 4; index += 1) {
        [left, right] = [right, left ^ round(kind, index, right)];
      }
      return toBase32((left << HALF_BITS) | right);
    },
  };
}

function toBase32(value: bigint): string {
  let text = '';
  for (let rest = value, index = 0; index < 12; index += 1, rest >>= 5n) {
    text = (ALPHABET[Number(rest & 31n)] ?? '') + text;
  }
  return text;
}
