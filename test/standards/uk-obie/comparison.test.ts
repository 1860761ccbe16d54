import { describe, expect, test } from '@jest/globals';
import { firstDifference } from '../../../src/standards/uk-obie/mapping/comparison.js';
import { FULL_PAYMENT } from './samples.js';
import type { Json } from './json.js';

const agreed = { Initiation: FULL_PAYMENT.Data.Initiation, Risk: FULL_PAYMENT.Risk };

interface Leaf {
  readonly path: string;
  readonly steps: readonly string[];
}

function leavesOf(value: unknown, steps: readonly string[] = []): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) {
    const path = steps.reduce((text, step) => (/^\d+$/.test(step) ? `${text}[${step}]` : `${text}.${step}`), '');
    return [{ path: path.slice(1), steps }];
  }
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...steps, name]));
}

/** A copy in which one leaf is changed, or taken away. */
function withLeaf(leaf: Leaf, change: 'changed' | 'missing'): typeof agreed {
  const copy = structuredClone(agreed);
  const parent = leaf.steps.slice(0, -1).reduce((at: Json, step) => at[step], copy);
  const last = leaf.steps.at(-1)!;
  if (change === 'missing') {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else Reflect.deleteProperty(parent, last);
    return copy;
  }
  const value = parent[last];
  if (typeof value === 'boolean') parent[last] = !value;
  else if (typeof value === 'number') parent[last] = value + 1;
  else if (/DateTime$|Date$/.test(last)) parent[last] = '2031-01-01T00:00:00Z';
  else if (/Amount$/.test(last)) parent[last] = '987.65';
  else parent[last] = `${value}x`;
  return copy;
}

const differenceOf = (ordered: typeof agreed) =>
  firstDifference(agreed.Initiation, ordered.Initiation, 'Data.Initiation') ??
  firstDifference(agreed.Risk, ordered.Risk, 'Risk');

const LEAVES = leavesOf(agreed);

describe('uk-obie comparison of an order with its consent', () => {
  test('the sample has a leaf for most of what an initiation can hold', () =>
    expect(LEAVES.length).toBeGreaterThan(50));

  test.each(LEAVES)('$path: a change is found, and named', (leaf) => {
    const difference = differenceOf(withLeaf(leaf, 'changed'));
    expect(difference?.path).toBe(leaf.path.startsWith('Initiation') ? `Data.${leaf.path}` : leaf.path);
  });

  test.each(LEAVES)('$path: a field that is missing, or was never agreed, is found', (leaf) => {
    const without = withLeaf(leaf, 'missing');
    expect(differenceOf(without)).toBeDefined();
    const added =
      firstDifference(without.Initiation, agreed.Initiation, 'Data.Initiation') ??
      firstDifference(without.Risk, agreed.Risk, 'Risk');
    expect(added).toBeDefined();
  });

  test('the order of keys does not matter', () => {
    const reversed = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, reversed(member)]),
      );
    };
    expect(differenceOf(reversed(agreed))).toBeUndefined();
  });

  test.each([
    ['1.0', '1.00', true],
    ['1', '1.00000', true],
    ['001.5', '1.50', true],
    ['0.5', '00.50', true],
    ['100', '1', false],
    ['10', '100', false],
    ['1.05', '1.5', false],
    ['1.01', '1.1', false],
  ])('as amounts %s and %s are equal: %s', (one, other, equal) => {
    expect(firstDifference({ Amount: one }, { Amount: other }, 'Data.Initiation.InstructedAmount') === undefined).toBe(
      equal,
    );
  });

  test('two notations of one moment are equal, in fields that are dates', () => {
    const [one, other] = ['2026-11-25T08:00:00+00:00', '2026-11-25T09:00:00+01:00'];
    expect(firstDifference({ RelatedDate: one }, { RelatedDate: other }, 'x')).toBeUndefined();
    expect(firstDifference({ Issuer: one }, { Issuer: other }, 'x')?.path).toBe('x.Issuer');
  });

  test('numbers that look alike are different texts outside amounts', () => {
    expect(firstDifference({ Number: '1.0' }, { Number: '1.00' }, 'x')?.path).toBe('x.Number');
  });

  test('a list with another order or length differs', () => {
    expect(firstDifference({ a: ['x', 'y'] }, { a: ['y', 'x'] }, 'r')?.path).toBe('r.a[0]');
    expect(firstDifference({ a: ['x'] }, { a: ['x', 'y'] }, 'r')?.path).toBe('r.a[1]');
    expect(firstDifference({ a: [] }, {}, 'r')?.path).toBe('r.a');
  });

  test('a name of the prototype is no field', () => {
    expect(firstDifference({}, JSON.parse('{"toString":1}'), 'r')?.path).toBe('r.toString');
  });
});
