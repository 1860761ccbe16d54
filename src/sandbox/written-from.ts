import { SandbankError } from '../kernel/index.js';
import type { BankFile, World } from '../life/index.js';

/** What the history of a bank rests on, as one text: other conditions, colours, shops or habits are no other bank. */
export type WrittenFrom = Readonly<Record<string, string>>;

/** By bank: where it is, the codes in its account numbers, its products, and who holds which accounts. */
export function writtenFrom(world: World, banks: readonly BankFile[]): WrittenFrom {
  return Object.fromEntries(
    banks.map(({ profile, products }) => [
      profile.id,
      JSON.stringify({
        codes: [profile.country, profile.currency, profile.bankCode ?? profile.sortCode, profile.bic],
        products: products.map(({ id, type }) => `${id} ${type}`).sort(),
        households: world.personas
          .filter(({ bank }) => bank === profile.id)
          .map(({ id, people, accounts }) => ({
            id,
            people: people.map(({ key, login }) => `${key} ${login.customerNumber}`),
            accounts: accounts.map(({ key, product }) => `${key} ${product}`),
          })),
      }),
    ]),
  );
}

/**
 * A history goes on with the banks and customers it was written with, or not at all: account numbers, holders and
 * the money between banks would no longer fit together. Throws `configuration.invalid`.
 */
export function sameFixtures(before: WrittenFrom, now: WrittenFrom): void {
  const other = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((id) => before[id] !== now[id]);
  if (other.length === 0) return;
  const [id = ''] = other;
  const how = before[id] === undefined ? 'is new' : now[id] === undefined ? 'is gone' : 'has other codes or customers';
  throw new SandbankError(
    'configuration.invalid',
    `This data directory was written from other fixtures: the bank ${id} ${how}. Take another data directory, or the fixtures of before.`,
    { path: 'fixtures', expected: Object.keys(before).join(', '), actual: Object.keys(now).join(', ') },
  );
}
