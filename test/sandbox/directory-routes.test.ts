import 'reflect-metadata';

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { X509Crl } from '@peculiar/x509';
import express from 'express';
import supertest from 'supertest';

import { createDirectory, directoryMigrations, type Directory } from '../../src/directory/index.js';
import { createClock, createIdScheme } from '../../src/kernel/index.js';
import { createDirectoryRouter } from '../../src/sandbox/directory-routes.js';
import { countersMigrations, openSqlite, type Storage } from '../../src/storage/index.js';

describe('the public face of the directory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-directory-'));
  let storage: Storage;
  let directory: Directory;
  let software: { readonly id: string; readonly organisationId: string };

  beforeAll(async () => {
    storage = openSqlite({ file: join(folder, 'directory.db'), durability: 'OFF' });
    await storage.migrate([countersMigrations, directoryMigrations]);
    directory = await createDirectory({
      storage,
      clock: createClock({ mode: 'system', offsetMs: 0 }),
      ids: createIdScheme(randomBytes(8).toString('hex')),
      issuer: 'https://localhost:8443/directory',
      hosts: ['localhost'],
    });
    const organisation = await directory.createOrganisation({ name: 'Larch Finance', roles: ['AISP'] });
    software = await directory.createSoftware({
      organisationId: organisation.id,
      name: 'Larch',
      roles: ['AISP'],
      redirectUris: ['https://larch.example/back'],
    });
  });

  afterAll(async () => {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string) => supertest(express().use('/directory', createDirectoryRouter(directory))).get(path);

  test('lists who takes part, without anything secret', async () => {
    const { status, body } = await get('/directory/participants');
    expect(status).toBe(200);
    expect(body).toMatchObject({ participants: [{ name: 'Larch Finance', status: 'Active', roles: ['AISP'] }] });
    expect(JSON.stringify(body)).not.toContain('PRIVATE');
  });

  test('serves the keys of a software statement, and moves a revoked one to the list of revoked keys', async () => {
    const { certificate } = await directory.issueCertificate({ softwareId: software.id, kind: 'signing' });
    const keystore = `/directory/keystore/${software.organisationId}`;
    const kids = async (path: string): Promise<readonly string[]> =>
      ((await get(path)).body as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    expect(await kids(`${keystore}/${software.id}.jwks`)).toEqual([certificate.kid]);
    await directory.revokeCertificate(certificate.serial);
    expect(await kids(`${keystore}/${software.id}.jwks`)).toEqual([]);
    expect(await kids(`${keystore}/revoked/${software.id}.jwks`)).toEqual([certificate.kid]);
  });

  test('gives the root certificate and a revocation list', async () => {
    const root = await get('/directory/ca.pem');
    expect(root.text).toBe(directory.rootCertificatePem);
    const list = await get('/directory/crl').buffer(true).parse(bytesOf);
    expect(list.headers['content-type']).toContain('application/pkix-crl');
    expect(new X509Crl(new Uint8Array(list.body as Buffer)).entries).toHaveLength(1);
  });
});

function bytesOf(response: supertest.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    done(null, Buffer.concat(chunks));
  });
}
