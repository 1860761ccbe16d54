import { X509Certificate } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { openStage, type Stage } from './stage.js';

describe('third parties of other countries', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  const made = async (country: string, roles?: readonly string[]) => {
    const { directory } = stage;
    const organisation = await directory.createOrganisation({
      name: 'Kontenblick GmbH',
      roles: ['AISP', 'PISP'],
      registrationId: '123456',
      country,
    });
    const { id: softwareId } = await directory.createSoftware({
      organisationId: organisation.id,
      name: 'Kontenblick',
      roles: ['AISP'],
      redirectUris: ['https://tpp.example/done'],
    });
    const issue = async (kind: 'transport' | 'signing') => {
      const { certificate } = await directory.issueCertificate({ softwareId, kind, ...(roles && { roles }) });
      return new X509Certificate(certificate.certificatePem);
    };
    return { organisation, issue };
  };

  test.each([
    ['DE', 'PSDDE-BAFIN-123456'],
    ['AT', 'PSDAT-FMA-123456'],
    ['FR', 'PSDFR-ACPR-123456'],
    ['NL', 'PSDNL-DNB-123456'],
  ])('from %s are named %s in their certificates and found by it', async (country, identifier) => {
    const { organisation, issue } = await made(country);
    const verdict = await stage.directory.judgeCertificate(await issue('transport'), stage.clock.now());
    expect(verdict).toMatchObject({
      trusted: true,
      organisationIdentifier: identifier,
      organisationName: 'Kontenblick GmbH',
      roles: ['AISP'],
    });
    expect(await stage.directory.organisationByIdentifier(identifier)).toEqual(organisation);
    expect(await stage.directory.organisationByIdentifier(identifier.replace('123456', '12345_'))).toBeUndefined();
  });

  test('hold the roles that their certificate says, also where it says what it should not', async () => {
    const { issue } = await made('DE', ['CBPII']);
    const verdict = await stage.directory.judgeCertificate(await issue('transport'), stage.clock.now());
    expect(verdict).toMatchObject({ trusted: true, roles: ['CBPII'] });
  });

  test('are judged by the use that a certificate was shown for', async () => {
    const { issue } = await made('DE');
    const [transport, signing] = [await issue('transport'), await issue('signing')];
    const judge = (certificate: X509Certificate, use: 'transport' | 'signing') =>
      stage.directory.judgeCertificate(certificate, stage.clock.now(), use);
    expect(await judge(signing, 'signing')).toMatchObject({ trusted: true, roles: ['AISP'] });
    expect(await judge(signing, 'transport')).toMatchObject({ trusted: false, reason: 'wrong-use' });
    expect(await judge(transport, 'signing')).toMatchObject({ trusted: false, reason: 'wrong-use' });
  });

  test('of a country without a known authority are refused', async () => {
    await expect(made('XX')).rejects.toMatchObject({ code: 'directory.invalid-request' });
  });
});
