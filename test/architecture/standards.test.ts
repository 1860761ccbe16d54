import { globSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

import { STANDARDS } from '../../src/standards/registry.js';

/** Words that only the folder of one standard may use, beside the ids of the registry and the names of its values. */
const WORDS: Readonly<Record<string, readonly RegExp[]>> = {
  'uk-obie': [
    /\bOB(Read|Write|Error|External|Domestic)\w*/,
    /\bUK\.OB\w*/,
    // `x-fapi-interaction-id` is FAPI's, a security profile that several standards build on.
    /\bx-(jws-signature|idempotency-key)\b/i,
    /\b(ReadAccountsBasic|ReadAccountsDetail|AwaitingAuthorisation|DomesticPaymentId)\b/,
  ],
  'berlin-group': [
    /\bBerlin[ -]?Group\b|\bNextGenPSD2\b|\bXS2A\b/i,
    /\b(tppMessages?|psuMessage|scaStatus|scaRedirect|chosenScaMethod|recurringIndicator|frequencyPerDay)\b/,
    /\b(Consent-ID|PSU-ID|PSU-IP-Address|TPP-(Redirect|Nok)\w*)\b/i,
  ],
};

/** Where a standard may be named outside its folder, and why. */
const EXEMPT: Readonly<Record<string, string>> = {
  'src/standards/registry.ts': 'one line for each standard, by design',
  'src/cli/demo/': 'plays a third party, which speaks one standard over the wire like any client',
};

/** Its own place where the name is made: `uk-obie` in `ukObie`. */
const namesOf = (id: string): readonly RegExp[] => [
  new RegExp(`\\b${id}\\b`),
  new RegExp(`\\b${id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())}\\b`),
];

/** A branch on which standard it is: what it decides belongs into the Standard value. */
const BRANCHES: readonly RegExp[] = [
  /\bstandard(?:\.id|Id)?\s*[!=]==?\s*(['"`])/,
  /(['"`])[\w/.-]+\1\s*[!=]==?\s*\w*\.?standard\b/,
  /\bswitch\s*\([^)]*\bstandard(?:\.id|Id)?\)/,
  /\bstandard(?:\.id|Id)?\.(startsWith|includes|match)\(/,
  /\.filter\(\(\{ id \}\) => id === (['"`])/,
];

/** A text of the program: comments may give examples. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '));
}

function found(file: string, patterns: readonly RegExp[]): readonly string[] {
  return codeOf(file)
    .split('\n')
    .flatMap((line, index) => (patterns.some((one) => one.test(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}

const sources = globSync('src/**/*.{ts,tsx}').sort();
const isExempt = (file: string): boolean => Object.keys(EXEMPT).some((place) => file.startsWith(place));

describe('a standard is named in its own folder and in the registry alone', () => {
  test('there is one folder for each standard of the registry, and none beside', () => {
    const folders = readdirSync('src/standards', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const names = folders.map(({ name }) => name).filter((name) => name !== 'kit');
    expect(names.sort()).toEqual(STANDARDS.map(({ id }) => id).sort());
  });

  test.each(STANDARDS.map(({ id }) => id))('%s', (id) => {
    const patterns = [...namesOf(id), ...(WORDS[id] ?? [])];
    const elsewhere = sources.filter((file) => !file.startsWith(`src/standards/${id}/`) && !isExempt(file));
    const others = STANDARDS.filter((other) => other.id !== id).map((other) => `src/standards/${other.id}/`);
    // Two standards may share a word of the wire; none names another one.
    const hits = elsewhere.flatMap((file) =>
      found(file, others.some((other) => file.startsWith(other)) ? namesOf(id) : patterns),
    );
    expect(hits).toEqual([]);
  });

  test('every exemption is still needed', () => {
    const all = STANDARDS.flatMap(({ id }) => [...namesOf(id), ...(WORDS[id] ?? [])]);
    const idle = Object.keys(EXEMPT).filter((place) =>
      sources.filter((file) => file.startsWith(place)).every((file) => found(file, all).length === 0),
    );
    expect(idle).toEqual([]);
  });
});

describe('nothing asks which standard it is', () => {
  test('in all of src', () => {
    expect(sources.flatMap((file) => found(file, BRANCHES))).toEqual([]);
  });

  test.each([
    "if (standard === 'uk-obie') return;",
    "if (consent.standard !== 'uk-obie/4.0') return;",
    "if ('berlin-group' === version.standard) return;",
    'switch (bank.standard) {',
    "if (consent.standard.startsWith('uk')) return;",
  ])('which this would: %s', (line) => {
    expect(BRANCHES.some((pattern) => pattern.test(line))).toBe(true);
  });

  test.each(['consent.standard === site.version.id', 'versions.find(({ id }) => id === consent.standard)'])(
    'but a tag may be compared with a tag: %s',
    (line) => {
      expect(BRANCHES.some((pattern) => pattern.test(line))).toBe(false);
    },
  );
});
