// One locale for each country: all of them together take 34 MB more.
import { faker as germanNames } from '@faker-js/faker/locale/de';
import { faker as britishNames } from '@faker-js/faker/locale/en_GB';

import { toIban, type IdentifierScheme } from '../bank/index.js';
import { hash32, type Currency, type LocalDate } from '../kernel/index.js';
import { englishHolidays, germanHolidays } from './holidays.js';

/** What differs from country to country for the people who live there and for their bank. */
export interface Country {
  /** In which its shops price and its banks keep accounts. */
  readonly currency: Currency;
  /** How people there write an account: the scheme of the first identifier that a bank gives. */
  readonly accountScheme: IdentifierScheme;
  /** Mobile numbers that are kept free for fiction. */
  readonly mobile: { readonly pattern: RegExp; readonly expected: string; draw(number: number): string };
  /** A post code of a town whose codes begin so. */
  postCode(beginning: string, number: number): string;
  readonly names: typeof britishNames;
  readonly companyEndings: readonly string[];
  holidays(year: number): readonly LocalDate[];
  /** An account that looks right and belongs to no bank of the ecosystem. */
  accountElsewhere(name: string): string;
}

const COUNTRIES: Readonly<Record<string, Country>> = {
  GB: {
    currency: 'GBP',
    accountScheme: 'sort-code-account-number',
    mobile: {
      pattern: /^\+447700900\d{3}$/,
      expected: 'a number of the range kept for drama, +447700900xxx,',
      draw: (number) => `+447700900${lastDigits(number, 3)}`,
    },
    // The inward part leaves out letters that are misread.
    postCode: (beginning, number) =>
      `${beginning}${String(1 + (number % 28))} ${String(number % 10)}${letter(number)}${letter(number >> 5)}`,
    names: britishNames,
    companyEndings: ['Ltd', 'Studio Ltd', '& Sons', 'Partners LLP', 'Design Co', 'Holdings plc', 'Trading Ltd'],
    holidays: englishHolidays,
    accountElsewhere: (name) => `0999${digits(`sort:${name}`, 2)}${digits(name, 8)}`,
  },
  DE: {
    currency: 'EUR',
    accountScheme: 'iban',
    mobile: {
      pattern: /^\+49176040690\d{2}$/,
      expected: 'a number of a range kept for drama, +49176040690xx,',
      draw: (number) => `+49176040690${lastDigits(number, 2)}`,
    },
    postCode: (beginning, number) => `${beginning}${lastDigits(number, 5 - beginning.length)}`,
    names: germanNames,
    companyEndings: ['GmbH', 'AG', 'GmbH & Co. KG', 'UG', 'e. K.', '& Söhne OHG', 'Partner mbB', 'Handels GmbH'],
    holidays: germanHolidays,
    // A Bankleitzahl begins with the clearing area, 1 to 8: with 99 it is nobody's.
    accountElsewhere: (name) => toIban('DE', `99${digits(`bank:${name}`, 6)}${digits(name, 10)}`),
  },
};

export const COUNTRY_CODES: readonly string[] = Object.keys(COUNTRIES);

/** Undefined for a country of which nothing is known. */
export function countryOf(code: string): Country | undefined {
  return Object.hasOwn(COUNTRIES, code) ? COUNTRIES[code] : undefined;
}

const INWARD_LETTERS = 'ABDEFGHJLNPQRSTUWXYZ';

function letter(number: number): string {
  return INWARD_LETTERS[number % INWARD_LETTERS.length] ?? 'A';
}

function lastDigits(number: number, count: number): string {
  return String(number % 10 ** count).padStart(count, '0');
}

function digits(text: string, count: number): string {
  return String(hash32(text) % 10 ** count).padStart(count, '0');
}
