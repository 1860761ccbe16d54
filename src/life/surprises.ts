import { plusDays, type Random } from '../kernel/index.js';
import type { AmountRange } from './rule-fields.js';
import { drawAmount, fullName, inTheDay, inTheNight, NIGHT, type RuleContext } from './moment.js';
import type { ArrivalRule, SurpriseRule } from './rare-rules.js';
import { dayOfMonth, isFirstDay, spellOf } from './spells.js';

/** The day of the month on which support for a child comes. */
const SUPPORT_DAY = 20;

interface Shopping {
  readonly account: string;
  readonly town: string;
  readonly category: string;
  readonly amount: AmountRange;
  readonly floorMinor?: bigint;
}

/** Paid by card, however little is left, as far as the account's limit goes. */
export function planSurprise(rule: SurpriseRule, context: RuleContext): void {
  if (spellOf(rule, context)) buy(rule, context, context.random());
}

export function planArrival(rule: ArrivalRule, context: RuleContext): void {
  const { daytime } = context;
  const spell = spellOf(rule, context);
  if (!spell) return;
  const random = context.random();
  const { price } = context.favourites.category(rule.category);
  if (isFirstDay(spell, daytime)) buy({ ...rule, amount: rule.first }, context, random);
  else if (random.chance(rule.perWeek / 7)) buy({ ...rule, amount: price }, context, random);
  if (dayOfMonth(context.date) === SUPPORT_DAY) planSupport(rule, context, random);
}

function planSupport({ account, support }: ArrivalRule, context: RuleContext, random: Random): void {
  const { book, cast, date, persona, place, wording } = context;
  const counterparty = cast.outsider(support.from, place);
  const amountMinor = drawAmount(support.amount, random);
  const text = wording.transfer('benefit', counterparty.name);
  const detail = { code: 'benefit', text, reference: support.reference, counterparty } as const;
  context.plan({
    at: inTheNight(date, NIGHT.credits, random),
    act: (at) =>
      book.post(at, [
        { account: fullName(persona, account), amountMinor, detail },
        { internal: 'payroll-clearing', amountMinor: -amountMinor },
      ]),
  });
}

function buy(shopping: Shopping, context: RuleContext, random: Random): void {
  const { book, daytime, favourites, memory, persona } = context;
  const { hours, refundsPerThousand } = favourites.category(shopping.category);
  const account = fullName(persona, shopping.account);
  const shop = favourites.choose(persona.id, shopping, random);
  const { merchant, text } = shop.purchase;
  const amountMinor = drawAmount(shopping.amount, random);
  const comesBack = random.int(0, 999) < refundsPerThousand;
  context.plan({
    at: inTheDay(context.dawn, hours, random),
    act(at) {
      if (!book.canPay(account, amountMinor, shopping.floorMinor)) return;
      book.post(at, [
        { account, amountMinor: -amountMinor, detail: shop.purchase },
        { internal: 'card-clearing', amountMinor },
      ]);
      if (comesBack)
        memory.refunds = [...memory.refunds, { account, merchant, text, amountMinor, on: plusDays(daytime, 9) }];
    },
  });
}
