import type { Random } from '../kernel/index.js';
import { assert } from '../kernel/index.js';
import type { FixtureMerchant, MerchantCategory } from './merchants.js';

/** Where a persona goes: a few places often, others now and then. */
export interface Favourites {
  category(name: string): MerchantCategory;
  choose(persona: string, where: { readonly category: string; readonly town: string }, random: Random): FixtureMerchant;
}

export function createFavourites(merchants: ReadonlyMap<string, MerchantCategory>, random: Random): Favourites {
  const orders = new Map<string, readonly FixtureMerchant[]>();
  const category = (name: string): MerchantCategory => {
    const found = merchants.get(name);
    assert(found, `a category of merchants ${name}`);
    return found;
  };
  return {
    category,
    choose(persona, where, stream) {
      const key = `${persona}/${where.category}/${where.town}`;
      let order = orders.get(key);
      if (!order) {
        const all = category(where.category).merchants;
        const near = all.filter(({ towns }) => towns.length === 0 || towns.includes(where.town));
        order = shuffled(near.length > 0 ? near : all, random.fork(`favourites/${key}`));
        orders.set(key, order);
      }
      // The product of two even draws favours the front of the list.
      const index = Math.floor(order.length * stream.next() * stream.next());
      const merchant = order[index];
      assert(merchant, 'a merchant to choose');
      return merchant;
    },
  };
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
export function townOf({ towns }: FixtureMerchant, town: string): string | undefined {
  return towns.includes(town) ? town : towns[0];
}
