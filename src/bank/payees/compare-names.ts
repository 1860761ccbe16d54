import { editDistance } from './edit-distance.js';
import { SPELLINGS, wordsOf, type NameWords } from './name-words.js';

/** How well a name that was given fits the one of an account. */
export const LIKENESSES = ['match', 'close', 'none'] as const;
export type Likeness = (typeof LIKENESSES)[number];

/**
 * Titles, capitals, accents, punctuation, the order of words, left out middle names and how the kind of a company is
 * written make no difference. A slip of the pen, an initial for a name and a word too many make a close match. Another
 * first name does not match, even under the same surname.
 */
export function compareNames(given: string, actual: string, kind: 'person' | 'business'): Likeness {
  return best(
    SPELLINGS.map((spelling) => {
      const [one, other] = [wordsOf(given, kind, spelling), wordsOf(actual, kind, spelling)];
      return kind === 'business' ? compareCompanies(one, other) : comparePeople(one.words, other.words);
    }),
  );
}

export function best(likenesses: readonly Likeness[]): Likeness {
  return LIKENESSES.find((one) => likenesses.includes(one)) ?? 'none';
}

function worst(likenesses: readonly Likeness[]): Likeness {
  return LIKENESSES.findLast((one) => likenesses.includes(one)) ?? 'none';
}

/** Of several people each who is given must be one of the account. */
function comparePeople(given: readonly string[], actual: readonly string[]): Likeness {
  const people = splitPeople(given);
  const holders = splitPeople(actual);
  return worst(people.map((person) => best(holders.map((holder) => comparePerson(person, holder)))));
}

function splitPeople(words: readonly string[]): readonly (readonly string[])[] {
  const people: string[][] = [[]];
  for (const word of words) {
    if (word === 'and') people.push([]);
    else people.at(-1)?.push(word);
  }
  const [first = [], second] = people;
  // `Amelia and Ben Clarke` share their surname.
  const surname = second?.at(-1);
  if (first.length === 1 && second && second.length > 1 && surname !== undefined) first.push(surname);
  return people;
}

function comparePerson(given: readonly string[], actual: readonly string[]): Likeness {
  if (isSameWritten(given, actual)) return 'match';
  const { pairs, restOfGiven, restOfActual } = pair(given, actual);
  const isLeftOutInMiddle = restOfActual.every((at) => at > 0 && at < actual.length - 1);
  if (pairs.length < 2 || !isLeftOutInMiddle || restOfGiven.length > 2) return 'none';
  // Two initials are nobody.
  if (!pairs.some(({ word, likeness }) => word.length > 1 && likeness !== 'initial')) return 'none';
  if (restOfGiven.length > 0) return 'close';
  return pairs.every(({ likeness }) => likeness === 'same' || likeness === 'initial-on-account') ? 'match' : 'close';
}

function compareCompanies(given: NameWords, actual: NameWords): Likeness {
  const isOtherKind = given.ending !== undefined && actual.ending !== undefined && given.ending !== actual.ending;
  if (isSameWritten(given.words, actual.words)) return isOtherKind ? 'close' : 'match';
  const { pairs, restOfGiven, restOfActual } = pair(given.words, actual.words, { initials: false });
  const longer = Math.max(given.words.length, actual.words.length);
  const isFirstPaired = pairs.some(({ at, from }) => at === 0 && from === 0);
  const isEnough = pairs.length * 2 >= longer && (isFirstPaired || restOfGiven.length + restOfActual.length === 0);
  return isEnough ? 'close' : 'none';
}

/** The same words in any order, or the same letters however they are put apart: `Mac Donald`, `MacDonald`. */
function isSameWritten(given: readonly string[], actual: readonly string[]): boolean {
  if (given.length === 0) return false;
  return given.toSorted().join(' ') === actual.toSorted().join(' ') || given.join('') === actual.join('');
}

type WordLikeness = 'same' | 'initial-on-account' | 'initial' | 'slip';

interface Pair {
  readonly word: string;
  readonly from: number;
  /** Its place on the account. */
  readonly at: number;
  readonly likeness: WordLikeness;
}

/** Puts words together that may mean the same, the surest first. */
function pair(
  given: readonly string[],
  actual: readonly string[],
  { initials = true }: { readonly initials?: boolean } = {},
): {
  readonly pairs: readonly Pair[];
  readonly restOfGiven: readonly number[];
  readonly restOfActual: readonly number[];
} {
  const pairs: Pair[] = [];
  const order: readonly WordLikeness[] = initials
    ? ['same', 'initial-on-account', 'initial', 'slip']
    : ['same', 'slip'];
  for (const likeness of order) {
    for (const [from, word] of given.entries()) {
      if (pairs.some((one) => one.from === from)) continue;
      const at = actual.findIndex((other, place) => {
        return !pairs.some((one) => one.at === place) && isAlike(word, other, likeness);
      });
      if (at >= 0) pairs.push({ word, from, at, likeness });
    }
  }
  const places = (words: readonly string[], taken: (one: Pair) => number): number[] =>
    words.map((_word, place) => place).filter((place) => !pairs.some((one) => taken(one) === place));
  return { pairs, restOfGiven: places(given, ({ from }) => from), restOfActual: places(actual, ({ at }) => at) };
}

function isAlike(given: string, actual: string, likeness: WordLikeness): boolean {
  switch (likeness) {
    case 'same':
      return given === actual;
    case 'initial-on-account':
      return actual.length === 1 && given.startsWith(actual);
    case 'initial':
      return given.length === 1 && actual.startsWith(given);
    case 'slip':
      return editDistance(given, actual) <= slipsIn(Math.min(given.length, actual.length));
  }
}

/** Short words are others by one letter: Tim and Tom. */
function slipsIn(length: number): number {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}
