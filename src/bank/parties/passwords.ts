// eslint-disable-next-line no-restricted-imports -- salts of passwords are no data of the simulation
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Small enough that a bank full of test customers is made in a blink; their passwords are published anyway. */
const COST = { N: 2 ** 13, r: 8, p: 1 };
const HASH_BYTES = 32;

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(password, salt) };
}

export async function isPassword(password: string, { salt, hash }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt), hash);
}

/** Nobody's: an unknown customer number is checked against it, so that it costs what a known one does. */
export const NOBODY: PasswordHash = { salt: new Uint8Array(16), hash: new Uint8Array(HASH_BYTES) };

function derive(password: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, COST, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
