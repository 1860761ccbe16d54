import type { PostalAddress } from '../bank/index.js';
import { matching } from './bank-file.js';
import type { Country } from './countries.js';
import type { Fields } from './fixture-fields.js';
import { readRule, type Rule } from './rules.js';

/** A test customer, or several who live together, as a file describes them. */
export interface Persona {
  /** The file's name without its ending. Households of different banks may share it. */
  readonly id: string;
  /** In whose folder the file is. */
  readonly bank: string;
  /** One sentence for people who choose a test customer. */
  readonly story: string;
  readonly people: readonly PersonaParty[];
  readonly accounts: readonly PersonaAccount[];
  readonly rules: readonly Rule[];
}

export interface PersonaParty {
  /** Its name within the file. */
  readonly key: string;
  readonly kind: 'person' | 'business';
  readonly name: string;
  readonly fullLegalName: string;
  readonly email: string;
  readonly mobile: string;
  readonly address: PostalAddress;
  readonly login: { readonly customerNumber: string; readonly password: string };
}

export interface PersonaAccount {
  readonly key: string;
  readonly product: string;
  readonly nickname?: string;
  readonly holderName: string;
  readonly holders: readonly { readonly person: string; readonly role: 'sole' | 'joint' | 'owner' | 'signatory' }[];
  /** How many of the holders must agree to a payment; absent: any of them alone. */
  readonly signatories?: { readonly required: number };
  /** Arranged overdraft, credit limit or amount lent, in minor units. */
  readonly limitMinor: bigint;
  readonly openingBalanceMinor: bigint;
  /** `history`: when the simulated history begins. `today`: at the first start, with nothing in it. */
  readonly opened: 'history' | 'today';
}

export function readPersona(
  fields: Fields,
  { id, bank, country }: { readonly id: string; readonly bank: string; readonly country: Country },
): Persona {
  if (fields.text('id') !== id) fields.fail('id', `${id}, as the file is called`);
  const address = readAddress(fields.object('address'));
  const persona = {
    id,
    bank,
    story: fields.text('story'),
    people: fields.objects('people').map((person) => readParty(person, { address, country })),
    accounts: fields.objects('accounts').map(readAccount),
    rules: fields.objects('life').map(readRule),
  };
  fields.end();
  refuseDoubles(fields, 'people', persona.people);
  refuseDoubles(fields, 'accounts', persona.accounts);
  for (const { key, holders } of persona.accounts) {
    const stranger = holders.find(({ person }) => !persona.people.some((one) => one.key === person));
    if (stranger) fields.fail('accounts', `held by people of the file, which ${stranger.person} of ${key} is not,`);
  }
  return persona;
}

function refuseDoubles(fields: Fields, list: string, items: readonly { readonly key: string }[]): void {
  if (new Set(items.map(({ key }) => key)).size !== items.length || items.length === 0) {
    fields.fail(list, 'a list of at least one, each with a key of its own,');
  }
}

function readParty(fields: Fields, home: { readonly address: PostalAddress; readonly country: Country }): PersonaParty {
  const login = fields.object('login');
  const party = {
    key: fields.text('key'),
    kind: fields.oneOf('kind', ['person', 'business']),
    name: fields.text('name'),
    fullLegalName: fields.text('fullLegalName'),
    email: matching(fields, 'email', /^[^@\s]+@[^@\s]+\.example$/, 'an address under .example (RFC 2606)'),
    mobile: matching(fields, 'mobile', home.country.mobile.pattern, home.country.mobile.expected),
    address: fields.has('address') ? readAddress(fields.object('address')) : home.address,
    login: {
      customerNumber: matching(login, 'customerNumber', /^\d{8}$/, 'eight digits in quotes'),
      password: matching(login, 'password', /^.{8,64}$/, 'a password of 8 to 64 characters'),
    },
  };
  login.end();
  fields.end();
  return party;
}

function readAddress(fields: Fields): PostalAddress {
  const county = fields.optionalText('county');
  const address = {
    buildingNumber: fields.text('buildingNumber'),
    streetName: fields.text('streetName'),
    townName: fields.text('townName'),
    postCode: fields.text('postCode'),
    ...(county !== undefined && { countrySubDivision: county }),
    country: matching(fields, 'country', /^[A-Z]{2}$/, 'two capital letters (ISO 3166-1)'),
  };
  fields.end();
  return address;
}

function readSignatories(fields: Fields): { readonly required: number } {
  const required = fields.whole('required', 2, 9);
  fields.end();
  return { required };
}

function readAccount(fields: Fields): PersonaAccount {
  const nickname = fields.optionalText('nickname');
  const account = {
    key: fields.text('key'),
    product: fields.text('product'),
    ...(nickname !== undefined && { nickname }),
    holderName: fields.text('holderName'),
    holders: fields.objects('holders').map((holder) => {
      const read = {
        person: holder.text('person'),
        role: holder.oneOf('role', ['sole', 'joint', 'owner', 'signatory']),
      };
      holder.end();
      return read;
    }),
    ...(fields.has('signatories') && { signatories: readSignatories(fields.object('signatories')) }),
    limitMinor: fields.has('limit') ? fields.amount('limit') : 0n,
    openingBalanceMinor: fields.has('openingBalance') ? fields.amount('openingBalance') : 0n,
    opened: fields.has('opened') ? fields.oneOf('opened', ['history', 'today']) : ('history' as const),
  };
  fields.end();
  if ((account.signatories?.required ?? 1) > account.holders.length)
    fields.fail('signatories', 'at most as many as hold it');
  if (account.limitMinor < 0n) fields.fail('limit', 'zero or more');
  if (account.openingBalanceMinor < -account.limitMinor) fields.fail('openingBalance', 'within the limit');
  return account;
}
