import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';

import { issuerDn, sameNameInAnyOrder, sameSubjectDn, subjectDn } from '../../src/directory/index.js';
import { openStage } from './stage.js';

describe('subject names', () => {
  test('with special characters are escaped as RFC 4514 says and read back as the same name', async () => {
    const { directory, close } = await openStage();
    for (const [name, written] of [
      ['Sand, Sea + "Co" <Ltd>; a\\b', 'Sand\\, Sea \\+ \\"Co\\" \\<Ltd\\>\\; a\\\\b'],
      ['#1 Crédit', '\\#1 Crédit'],
    ] as const) {
      const { id } = await directory.createOrganisation({ name, roles: ['AISP'], registrationId: '1' });
      const software = await directory.createSoftware({
        organisationId: id,
        name: 'App',
        roles: ['AISP'],
        redirectUris: ['https://app.example/cb'],
      });
      const { certificate } = await directory.issueCertificate({ softwareId: software.id, kind: 'transport' });
      const dn = subjectDn(new X509Certificate(certificate.certificatePem));
      expect(dn).toContain(`,O=${written},C=GB`);
      expect(sameSubjectDn(dn, dn)).toBe(true);
      expect(sameSubjectDn(dn, `cn=${id}, organizationIdentifier=PSDGB-FCA-1, o=${written}, c=GB`)).toBe(true);
    }
    await close();
  });

  test('that differ, are reordered, or are not names at all are not the same', () => {
    expect(sameSubjectDn('CN=a,O=b', 'O=b,CN=a')).toBe(false);
    expect(sameSubjectDn('CN=a', 'CN=A')).toBe(false);
    expect(sameSubjectDn('CN=a\\2Cb', 'CN=a\\,b')).toBe(true);
    expect(sameSubjectDn('CN=a\\,O=b', 'CN=a,O=b')).toBe(false);
    for (const text of ['', 'a', '=a', 'XX=a', 'CN=#0', 'CN=#0c05', 'CN=a\\', 'CN=a,']) {
      expect(sameSubjectDn(text, text)).toBe(false);
    }
  });

  test('of the authority are confirmed in either order, and in no other', async () => {
    const { directory, close } = await openStage();
    const issuer = issuerDn(new X509Certificate((await directory.serverCertificate([])).chainPem));
    await close();
    const turned = issuer.split(',').toReversed().join(', ');
    expect(sameNameInAnyOrder(issuer, issuer)).toBe(true);
    expect(sameNameInAnyOrder(turned, issuer)).toBe(true);
    expect(sameNameInAnyOrder('O=b,CN=a,C=c', 'C=c,O=b,CN=a')).toBe(false);
    expect(sameNameInAnyOrder('', '')).toBe(false);
  });
});
