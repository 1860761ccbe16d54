// One locale: all of them together take 34 MB more.
import { faker } from '@faker-js/faker/locale/en_GB';

import type { Counterparty } from '../bank/index.js';
import { hash32, type Random } from '../kernel/index.js';

/** The people and companies around the personas who have no account here. */
export interface Cast {
  /** A payer or payee as a rule names it; `~person` and `~company` are drawn, for ever the same at the same place. */
  outsider(name: string, place: string): Counterparty;
}

const COMPANY_ENDINGS = [
  'Ltd',
  'Studio Ltd',
  '& Sons',
  'Partners LLP',
  'Design Co',
  'Holdings plc',
  'Trading Ltd',
] as const;

export function createCast(random: Random): Cast {
  const known = new Map<string, Counterparty>();
  const draw = (kind: string, place: string): string => {
    const stream = random.fork(`cast/${place}`);
    // The instance is shared, so it is seeded before each name and keeps nothing from one to the next.
    faker.seed(stream.int(1, 0x7fff_ffff));
    const surname = faker.person.lastName();
    return kind === '~company'
      ? `${surname} ${stream.pick(COMPANY_ENDINGS)}`
      : `${faker.person.firstName()} ${surname}`;
  };
  return {
    outsider(name, place) {
      const key = name.startsWith('~') ? place : name;
      let party = known.get(key);
      if (!party) {
        const called = name.startsWith('~') ? draw(name, place) : name;
        party = { name: called, scheme: 'sort-code-account-number', identification: accountElsewhere(called) };
        known.set(key, party);
      }
      return party;
    },
  };
}

/** A sort code and account number that look right and belong to no bank of the ecosystem. */
function accountElsewhere(name: string): string {
  return `0999${String(hash32(`sort:${name}`) % 100).padStart(2, '0')}${String(hash32(name) % 100_000_000).padStart(8, '0')}`;
}
