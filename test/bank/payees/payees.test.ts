import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Account, AccountIdentifier, PayeeConfirmation } from '../../../src/bank/index.js';
import { ELSEWHERE, PROFILE, sortCodeOf } from '../sample-bank.js';
import { openTwoBanks, OTHER, type TwoBanks } from '../two-banks.js';

describe('confirmation of payee', () => {
  let world: TwoBanks;
  let own: Account;
  let theirs: Account;
  let business: Account;
  let shy: Account;
  let closed: Account;

  beforeAll(async () => {
    world = await openTwoBanks();
    own = await world.here.open(0n, { holderName: 'MS A CLARKE' });
    theirs = await world.there.open(0n, { holderName: 'MS A CLARKE' });
    const product = { id: 'b', name: 'Business', type: 'current', category: 'business' } as const;
    const holders = [{ partyId: world.there.party.id, role: 'signatory' }] as const;
    business = await world.there.open(0n, { holderName: 'LARKRISE BAKERY LTD', product, holders });
    shy = await world.there.open(0n, { optedOutOfPayeeChecks: true });
    closed = await world.there.open(0n);
    await world.there.closeAccount(closed);
  });
  afterAll(() => world.close());

  const confirm = (account: Account | AccountIdentifier, name: string, kind?: 'person' | 'business') =>
    world.here.bank.payees.confirm({
      identifier: 'scheme' in account ? account : sortCodeOf(account),
      name,
      ...(kind && { kind }),
    });
  const unknownAt = (sortCode: string): AccountIdentifier => ({ ...ELSEWHERE, identification: `${sortCode}00000001` });
  const unavailable = (why: string) => ({ outcome: 'unavailable', why });

  test.each<[string, () => Promise<PayeeConfirmation>, unknown]>([
    ['of this bank', () => confirm(own, 'Amelia Clarke', 'person'), { outcome: 'match' }],
    ['of another bank', () => confirm(theirs, 'amelia clarke'), { outcome: 'match' }],
    [
      'by IBAN',
      () =>
        confirm(
          theirs.identifiers.find(({ scheme }) => scheme === 'iban')!,
          'Amelia Clarke',
        ),
      { outcome: 'match' },
    ],
    ['with a slip', () => confirm(theirs, 'Amelia Clark'), { outcome: 'close-match', name: 'Amelia Clarke' }],
    ['of somebody else', () => confirm(theirs, 'Ben Okafor'), { outcome: 'no-match' }],
    ['of a company', () => confirm(business, 'Larkrise Bakery Limited', 'business'), { outcome: 'match' }],
    [
      'of a company said to be a person',
      () => confirm(business, 'Larkrise Bakery', 'person'),
      { outcome: 'match', accountKind: 'business' },
    ],
    ['of who signs for a company', () => confirm(business, 'Amelia Clarke', 'person'), { outcome: 'no-match' }],
    ['whose holder opted out', () => confirm(shy, 'Amelia Clarke'), unavailable('opted-out')],
    ['that is closed', () => confirm(closed, 'Amelia Clarke'), unavailable('account-closed')],
    ['that this bank has not', () => confirm(unknownAt(PROFILE.sortCode!), 'A'), unavailable('account-unknown')],
    ['that another bank has not', () => confirm(unknownAt(OTHER.sortCode!), 'A'), unavailable('account-unknown')],
    ['at no bank of the ecosystem', () => confirm(ELSEWHERE, 'Larkrise Bakery'), unavailable('bank-out-of-reach')],
  ])('of an account %s', async (_what, ask, expected) => {
    expect(await ask()).toEqual(expected);
    expect(await ask()).toEqual(expected);
  });
});
