import { dayOfWeek, plusDays, type Random } from '../kernel/index.js';
import type { PriceRange } from './merchants.js';
import { fullName, inTheDay, type RuleContext } from './moment.js';
import type { CashRule, SpendingRule } from './rules.js';
import { townOf } from './shops.js';

/** Mood: how freely money is spent, from what is there compared with what is comfortable. */
const LEAST_MOOD = 0.1;
const BEST_MOOD = 1.2;

const CASH_HOURS = { from: 9, to: 21 } as const;

/** Card payments of the day before. */
export function planSpending(rule: SpendingRule, context: RuleContext): void {
  const { book, daytime, favourites, persona } = context;
  const random = context.random();
  const account = fullName(persona, rule.account);
  const above = Number(book.balance(account) - rule.floorMinor);
  const mood = Math.min(BEST_MOOD, Math.max(LEAST_MOOD, above / Number(rule.comfortMinor)));
  const weekday = dayOfWeek(daytime);
  for (const [name, perWeek] of Object.entries(rule.habits)) {
    const category = favourites.category(name);
    const { rhythm } = category;
    const frequency = weekday === 0 ? rhythm.sunday : weekday === 6 ? rhythm.saturday : rhythm.weekday;
    const visits = Math.floor((perWeek / 7) * frequency * mood + random.next());
    for (let visit = 0; visit < visits; visit += 1) {
      planPurchase({ rule, account, category: name }, context, random);
    }
  }
}

function planPurchase(
  purchase: { readonly rule: SpendingRule; readonly account: string; readonly category: string },
  context: RuleContext,
  random: Random,
): void {
  const { book, favourites, memory, daytime, persona, wording } = context;
  const { rule, account } = purchase;
  const category = favourites.category(purchase.category);
  const shop = favourites.choose(persona.id, { category: purchase.category, town: rule.town }, random);
  const amountMinor = drawPrice(category.price, random);
  const comesBack = random.int(0, 999) < category.refundsPerThousand;
  const refundOn = plusDays(daytime, random.int(3, 12));
  const merchant = { name: shop.name, categoryCode: shop.categoryCode };
  const text = wording.card({ merchant: shop.name, town: townOf(shop, rule.town) });
  context.plan({
    at: inTheDay(daytime, category.hours, random),
    act(at) {
      if (!book.canPay(account, amountMinor, rule.floorMinor)) return;
      book.post(at, [
        { account, amountMinor: -amountMinor, detail: { code: 'card-payment', text, merchant } },
        { internal: 'card-clearing', amountMinor },
      ]);
      if (comesBack) memory.refunds = [...memory.refunds, { account, merchant, text, amountMinor, on: refundOn }];
    },
  });
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
  context.plan({
    at: inTheDay(context.daytime, CASH_HOURS, random),
    act(at) {
      if (!book.canPay(account, amountMinor, rule.floorMinor)) return;
      book.post(at, [
        { account, amountMinor: -amountMinor, detail: { code: 'cash-withdrawal', text: wording.cash(rule.town) } },
        { internal: 'cash-clearing', amountMinor },
      ]);
    },
  });
}
