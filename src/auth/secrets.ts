import { randomBytes } from 'node:crypto';

import { exportJWK, generateKeyPair, importJWK, calculateJwkThumbprint, type JWK } from 'jose';

import { assert } from '../kernel/index.js';
import type { Storage } from '../storage/index.js';

/** What a bank keeps to itself between restarts. */
export interface BankSecrets {
  /** Private JWK, PS256: ID tokens, JARM, and the bank's message signatures. */
  readonly signingJwk: JWK & { readonly kid: string };
  readonly privateKey: CryptoKey;
  /** Newest first. */
  readonly cookieKeys: readonly string[];
  /** 32 bytes. */
  readonly nonceSecret: Buffer;
  /** For tokens of forms. */
  readonly formSecret: Buffer;
}

/** Reads the bank's secrets, minting what is missing. An RSA key takes a few hundred milliseconds, once. */
export async function loadSecrets(storage: Storage, bank: string): Promise<BankSecrets> {
  const secret = keeper(storage, bank);
  const signingJwk = JSON.parse(await secret('signing-key', mintSigningKey)) as JWK & { readonly kid: string };
  const privateKey = await importJWK(signingJwk, 'PS256');
  assert(!(privateKey instanceof Uint8Array), 'the signing key is asymmetric');
  return {
    signingJwk,
    privateKey,
    cookieKeys: [await secret('cookie-key', () => randomBytes(32).toString('base64url'))],
    nonceSecret: Buffer.from(await secret('dpop-nonce', () => randomBytes(32).toString('base64url')), 'base64url'),
    formSecret: await loadFormSecret(storage, bank),
  };
}

/** For tokens of forms; all that a bank needs whose customers come by links alone. */
export async function loadFormSecret(storage: Storage, bank: string): Promise<Buffer> {
  const text = await keeper(storage, bank)('form', () => randomBytes(32).toString('base64url'));
  return Buffer.from(text, 'base64url');
}

function keeper(
  storage: Storage,
  bank: string,
): (name: string, mint: () => Promise<string> | string) => Promise<string> {
  return async (name, mint) => {
    const known = await read(storage, bank, name);
    if (known !== undefined) return known;
    const value = await mint();
    await storage.transaction((tx) =>
      tx.run('INSERT INTO auth_secrets (bank, name, value) VALUES (?, ?, ?) ON CONFLICT (bank, name) DO NOTHING', [
        bank,
        name,
        value,
      ]),
    );
    // Another process may have been first; what the table says counts.
    return (await read(storage, bank, name)) ?? value;
  };
}

async function read(storage: Storage, bank: string, name: string): Promise<string | undefined> {
  const row = await storage.read.get<{ value: string }>('SELECT value FROM auth_secrets WHERE bank = ? AND name = ?', [
    bank,
    name,
  ]);
  return row?.value;
}

async function mintSigningKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('PS256', { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  return JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'PS256', use: 'sig' });
}
