import { drawAmount, fullName, inTheNight, NIGHT, type RuleContext } from './moment.js';
import type { JobRule } from './rare-rules.js';
import { monthsAsDays } from './spells.js';

/** Payday: wages, or what there is for somebody who lost the job. */
export function planJob(rule: JobRule, context: RuleContext): void {
  const { book, cast, date, persona, place, spells, wording } = context;
  const random = context.random();
  const days = monthsAsDays(rule.monthsWithout);
  const isWithout = spells.at(date, { rule, place, perYear: rule.lostPerYear, days }) !== undefined;
  const { from, amount, reference } = isWithout ? rule.support : rule;
  const code = isWithout ? 'benefit' : 'salary';
  const amountMinor = drawAmount(amount, random);
  const counterparty = cast.outsider(from, place);
  const detail = { code, text: wording.transfer(code, counterparty.name), reference, counterparty } as const;
  context.plan({
    at: inTheNight(date, NIGHT.credits, random),
    act: (at) =>
      book.post(at, [
        { account: fullName(persona, rule.into), amountMinor, detail },
        { internal: 'payroll-clearing', amountMinor: -amountMinor },
      ]),
  });
}
