import { describe, expect, test } from '@jest/globals';
import type { Authorisation } from '../../../src/bank/index.js';
import { nextSteps, startStep } from '../../../src/standards/berlin-group/links.js';

type Row = readonly [Authorisation['mode'], Authorisation['status'], readonly string[]];

const ROWS: readonly Row[] = [
  ['redirect', 'received', ['scaRedirect', 'scaStatus']],
  ['redirect', 'psu-identified', ['scaRedirect', 'scaStatus']],
  ['redirect', 'challenged', ['scaRedirect', 'scaStatus']],
  ['redirect', 'finalised', ['scaStatus']],
  ['redirect', 'failed', ['scaStatus']],
  ['decoupled', 'received', ['updatePsuIdentification', 'scaStatus']],
  ['decoupled', 'psu-identified', ['scaStatus']],
  ['decoupled', 'challenged', ['scaStatus']],
  ['decoupled', 'finalised', ['scaStatus']],
  ['embedded', 'received', ['updatePsuAuthentication', 'scaStatus']],
  ['embedded', 'psu-identified', ['updatePsuAuthentication', 'scaStatus']],
  ['embedded', 'authenticated', ['selectAuthenticationMethod', 'scaStatus']],
  ['embedded', 'method-selected', ['authoriseTransaction', 'scaStatus']],
  ['embedded', 'challenged', ['authoriseTransaction', 'scaStatus']],
  ['embedded', 'finalised', ['scaStatus']],
  ['embedded', 'exempted', ['scaStatus']],
  ['embedded', 'failed', ['scaStatus']],
];

describe('berlin-group links', () => {
  test.each([
    ['received', ['scaRedirect', 'confirmation', 'scaStatus']],
    ['unconfirmed', ['confirmation', 'scaStatus']],
    ['finalised', ['scaStatus']],
    ['failed', ['scaStatus']],
  ] as const)('a redirect to be confirmed that is %s leads to %j', (status, names) => {
    const at = { address: '/a', redirect: '/page' };
    expect(Object.keys(nextSteps({ mode: 'redirect', status, needsConfirmation: true }, at))).toEqual(names);
  });

  test.each(ROWS)('a %s run that is %s leads to %j', (mode, status, names) => {
    const at = { address: '/a', ...(mode === 'redirect' && { redirect: '/page' }) };
    const links = nextSteps({ mode, status }, at);
    expect(Object.keys(links)).toEqual(names);
    expect(links['scaStatus']).toEqual({ href: '/a' });
    if (links['scaRedirect']) expect(links['scaRedirect']).toEqual({ href: '/page' });
  });

  test.each([
    ['redirect', false, 'startAuthorisation'],
    ['decoupled', false, 'startAuthorisationWithPsuIdentification'],
    ['decoupled', true, 'startAuthorisation'],
    ['embedded', true, 'startAuthorisationWithPsuAuthentication'],
  ] as const)('an explicit start of %s (identified: %s) is %s', (mode, isIdentified, name) => {
    expect(startStep(mode, { address: '/a', isIdentified })).toEqual({ [name]: { href: '/a' } });
  });
});
