import { Router, type Request, type Response } from 'express';

import type { Directory } from '../directory/index.js';

/**
 * The directory's public face: its own keys, the keystore of every software statement, the revocation list and who
 * takes part. Reading needs no certificate, as with the keystores of real directories.
 */
export function createDirectoryRouter(directory: Directory): Router {
  const router = Router();
  const answer = (path: string, read: (request: Request) => Promise<unknown>): void => {
    router.get(path, async (request: Request, response: Response) => {
      response.set('cache-control', 'no-store').json(await read(request));
    });
  };
  answer('/', async () => ({
    issuer: directory.issuer,
    jwks_uri: `${directory.issuer}/jwks`,
    participants: `${directory.issuer}/participants`,
    crl: `${directory.issuer}/crl`,
  }));
  answer('/jwks', () => directory.ownJwks());
  answer('/participants', async () => ({
    participants: (await directory.organisations()).map(({ id, name, status, roles, authority }) => ({
      id,
      name,
      status,
      roles,
      authority,
    })),
  }));
  answer('/keystore/:organisation/:software.jwks', (request) => directory.jwks(softwareOf(request)));
  answer('/keystore/:organisation/revoked/:software.jwks', (request) => directory.revokedJwks(softwareOf(request)));
  router.get('/crl', async (_request, response) => {
    response.type('application/pkix-crl').send(Buffer.from(await directory.crl()));
  });
  router.get('/ca.pem', (_request, response) => {
    response.type('application/x-pem-file').send(directory.rootCertificatePem);
  });
  return router;
}

function softwareOf(request: Request): string {
  return String(request.params['software'] ?? '');
}
