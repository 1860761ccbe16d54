import type { Counterparty } from '../bank/index.js';
import type { Random } from '../kernel/index.js';
import type { Country } from './countries.js';

/** The people and companies around the personas who have no account here. */
export interface Cast {
  /** A payer or payee as a rule names it; `~person` and `~company` are drawn, for ever the same at the same place. */
  outsider(name: string, place: string): Counterparty;
}

export function createCast(country: Country, random: Random): Cast {
  const { names, companyEndings } = country;
  const known = new Map<string, Counterparty>();
  const draw = (kind: string, place: string): string => {
    const stream = random.fork(`cast/${place}`);
    // The instance is shared, so it is seeded before each name and keeps nothing from one to the next.
    names.seed(stream.int(1, 0x7fff_ffff));
    const surname = names.person.lastName();
    return kind === '~company' ? `${surname} ${stream.pick(companyEndings)}` : `${names.person.firstName()} ${surname}`;
  };
  return {
    outsider(name, place) {
      const key = name.startsWith('~') ? place : name;
      let party = known.get(key);
      if (!party) {
        const called = name.startsWith('~') ? draw(name, place) : name;
        party = { name: called, scheme: country.accountScheme, identification: country.accountElsewhere(called) };
        known.set(key, party);
      }
      return party;
    },
  };
}
