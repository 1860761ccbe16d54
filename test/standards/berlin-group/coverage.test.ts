import { describe, expect, test } from '@jest/globals';
import { createDocumentShelf } from '../../../src/http/index.js';
import { version } from './world.js';

const shelf = createDocumentShelf(new URL('../../../openapi/', import.meta.url).pathname);

describe('berlin-group coverage', () => {
  test.each(version.apis.map((api) => [api.id, api] as const))(
    '%s: every operation of the document is there',
    async (_id, api) => {
      const { operationIds } = await shelf.load(api.document);
      const told = [...Object.keys(api.operations), ...Object.keys(api.notImplemented)];
      expect(told.sort()).toEqual([...operationIds].sort());
    },
  );

  test('every operation names the role of the trust framework that gives the right to it', () => {
    for (const { operations } of version.apis) {
      for (const [operationId, { policy }] of Object.entries(operations)) {
        expect([operationId, policy.access.grant]).toEqual([operationId, 'certificate']);
        const roles = policy.access.grant === 'certificate' ? policy.access.roles : [];
        expect(roles.every((role) => ['AISP', 'PISP', 'CBPII'].includes(role)) && roles.length > 0).toBe(true);
      }
    }
  });
});
