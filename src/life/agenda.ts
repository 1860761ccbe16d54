import type { LocalDate } from '../kernel/index.js';
import type { Schedule, WorkingDays } from './calendar.js';
import type { Persona } from './persona.js';
import type { Rule } from './rules.js';
import { rareOf, type Rare, type Spells } from './spells.js';

/** A rule of a persona with what stands by it for ever. */
export interface PlannedRule {
  readonly persona: Persona;
  readonly rule: Rule;
  /** Its number in the persona's file, as a name of streams. */
  readonly name: string;
  /** `persona/name` */
  readonly place: string;
}

/** What is due on a day, in the order of the files. */
export interface Agenda {
  due(date: LocalDate, daytime: LocalDate): Generator<PlannedRule>;
}

interface Item extends PlannedRule {
  /** Place of its schedule; undefined: every day. */
  readonly schedule: number | undefined;
  /** Nothing comes of it outside of its spells. */
  readonly rare: Rare | undefined;
}

/** Thousands of rules share few schedules: each of those is asked once a day. */
export function createAgenda(
  personas: readonly Persona[],
  { workingDays, spells }: { readonly workingDays: WorkingDays; readonly spells: Spells },
): Agenda {
  const schedules: Schedule[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (rule: Rule): number | undefined => {
    if (!('when' in rule)) return undefined;
    const key = JSON.stringify(rule.when);
    let number = numbers.get(key);
    if (number === undefined) {
      number = schedules.push(rule.when) - 1;
      numbers.set(key, number);
    }
    return number;
  };
  const items = personas.flatMap((persona) =>
    persona.rules.map((rule, index): Item => {
      const place = `${persona.id}/${String(index)}`;
      const rare = rareOf(rule, place);
      return { persona, rule, name: String(index), place, schedule: numberOf(rule), rare };
    }),
  );
  return {
    *due(date, daytime) {
      const isDue = schedules.map((schedule) => workingDays.isDue(schedule, date));
      for (const item of items) {
        if (item.schedule !== undefined && isDue[item.schedule] !== true) continue;
        if (item.rare !== undefined && spells.at(daytime, item.rare) === undefined) continue;
        yield item;
      }
    },
  };
}
