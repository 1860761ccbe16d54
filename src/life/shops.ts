import { assert, type Random } from '../kernel/index.js';
import type { PostingDetail } from '../bank/index.js';
import type { FixtureMerchant, MerchantCategory } from './merchants.js';
import type { SpendingRule } from './rules.js';
import type { Season } from './seasons.js';
import type { Wording } from './wording.js';

/** Where a persona goes: a few places often, others now and then. */
export interface Favourites {
  category(name: string): MerchantCategory;
  /** The habits of a rule with what belongs to them, put together once. */
  habits(persona: string, rule: SpendingRule): readonly HabitOfShopping[];
  choose(persona: string, where: { readonly category: string; readonly town: string }, random: Random): Shop;
}

export interface HabitOfShopping {
  readonly category: MerchantCategory;
  readonly perDay: number;
  readonly season: Season | undefined;
  choose(random: Random): Shop;
}

/** A merchant's branch where somebody lives. One object for all who go there. */
export interface Shop {
  /** What the statement says of a card payment here. */
  readonly purchase: PostingDetail & Required<Pick<PostingDetail, 'merchant'>>;
}

export function createFavourites(
  merchants: ReadonlyMap<string, MerchantCategory>,
  random: Random,
  wording: Wording,
): Favourites {
  const orders = new Map<string, readonly Shop[]>();
  const shops = new Map<string, Shop>();
  const shopOf = (merchant: FixtureMerchant, town: string): Shop => {
    const { name, categoryCode } = merchant;
    const place = townOf(merchant, town);
    const key = `${name}/${categoryCode}/${place ?? ''}`;
    let shop = shops.get(key);
    if (!shop) {
      const text = wording.card({ merchant: name, town: place });
      shop = { purchase: { code: 'card-payment', text, merchant: { name, categoryCode } } };
      shops.set(key, shop);
    }
    return shop;
  };
  const category = (name: string): MerchantCategory => {
    const found = merchants.get(name);
    assert(found, `a category of merchants ${name}`);
    return found;
  };
  const habits = new WeakMap<SpendingRule, readonly HabitOfShopping[]>();
  const orderOf = (persona: string, where: { readonly category: string; readonly town: string }): readonly Shop[] => {
    const key = `${persona}/${where.category}/${where.town}`;
    let order = orders.get(key);
    if (!order) {
      const all = category(where.category).merchants;
      const near = all.filter(({ towns }) => towns.length === 0 || towns.includes(where.town));
      const shuffledOnes = shuffled(near.length > 0 ? near : all, random.fork(`favourites/${key}`));
      order = shuffledOnes.map((merchant) => shopOf(merchant, where.town));
      orders.set(key, order);
    }
    return order;
  };
  return {
    category,
    habits(persona, rule) {
      let known = habits.get(rule);
      if (!known) {
        known = Object.entries(rule.habits).map(([name, perWeek]) => {
          let order: readonly Shop[] | undefined;
          return {
            category: category(name),
            perDay: perWeek / 7,
            season: rule.seasons?.[name],
            choose: (stream) => pickFrom((order ??= orderOf(persona, { category: name, town: rule.town })), stream),
          };
        });
        habits.set(rule, known);
      }
      return known;
    },
    choose: (persona, where, stream) => pickFrom(orderOf(persona, where), stream),
  };
}

/** The product of two even draws favours the front of the list. */
function pickFrom(order: readonly Shop[], random: Random): Shop {
  const shop = order[Math.floor(order.length * random.next() * random.next())];
  assert(shop, 'a shop to choose');
  return shop;
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.int(0, last);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

/** Where a purchase is made: in this town if there is a branch. Undefined on the web. */
function townOf({ towns }: FixtureMerchant, town: string): string | undefined {
  return towns.includes(town) ? town : towns[0];
}
