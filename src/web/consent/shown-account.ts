import type { ShownAccount } from '../../auth/journey/index.js';
import { money, type Money } from '../../kernel/index.js';
import { displayIdentification, displayName } from '../kit/index.js';

/** How the customer calls the account: its nickname, else the product. */
export function accountName({ account }: ShownAccount): string {
  return displayName(account.nickname ?? account.product.name);
}

/** `04-05-06 12345678`; the identifier of the country where there is one. */
export function accountNumber({ account }: ShownAccount): string | undefined {
  const { identifiers } = account;
  const shown = identifiers.find(({ scheme }) => scheme === 'sort-code-account-number') ?? identifiers[0];
  return shown === undefined ? undefined : displayIdentification(shown.identification);
}

/** The product, where the name does not say it already. */
export function accountProduct({ account }: ShownAccount): string | undefined {
  return account.nickname === undefined ? undefined : account.product.name;
}

export function availableMoney({ account, balanceMinor }: ShownAccount): Money {
  return money(balanceMinor, account.currency);
}
