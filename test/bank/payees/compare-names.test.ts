import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { compareNames } from '../../../src/bank/payees/compare-names.js';
import { editDistance } from '../../../src/bank/payees/edit-distance.js';

type Row = readonly [given: string, actual: string, expected: 'match' | 'close' | 'none'];

describe('names of people', () => {
  test.each<Row>([
    ['Amelia Clarke', 'Amelia Clarke', 'match'],
    ['AMELIA  CLARKE', 'Amelia Clarke', 'match'],
    ['Ms Amelia Clarke', 'Amelia Clarke', 'match'],
    ['Amelia Clarke', 'MS A CLARKE', 'match'],
    ['Clarke, Amelia', 'Amelia Clarke', 'match'],
    ['Amelia Clarke', 'Amelia Jane Clarke', 'match'],
    ['A Clarke', 'Amelia Clarke', 'close'],
    ['A. J. Clarke', 'Amelia Jane Clarke', 'close'],
    ['Amelia Jane Clarke', 'Amelia Clarke', 'close'],
    ['Amelia Clark', 'Amelia Clarke', 'close'],
    ['Ameila Clarke', 'Amelia Clarke', 'close'],
    ['Anna Clarke', 'Amelia Clarke', 'none'],
    ['B Clarke', 'Amelia Clarke', 'none'],
    ['Amelia Okafor', 'Amelia Clarke', 'none'],
    ['Amelia', 'Amelia Clarke', 'none'],
    ['Clarke', 'Amelia Clarke', 'none'],
    ['A C', 'Amelia Clarke', 'none'],
    ['', 'Amelia Clarke', 'none'],
    ['Mr', 'Amelia Clarke', 'none'],
    ['Tim Lee', 'Tom Lee', 'none'],
    ["Siobhan O'Neill", 'Siobhán O’Neill', 'match'],
    ['Siobhan ONeill', "Siobhán O'Neill", 'match'],
    ['Anne-Marie Smith', 'Anne Marie Smith', 'match'],
    ['Fiona MacDonald', 'Fiona Mac Donald', 'match'],
    ['Malte Brueggemann', 'Malte Brüggemann', 'match'],
    ['Malte Bruggemann', 'Malte Brüggemann', 'match'],
    ['Malte Hinrich Brüggemann', 'Malte Brüggemann', 'close'],
    ['Jörg Weiß', 'Joerg Weiss', 'match'],
    ['Soren Ostergard', 'Søren Østergård', 'match'],
    ['Lukasz Wisniewski', 'Łukasz Wiśniewski', 'match'],
    ['Dr. med. Insa Petersen', 'Insa Petersen', 'match'],
    ['Amelia Clarke', 'Amelia Clarke & Ben Okafor', 'match'],
    ['Ben Okafor and Amelia Clarke', 'Mr B Okafor & Ms A Clarke', 'match'],
    ['Amelia and Ben Clarke', 'Amelia Clarke & Ben Clarke', 'match'],
    ['Amelia Clarke and Carl Young', 'Amelia Clarke & Ben Okafor', 'none'],
  ])('%s for %s: %s', (given, actual, expected) => {
    expect(compareNames(given, actual, 'person')).toBe(expected);
  });
});

describe('names of businesses', () => {
  test.each<Row>([
    ['Larkrise Bakery Ltd', 'Larkrise Bakery Limited', 'match'],
    ['LARKRISE BAKERY', 'Larkrise Bakery Ltd', 'match'],
    ['Larkrise Bakery Co. Ltd.', 'Larkrise Bakery Limited', 'match'],
    ['The Larkrise Bakery Ltd', 'Larkrise Bakery Ltd', 'match'],
    ['Larkrise Bakery Ltd t/a Loaf & Co', 'Larkrise Bakery Limited', 'match'],
    ['Larkrise Bakery plc', 'Larkrise Bakery Ltd', 'close'],
    ['Larkrise Bakeries Ltd', 'Larkrise Bakery Ltd', 'close'],
    ['Larkrise Bakrey Ltd', 'Larkrise Bakery Ltd', 'close'],
    ['Larkrise Ltd', 'Larkrise Bakery Ltd', 'close'],
    ['Larkrise Bakery Leeds Ltd', 'Larkrise Bakery Ltd', 'close'],
    ['Bakery Ltd', 'Larkrise Bakery Ltd', 'none'],
    ['Smith & Sons', 'Smith and Sons Ltd', 'match'],
    ['Möwenwerft GmbH', 'Moewenwerft Gesellschaft mit beschränkter Haftung', 'match'],
    ['Mowenwerft', 'Möwenwerft GmbH', 'match'],
    ['Segelverein Weser', 'Segelverein Weser e.V.', 'match'],
    ['Möwenwerft GmbH & Co. KG', 'Möwenwerft GmbH', 'close'],
    ['Ltd', 'Larkrise Bakery Ltd', 'none'],
  ])('%s for %s: %s', (given, actual, expected) => {
    expect(compareNames(given, actual, 'business')).toBe(expected);
  });
});

describe('comparing', () => {
  const name = fc
    .array(fc.stringMatching(/^[A-Za-zÀ-ÖØ-öø-ÿ]{2,12}$/u), { minLength: 2, maxLength: 4 })
    .map((words) => words.join(' '));

  test('any name matches itself, and in capitals', () => {
    fc.assert(
      fc.property(name, fc.constantFrom('person' as const, 'business' as const), (one, kind) => {
        fc.pre(compareNames(one, one, kind) !== 'none' || !/\b(and|und|et|mr|ms|dr)\b/i.test(one));
        expect(compareNames(one, one.toUpperCase().toLowerCase(), kind)).not.toBe('close');
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['clarke', 'clark', 1],
    ['amelia', 'ameila', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('%s and %s are %d apart', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
    expect(editDistance(other, one)).toBe(distance);
  });
});
