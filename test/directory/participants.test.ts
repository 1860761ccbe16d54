import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createTpp, openStage, type Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const software = (organisationId: string, change: object = {}) =>
  stage.directory.createSoftware({
    organisationId,
    name: 'App',
    roles: ['AISP'],
    redirectUris: ['https://app.example/cb'],
    ...change,
  });

const BAD_URIS = [
  'http://app.example/cb',
  'https://app.example/cb#x',
  'https://*.app.example/cb',
  'https://app.example/%2A',
  'https://user@app.example/cb',
  'https://a@b@c/cb',
  'https://@app.example/cb',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'https://app.example/../cb',
  'https://app.example/..;/cb',
  'https://app.example/%2e%2e/cb',
  'https://app.example/%2e./cb',
  'https://app.example./cb',
  'https://app.example/c\nb',
  'https://app.example/c b',
  'https://аpp.example/cb',
  'https:\\\\app.example',
  'https:app.example',
  'https:///app.example',
  'https://2130706433/cb',
  'https://0x7f.1/cb',
  'http://127.0.0.1.evil.example/',
  'http://localhost.evil.example/',
  'myapp://cb',
  '/cb',
  '',
  'https://app%2eexample/cb',
  `https://app.example/${'a'.repeat(300)}`,
];

describe('participants', () => {
  test.each(BAD_URIS)('the redirect URI %j is refused with the rule it breaks', async (uri) => {
    const { organisation } = await createTpp(stage.directory);
    await expect(software(organisation.id, { redirectUris: [uri] })).rejects.toMatchObject({
      code: 'directory.invalid-redirect-uri',
      details: { expected: expect.stringMatching(/./) as unknown },
    });
  });

  test.each([
    'https://app.example/cb',
    'https://localhost/cb',
    'https://localhost:3000/a?b=c',
    'http://127.0.0.1:8080/cb',
    'http://[::1]:9/cb',
    'http://localhost/cb',
    'https://app.example',
    'https://app.example:443/cb',
    'https://App.Example/a..b',
  ])('the redirect URI %j is accepted', async (uri) => {
    const { organisation } = await createTpp(stage.directory);
    expect((await software(organisation.id, { redirectUris: [uri] })).redirectUris).toEqual([uri]);
  });

  test('names, roles, pages and ids are checked', async () => {
    const { directory } = stage;
    for (const name of ['', '   ', 'x'.repeat(65), 'a\nb', 'Acme\u202Eyap', 'Ac\u200Bme']) {
      await expect(directory.createOrganisation({ name, roles: ['AISP'] })).rejects.toMatchObject({
        code: 'directory.invalid-request',
      });
    }
    for (const roles of [[], ['BANK'], ['constructor']]) {
      await expect(directory.createOrganisation({ name: 'A', roles })).rejects.toMatchObject({
        code: 'directory.invalid-role',
      });
    }
    const { organisation } = await createTpp(directory, ['AISP']);
    await expect(software(organisation.id, { roles: ['PISP'] })).rejects.toMatchObject({
      code: 'directory.invalid-role',
    });
    await expect(software(organisation.id, { policyUri: 'javascript:x' })).rejects.toMatchObject({
      code: 'directory.invalid-request',
    });
    await expect(software(organisation.id, { redirectUris: [] })).rejects.toMatchObject({
      code: 'directory.invalid-redirect-uri',
    });
    await expect(software('nobody')).rejects.toMatchObject({ code: 'directory.organisation-not-found' });
    expect(await directory.softwareOf(organisation.id)).toHaveLength(1);
  });

  test('a bank is registered once', async () => {
    const bank = { id: 'bramble', name: 'Bramble Bank', country: 'GB', issuer: 'https://localhost:8443/bramble' };
    const first = await stage.directory.registerBank(bank);
    expect(await stage.directory.registerBank(bank)).toEqual(first);
    expect(first.roles).toEqual(['ASPSP']);
  });
});
