import { plusDays, type Random } from '../kernel/index.js';
import type { PriceRange } from './merchants.js';
import { fullName, inTheDay, type RuleContext } from './moment.js';
import type { CashRule, SpendingRule } from './rules.js';
import type { HabitOfShopping } from './shops.js';

/** Mood: how freely money is spent, from what is there compared with what is comfortable. */
const LEAST_MOOD = 0.1;
const BEST_MOOD = 1.2;

/** From the dispute to the money, in the usual case that the merchant does not answer. */
const DISPUTE_DAYS = 24;

const CASH_HOURS = { from: 9, to: 21 } as const;

/** Card payments of the day before. */
export function planSpending(rule: SpendingRule, context: RuleContext): void {
  const { book, favourites, month, persona, weekday } = context;
  const random = context.random();
  const account = fullName(persona, rule.account);
  const above = Number(book.balance(account) - rule.floorMinor);
  const mood = Math.min(BEST_MOOD, Math.max(LEAST_MOOD, above / Number(rule.comfortMinor)));
  for (const habit of favourites.habits(persona.id, rule)) {
    const { rhythm } = habit.category;
    const frequency = weekday === 0 ? rhythm.sunday : weekday === 6 ? rhythm.saturday : rhythm.weekday;
    const season = habit.season?.[month - 1] ?? 1;
    const visits = Math.floor(habit.perDay * frequency * season * mood + random.next());
    for (let visit = 0; visit < visits; visit += 1) planPurchase({ rule, account, habit }, context, random);
  }
}

function planPurchase(
  purchase: { readonly rule: SpendingRule; readonly account: string; readonly habit: HabitOfShopping },
  context: RuleContext,
  random: Random,
): void {
  const { book, memory, daytime } = context;
  const { rule, account, habit } = purchase;
  const { category } = habit;
  const shop = habit.choose(random);
  const amountMinor = scaled(drawPrice(category.price, random), rule.dearness);
  const comesBack = random.int(0, 999) < category.refundsPerThousand;
  const daysToRefund = random.int(3, 12);
  const disputed = rule.disputesPerMillion !== undefined && random.int(1, 1_000_000) <= rule.disputesPerMillion;
  const { merchant, text } = shop.purchase;
  context.plan({
    at: inTheDay(context.dawn, category.hours, random),
    act(at) {
      if (!book.canPay(account, amountMinor, rule.floorMinor)) return;
      book.post(at, [
        { account, amountMinor: -amountMinor, detail: shop.purchase },
        { internal: 'card-clearing', amountMinor },
      ]);
      if (!comesBack && !disputed) return;
      // Goods go back to the shop; what the customer disputes her bank fetches back by the scheme, which takes weeks.
      const on = plusDays(daytime, comesBack ? daysToRefund : DISPUTE_DAYS);
      const back = { account, merchant, text, amountMinor, on, ...(!comesBack && { isChargeback: true as const }) };
      memory.refunds = [...memory.refunds, back];
    },
  });
}

/** Some people buy what costs more. */
function scaled(amountMinor: bigint, dearness: number | undefined): bigint {
  return dearness === undefined ? amountMinor : BigInt(Math.max(1, Math.round(Number(amountMinor) * dearness)));
}

function drawPrice({ fromMinor, toMinor }: PriceRange, random: Random): bigint {
  return fromMinor + BigInt(Math.floor(Number(toMinor - fromMinor) * random.next() * random.next()));
}

/** A visit to a cash machine. */
export function planCash(rule: CashRule, context: RuleContext): void {
  const random = context.random();
  if (!random.chance(rule.perWeek / 7)) return;
  const { book, wording } = context;
  const account = fullName(context.persona, rule.account);
  const amountMinor = random.pick(rule.notesMinor);
  const detail = context.said(rule, () => ({ code: 'cash-withdrawal', text: wording.cash(rule.town) }));
  context.plan({
    at: inTheDay(context.dawn, CASH_HOURS, random),
    act(at) {
      if (!book.canPay(account, amountMinor, rule.floorMinor)) return;
      book.post(at, [
        { account, amountMinor: -amountMinor, detail },
        { internal: 'cash-clearing', amountMinor },
      ]);
    },
  });
}
