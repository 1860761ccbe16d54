import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox, Tpp } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { openDirectoryDesk, type DirectoryDesk } from '../support/directory-desk.js';
import { createRawClient } from '../support/raw-client.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import { createThirdParty, type ThirdParty } from '../support/third-party.js';
import { accessTo, bodyOf, lodgeAccess, type Access } from '../support/uk-bank.js';

/** What the directory withdraws stops at the next call, whatever is still alive at the bank. */
describe('a third party that loses its standing', () => {
  let sandbox: Sandbox;
  let desk: DirectoryDesk;
  let customer: Customer;
  beforeAll(async () => {
    sandbox = await startTestSandbox({ historyMonths: 1 });
    desk = await openDirectoryDesk(sandbox);
    customer = await customerOf(sandbox, 'salaried-renter');
  });
  afterAll(async () => {
    await desk.close();
    await sandbox.stop();
  });

  /** A client whose tokens are bound to a certificate of its organisation's other software. */
  async function withBorrowedCertificate(): Promise<{ tpp: ThirdParty; access: Access }> {
    const { tpp } = await newThirdParty(sandbox, { name: 'Two Programs' });
    const sibling = await desk.createSoftware({
      organisationId: tpp.organisationId,
      name: 'The Other Program',
      roles: ['AISP'],
      redirectUris: ['https://localhost:3000/other'],
    });
    const { certificate, privateKeyPem = '' } = await desk.issueCertificate({
      softwareId: sibling.id,
      kind: 'transport',
    });
    const borrowed: Tpp = { ...tpp, transport: { ...tpp.transport, ...certificate, privateKeyPem } };
    const party = await createThirdParty({ tpp: borrowed, status: sandbox.status, caPem: sandbox.caPem });
    return { tpp: party, access: await accessTo(party, customer) };
  }

  const stateOf = async ({ tpp, access }: { tpp: ThirdParty; access: Access }): Promise<Record<string, unknown>> => {
    const call = await tpp.call('GET', '/aisp/accounts', { token: access.token });
    const token = await tpp.postForm<{ error?: string }>('token_endpoint', {
      ...(await tpp.credentials()),
      grant_type: 'refresh_token',
      refresh_token: access.tokens.refresh_token ?? '',
    });
    return { resource: call.status, token: token.status };
  };

  test('revoked software is served no more, not even over the certificate of other software of the organisation', async () => {
    const party = await withBorrowedCertificate();
    expect(await stateOf(party)).toEqual({ resource: 200, token: 200 });
    await desk.setSoftwareStatus(party.tpp.tpp.softwareId, 'Revoked');
    expect(await stateOf(party)).toEqual({ resource: 401, token: 401 });
    await desk.setSoftwareStatus(party.tpp.tpp.softwareId, 'Active');
    expect(await stateOf(party)).toEqual({ resource: 200, token: 200 });
    await party.tpp.close();
  });

  test('a withdrawn organisation is served no more', async () => {
    const tpp = await newThirdParty(sandbox, { name: 'Withdrawn Ltd' });
    const access = await accessTo(tpp, customer);
    await desk.setOrganisationStatus(tpp.tpp.organisationId, 'Withdrawn');
    expect(await stateOf({ tpp, access })).toEqual({ resource: 401, token: 401 });
    await tpp.close();
  });

  test('a revoked certificate opens nothing', async () => {
    const tpp = await newThirdParty(sandbox, { name: 'Lost Keys' });
    const access = await accessTo(tpp, customer);
    const certificates = await desk.certificatesOf(tpp.tpp.softwareId);
    for (const { serial, kind } of certificates) if (kind === 'transport') await desk.revokeCertificate(serial);
    expect(await stateOf({ tpp, access })).toEqual({ resource: 401, token: 401 });
    await tpp.close();
  });

  test('a revoked signing certificate proves nothing, from the next request on', async () => {
    const tpp = await newThirdParty(sandbox, { name: 'Lost Seal' });
    await tpp.clientToken('accounts');
    const certificates = await desk.certificatesOf(tpp.tpp.softwareId);
    for (const { serial, kind } of certificates) if (kind === 'signing') await desk.revokeCertificate(serial);
    await expect(tpp.clientToken('accounts')).rejects.toMatchObject({ error: 'invalid_client' });
    await tpp.close();
  });

  test('a journey under way does not end in a consent', async () => {
    const tpp = await newThirdParty(sandbox, { name: 'Gone Meanwhile' });
    const consentId = await lodgeAccess(tpp);
    const pending = await tpp.beginConsent(consentId, 'accounts');
    const journey = await customer.open(pending.authorizationUrl);
    await journey.logIn();
    await desk.setSoftwareStatus(tpp.tpp.softwareId, 'Revoked');
    await journey.enterCode();
    expect(journey.page.text('error-code')).toBe('client-unknown');
    await journey.close();
    await desk.setSoftwareStatus(tpp.tpp.softwareId, 'Active');
    const status = await tpp.call<{ Data: { Status: string } }>('GET', `/aisp/account-access-consents/${consentId}`, {
      token: await tpp.clientToken('accounts'),
    });
    expect(bodyOf(status, 200).Data.Status).toBe('AWAU');
    await tpp.close();
  });

  test('a stolen token is worth nothing over the thief’s certificate', async () => {
    const tpp = await newThirdParty(sandbox, { name: 'Robbed' });
    const access = await accessTo(tpp, customer);
    const thief = await sandbox.createTpp({ name: 'Thief', banks: [] });
    const client = createRawClient({ caPem: sandbox.caPem, identity: thief.transport });
    const answer = await client.send(`${tpp.baseUrl}/aisp/accounts`, {
      headers: { authorization: `Bearer ${access.token}` },
    });
    expect(answer.status).toBe(401);
    await client.close();
    await tpp.close();
  });
});
