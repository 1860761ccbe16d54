import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { instant } from '../../../src/kernel/index.js';
import type { Tpp } from '../../../src/index.js';
import { berlinClient, REDIRECT, refusalOf, type BerlinAnswer } from '../../support/berlin-party.js';
import { openDirectoryDesk, type DirectoryDesk } from '../../support/directory-desk.js';
import type { Identity } from '../../support/raw-client.js';
import { startTestSandbox } from '../../support/test-sandbox.js';
import { selfSigned, serialOf } from '../negative/certificates.js';

type Sandbox = Awaited<ReturnType<typeof startTestSandbox>>;
let sandbox: Sandbox;
let desk: DirectoryDesk;
let tpp: Tpp;
beforeAll(async () => {
  sandbox = await startTestSandbox({ historyMonths: 1 });
  tpp = await newTpp();
  desk = await openDirectoryDesk(sandbox);
}, 120_000);
afterAll(async () => {
  await desk?.close();
  await sandbox?.stop();
});

const DAY = 86_400_000;

/** One operation of each service that needs no resource, and the one role that it takes. */
const SERVICES = [
  ['AIS', '/v1/consents', 'AISP'],
  ['PIS', '/v1/payments/sepa-credit-transfers', 'PISP'],
  ['PIIS', '/v1/funds-confirmations', 'CBPII'],
  ['SBS', '/v1/signing-baskets', 'PISP'],
  ['FUNDS-CONSENT', '/v2/consents/confirmation-of-funds', 'CBPII'],
] as const;
const ROLES = ['AISP', 'PISP', 'CBPII'];

const newTpp = (): Promise<Tpp> =>
  sandbox.createTpp({ name: 'Laterne Konten', country: 'DE', banks: ['dogger'], roles: ROLES });

async function issued(
  more: Partial<Parameters<DirectoryDesk['issueCertificate']>[0]>,
  { softwareId }: Pick<Tpp, 'softwareId'> = tpp,
): Promise<Identity> {
  const { certificate, privateKeyPem = '' } = await desk.issueCertificate({ softwareId, kind: 'transport', ...more });
  return { chainPem: certificate.chainPem, privateKeyPem };
}

async function post(identity: Identity | undefined, path: string): Promise<BerlinAnswer> {
  const client = berlinClient(sandbox, identity);
  try {
    return await client.ask('POST', path, { body: {}, headers: REDIRECT });
  } finally {
    await client.close();
  }
}

const now = (): number => Date.parse(sandbox.clock.now());
const CERTIFICATES: readonly [string, string, () => Promise<Identity | undefined>][] = [
  ['no certificate', 'CERTIFICATE_MISSING', () => Promise.resolve(undefined)],
  ['one of an unknown authority', 'CERTIFICATE_INVALID', () => selfSigned(tpp)],
  [
    'one that has expired',
    'CERTIFICATE_EXPIRED',
    () => issued({ notBefore: instant(now() - 9 * DAY), notAfter: instant(now() - DAY) }),
  ],
  [
    'one that was revoked',
    'CERTIFICATE_REVOKE',
    async () => {
      const own = await newTpp();
      await desk.revokeCertificate(serialOf(own.transport.certificatePem));
      return own.transport;
    },
  ],
  ['a certificate for signatures', 'CERTIFICATE_INVALID', () => Promise.resolve(tpp.signing)],
  [
    'one of an organisation that was struck off',
    'CERTIFICATE_BLOCKED',
    async () => {
      const own = await newTpp();
      await desk.setOrganisationStatus(own.organisationId, 'Revoked');
      return own.transport;
    },
  ],
];

describe('trust by certificate, over real handshakes', () => {
  test.each(CERTIFICATES)('%s is refused by every service as %s', async (_what, code, identityOf) => {
    const identity = await identityOf();
    for (const [service, path] of SERVICES) {
      expect([service, refusalOf(await post(identity, path))]).toEqual([service, `401 ${code}`]);
    }
  });

  test.each(SERVICES)('%s: a certificate with every role but the one that is needed', async (service, path, role) => {
    const identity = await issued({ roles: ROLES.filter((one) => one !== role) });
    // The confirmation of funds consent has no ROLE_INVALID in its list.
    const code = service === 'FUNDS-CONSENT' ? 'CERTIFICATE_INVALID' : 'ROLE_INVALID';
    expect(refusalOf(await post(identity, path))).toBe(`401 ${code}`);
  });

  test.each(SERVICES)('%s: a certificate with that role is enough to be heard', async (_service, path, role) => {
    const answer = await post(await issued({ roles: [role] }), path);
    expect(answer.status).toBe(400);
  });
});
