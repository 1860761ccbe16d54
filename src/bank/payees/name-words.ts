/** A name as it is compared: words of lower-case letters and digits, in their order. */
export interface NameWords {
  readonly words: readonly string[];
  /** The kind of company, where the name says it: `ltd`. */
  readonly ending?: string;
}

const TITLES: ReadonlySet<string> = new Set(
  (
    'mr mrs ms miss mx master dr doctor prof professor sir dame lord lady rev reverend hon capt herr frau dipl ing med ' +
    'jr sr obe mbe cbe esq phd md mme mlle monsieur madame senor senora sig'
  ).split(' '),
);

/** By the last words of a name, longest first; what is told of it is the same however it is written. */
const ENDINGS: readonly (readonly [readonly string[], string])[] = (
  [
    ['gesellschaft mit beschrankter haftung', 'gmbh'],
    ['gesellschaft mit beschraenkter haftung', 'gmbh'],
    ['public limited company', 'plc'],
    ['limited liability partnership', 'llp'],
    ['community interest company', 'cic'],
    ['unternehmergesellschaft', 'ug'],
    ['aktiengesellschaft', 'ag'],
    ['gmbh and co kg', 'gmbh co kg'],
    ['gmbh co kg', 'gmbh co kg'],
    ['eingetragener verein', 'ev'],
    ['incorporated', 'inc'],
    ['corporation', 'corp'],
    ['company limited', 'ltd'],
    ['co limited', 'ltd'],
    ['co ltd', 'ltd'],
    ['limited', 'ltd'],
    ['company', 'co'],
    ['e v', 'ev'],
    ['s a', 'sa'],
    ['b v', 'bv'],
    ...[
      'ltd',
      'plc',
      'llp',
      'lp',
      'cic',
      'gmbh',
      'ag',
      'kg',
      'ohg',
      'gbr',
      'ug',
      'se',
      'ev',
      'inc',
      'corp',
      'co',
      'sa',
    ].map((one) => [one, one] as const),
    ...['sarl', 'sas', 'bv', 'nv', 'spa', 'srl', 'llc', 'pty ltd'].map((one) => [one, one] as const),
  ] as const
)
  .map(([written, ending]) => [written.split(' '), ending] as const)
  .sort(([one], [other]) => other.length - one.length);

/** Letters that have no base letter of their own. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  ı: 'i',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};
const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };

/** Both ways in which people write what their keyboard does not have: `muller` and `mueller`. */
export const SPELLINGS = ['plain', 'umlauts-in-two-letters'] as const;

export function wordsOf(name: string, kind: 'person' | 'business', spelling: (typeof SPELLINGS)[number]): NameWords {
  // What somebody trades as stands beside the name.
  const [own = ''] = name
    .toLowerCase()
    .normalize('NFC')
    .split(/\s+(?:t\/a|trading as)\s+/u);
  const letters = [...own].map((letter) => (spelling === 'plain' ? letter : (UMLAUTS[letter] ?? letter)));
  const words = letters
    .map((letter) => LETTERS[letter] ?? letter)
    .join('')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/['’`.]/gu, '')
    .replace(/[&+]/gu, ' and ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (word === 'und' || word === 'et' ? 'and' : word));
  if (kind === 'business') return withoutEnding(words[0] === 'the' ? words.slice(1) : words);
  const named = words.filter((word) => !TITLES.has(word));
  return { words: named };
}

function withoutEnding(words: readonly string[]): NameWords {
  const found = ENDINGS.find(
    ([written]) => written.length < words.length && written.every((word, at) => words.at(at - written.length) === word),
  );
  if (!found) return { words };
  const [written, ending] = found;
  return { words: words.slice(0, -written.length), ending };
}
