import type { TestCustomer } from '../../bank/index.js';

/** The customers who share a story, with each of their accounts once. */
export interface Household {
  readonly story: string;
  readonly title: string;
  readonly people: readonly TestCustomer[];
  readonly accounts: readonly HouseholdAccount[];
}

export interface HouseholdAccount {
  readonly id: string;
  readonly identification: string;
  readonly product: string;
  /** Who can use it, where not everybody of the household can. */
  readonly only?: readonly string[];
}

/** By customer number, and a household where its first customer stands. */
export function householdsOf(customers: readonly TestCustomer[]): readonly Household[] {
  const sorted = [...customers].sort((a, b) => a.customerNumber.localeCompare(b.customerNumber));
  const groups = Map.groupBy(sorted, ({ persona, customerNumber }) => persona ?? customerNumber);
  return [...groups.values()].map((people) => ({
    story: people[0]?.story ?? '',
    title: titleOf(people.map(({ name }) => name)),
    people,
    accounts: accountsOf(people),
  }));
}

function titleOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function accountsOf(people: readonly TestCustomer[]): readonly HouseholdAccount[] {
  const byId = new Map(people.flatMap(({ accounts }) => accounts).map((account) => [account.id, account]));
  return [...byId.values()].map(({ id, identification, product }) => {
    const users = people.filter(({ accounts }) => accounts.some((account) => account.id === id));
    return {
      id,
      identification,
      product,
      ...(users.length < people.length && { only: users.map(({ name }) => name) }),
    };
  });
}
