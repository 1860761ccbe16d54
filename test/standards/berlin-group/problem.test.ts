import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { takesProblems } from '../../../src/standards/berlin-group/problem.js';
import { CONSENT, openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('berlin-group errors as problems', () => {
  test.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['application/json, application/problem+json', true],
    ['Application/Problem+JSON; q=0.5', true],
    ['application/problem+json;q=0', false],
    ['application/problem+json; q=0.0, application/json', false],
  ])('Accept: %s', (accept, takes) => {
    expect(takesProblems(accept)).toBe(takes);
  });

  test('are what the document says, with every fault, for who names the type', async () => {
    const asked = {
      body: { ...CONSENT, access: { allPsd2: 'allAccounts' }, validUntil: undefined, frequencyPerDay: 'often' },
      headers: {
        'tpp-redirect-uri': 'https://tpp.example/back',
        accept: 'application/json, application/problem+json',
      },
    };
    const { status, body, headers } = await world.ask('POST', '/v1/consents', asked);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body).toMatchObject({ type: 'about:blank', title: 'Bad Request', code: 'FORMAT_ERROR' });
    expect(body.additionalErrors).toHaveLength(1);
    const file = new URL('../../../openapi/berlin-group/1.3/account-information.yaml', import.meta.url);
    const document = parse(readFileSync(file, 'utf8'));
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    const fits = ajv.compile({ $ref: 'document#/components/schemas/BadRequestProblem' });
    expect([fits(body), fits.errors]).toEqual([true, null]);
    const plain = await world.ask('POST', '/v1/consents', { ...asked, headers: { accept: 'application/json' } });
    expect(plain.headers.get('content-type')).toBe('application/json');
    expect(plain.body.tppMessages).toHaveLength(2);
  });
});
