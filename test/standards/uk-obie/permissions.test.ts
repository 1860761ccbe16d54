import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { CAPABILITIES } from '../../../src/bank/index.js';
import { isSandbankError } from '../../../src/kernel/index.js';
import {
  CAPABILITIES_OF,
  PERMISSION_FOR,
  PERMISSIONS,
  requireValidPermissions,
  toCapabilities,
  type Permission,
} from '../../../src/standards/uk-obie/permissions.js';

function refusalOf(permissions: readonly string[]): string | undefined {
  try {
    requireValidPermissions(permissions);
    return undefined;
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    return `${error.code} ${error.details.path ?? ''}`;
  }
}

describe('uk-obie permissions', () => {
  test('are the codes of the document, all 21', () => {
    const document = parse(
      readFileSync(new URL('../../../openapi/uk-obie/4.0/account-info.yaml', import.meta.url), 'utf8'),
    );
    expect([...PERMISSIONS].sort()).toEqual([...document.components.schemas.Permission.enum].sort());
    expect(PERMISSIONS).toHaveLength(21);
  });

  test('cover every capability of the core, and every code gives at least one', () => {
    const given = new Set(PERMISSIONS.flatMap((code) => CAPABILITIES_OF[code]));
    expect([...given].sort()).toEqual([...CAPABILITIES].sort());
    for (const code of PERMISSIONS) expect(CAPABILITIES_OF[code].length).toBeGreaterThan(0);
  });

  test.each(CAPABILITIES)('%s is given by the permission that is named for it', (capability) => {
    expect(CAPABILITIES_OF[PERMISSION_FOR[capability]]).toContain(capability);
  });

  test('Detail includes what Basic shows', () => {
    for (const detail of PERMISSIONS.filter((code) => code.endsWith('Detail'))) {
      const basic = detail.replace('Detail', 'Basic') as Permission;
      expect(CAPABILITIES_OF[detail]).toEqual(expect.arrayContaining([...CAPABILITIES_OF[basic]]));
    }
  });

  test('repeated codes and their order do not matter', () => {
    fc.assert(
      fc.property(fc.subarray([...PERMISSIONS], { minLength: 1 }), (codes) => {
        expect(toCapabilities([...codes, ...codes].reverse())).toEqual(toCapabilities(codes));
      }),
    );
  });

  test.each([
    [[], 'consent.invalid-combination Data.Permissions'],
    [['ReadBalances'], 'consent.invalid-combination Data.Permissions'],
    [['ReadAccountsBasic', 'ReadEverything'], 'field.invalid Data.Permissions[1]'],
    [['ReadAccountsBasic', 'ReadTransactionsBasic'], 'consent.invalid-combination Data.Permissions'],
    [['ReadAccountsBasic', 'ReadTransactionsDetail'], 'consent.invalid-combination Data.Permissions'],
    [['ReadAccountsDetail', 'ReadTransactionsCredits'], 'consent.invalid-combination Data.Permissions'],
    [['ReadAccountsDetail', 'ReadTransactionsDebits'], 'consent.invalid-combination Data.Permissions'],
    [['ReadAccountsBasic', 'ReadAccountsBasic'], undefined],
    [['ReadAccountsBasic', 'ReadTransactionsBasic', 'ReadTransactionsCredits'], undefined],
    [['ReadAccountsDetail', 'ReadTransactionsDetail', 'ReadTransactionsDebits', 'ReadTransactionsCredits'], undefined],
  ])('%j is refused as %s', (permissions, refusal) => {
    expect(refusalOf(permissions)).toBe(refusal);
  });

  test('any set is accepted exactly when it has accounts, and both or neither half of transactions', () => {
    fc.assert(
      fc.property(fc.subarray([...PERMISSIONS]), (codes) => {
        const has = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code));
        const kinds = has(/^ReadTransactions(Basic|Detail)$/);
        const directions = has(/^ReadTransactions(Credits|Debits)$/);
        const sound = has(/^ReadAccounts(Basic|Detail)$/) && kinds === directions;
        expect(refusalOf(codes) === undefined).toBe(sound);
      }),
      { numRuns: 300 },
    );
  });
});
