import type { Account, AccountBalance, BankProfile, Capability } from '../../../bank/index.js';
import { CASH_ACCOUNT_TYPE } from '../codes.js';
import type { Links } from '../links.js';
import { maskPan } from './account-reference.js';
import { toAmount } from './amount.js';
import { toBalances, toCardBalances } from './balance.js';

export interface AccountContext {
  /** What may be read of this account. */
  readonly capabilities: readonly Capability[];
  readonly profile: BankProfile;
  /** Absent where nothing but the line in the list may be read: then the account has no address. */
  readonly address?: string;
  /** Where balances are asked for and may be read. */
  readonly balance?: AccountBalance;
}

const MAX_OWNER = 140;
const MAX_NAME = 70;
const MAX_PRODUCT = 35;

export function toAccount(account: Account, context: AccountContext): Readonly<Record<string, unknown>> {
  const { profile, balance } = context;
  const iban = account.identifiers.find(({ scheme }) => scheme === 'iban')?.identification;
  const bban = account.identifiers.find(({ scheme }) => scheme === 'bban')?.identification;
  return {
    ...(context.address !== undefined && { resourceId: account.id }),
    ...(iban !== undefined ? { iban } : bban !== undefined && { bban }),
    ...descriptionOf(account, context),
    cashAccountType: CASH_ACCOUNT_TYPE[account.product.type],
    bic: profile.bic,
    ...(balance && { balances: toBalances(balance) }),
    ...linksOf(context),
  };
}

export function toCardAccount(account: Account, context: AccountContext & { readonly limitMinor: bigint }): unknown {
  const pan = account.identifiers.find(({ scheme }) => scheme === 'pan')?.identification ?? account.id;
  const { balance, limitMinor } = context;
  return {
    ...(context.address !== undefined && { resourceId: account.id }),
    maskedPan: maskPan(pan),
    ...descriptionOf(account, context),
    // Debits are negative, and so is what is owed.
    debitAccounting: false,
    ...(limitMinor > 0n && { creditLimit: toAmount(limitMinor, account.currency) }),
    ...(balance && { balances: toCardBalances(balance) }),
    ...linksOf(context),
  };
}

function descriptionOf(account: Account, { capabilities }: AccountContext): Readonly<Record<string, unknown>> {
  const { product, nickname, currency, holderName } = account;
  return {
    currency,
    ...(capabilities.includes('party.account-holders') && { ownerName: holderName.slice(0, MAX_OWNER) }),
    name: product.name.slice(0, MAX_NAME),
    ...(nickname !== undefined && nickname !== '' && { displayName: nickname.slice(0, MAX_NAME) }),
    product: product.name.slice(0, MAX_PRODUCT),
    status: account.status === 'open' ? 'enabled' : 'deleted',
    usage: product.category === 'business' ? 'ORGA' : 'PRIV',
  };
}

function linksOf({ address, capabilities }: AccountContext): { readonly _links?: Links } {
  if (address === undefined) return {};
  const links: Links = {
    ...(capabilities.includes('balances') && { balances: { href: `${address}/balances` } }),
    ...(capabilities.includes('transactions.basic') && { transactions: { href: `${address}/transactions` } }),
  };
  return Object.keys(links).length > 0 ? { _links: links } : {};
}
