import { fromParts, parts, plusDays, type LocalDate, type Random } from '../kernel/index.js';
import type { WholeRange } from './rule-fields.js';
import type { Rule } from './rules.js';

/** Days during which something rare holds, both inclusive. */
export interface Spell {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/**
 * When what is rare happens to somebody. It follows from the seed, the rule's place and the year alone, so that nothing
 * need be remembered from one day to the next.
 */
export interface Spells {
  /** The spell in which a day lies, if it lies in one. `rule` stands for itself: asked every day, it is drawn once a year. */
  at(date: LocalDate, rare: Rare): Spell | undefined;
}

export interface Rare {
  readonly rule: object;
  readonly place: string;
  readonly perYear: number;
  readonly days: WholeRange;
}

const DAYS_A_YEAR = 365;
const ONE_DAY = { from: 1, to: 1 } as const;
/** Whatever began longer ago than this is over. */
const YEARS_BACK = 4;

/** Of a rule that does something within its spells only. */
export function rareOf(rule: Rule, place: string): Rare | undefined {
  switch (rule.kind) {
    case 'surprise':
      return { rule, place, perYear: rule.perYear, days: ONE_DAY };
    case 'arrival':
      return { rule, place, perYear: rule.perYear, days: monthsAsDays(rule.months) };
    case 'abroad':
      return { rule, place, perYear: rule.perYear, days: rule.days };
    default:
      return undefined;
  }
}

export function createSpells(random: Random): Spells {
  const drawn = new Map<object, { readonly year: number; readonly spells: readonly Spell[] }>();
  const draw = (year: number, { place, perYear, days }: Rare): readonly Spell[] => {
    const stream = random.fork(`spells/${place}/${String(year)}`);
    const count = Math.floor(perYear + stream.next());
    return Array.from({ length: count }, () => {
      const from = plusDays(fromParts(year, 1, 1), stream.int(0, DAYS_A_YEAR - 1));
      return { from, to: plusDays(from, stream.int(days.from, days.to) - 1) };
    });
  };
  return {
    at(date, rare) {
      const year = Number(date.slice(0, 4));
      let known = drawn.get(rare.rule);
      if (known?.year !== year) {
        const years = Array.from({ length: YEARS_BACK + 1 }, (_, back) => year - back);
        const since = fromParts(year, 1, 1);
        known = { year, spells: years.flatMap((one) => draw(one, rare)).filter(({ to }) => to >= since) };
        drawn.set(rare.rule, known);
      }
      return known.spells.find(({ from, to }) => date >= from && date <= to);
    },
  };
}

/** The spell of a rule that is rare, if its day lies in one. */
export function spellOf(
  rule: Rule,
  { place, daytime, spells }: { readonly place: string; readonly daytime: LocalDate; readonly spells: Spells },
): Spell | undefined {
  const rare = rareOf(rule, place);
  return rare && spells.at(daytime, rare);
}

/** Months as days, near enough for what nobody plans. */
export function monthsAsDays({ from, to }: WholeRange): WholeRange {
  return { from: from * 30, to: to * 31 };
}

/** Does anything of this kind come to an end or begin on that day of a spell? */
export function isFirstDay(spell: Spell, date: LocalDate): boolean {
  return spell.from === date;
}

export function dayOfMonth(date: LocalDate): number {
  return parts(date)[2];
}
