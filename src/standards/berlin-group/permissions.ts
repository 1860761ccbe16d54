import type { AccountType, Capability, ConsentSubject, NamedAccount } from '../../bank/index.js';
import { SandbankError } from '../../kernel/index.js';
import { CASH_ACCOUNT_TYPE } from './codes.js';
import { fromReference, type AccountReference } from './mapping/account-reference.js';
import { notConsistent, notSupported } from './refusals.js';

/** The member `access` of a consent. */
export interface AccountAccess {
  readonly accounts?: readonly AccountReference[];
  readonly balances?: readonly AccountReference[];
  readonly transactions?: readonly AccountReference[];
  readonly additionalInformation?: {
    readonly ownerName?: readonly AccountReference[];
    readonly trustedBeneficiaries?: readonly AccountReference[];
  };
  readonly availableAccounts?: AllAccounts;
  readonly availableAccountsWithBalance?: AllAccounts;
  readonly allPsd2?: AllAccounts;
  readonly restrictedTo?: readonly string[];
}
export type AllAccounts = 'allAccounts' | 'allAccountsWithOwnerName';

/** How a consent says what it is about (1.3.12, 6.3.1): it is told by its members, not by a name. */
export type AccessKind =
  'detailed' | 'bank-offered' | 'global' | 'available-accounts' | 'available-accounts-with-balance';

export const LIST_CAPABILITIES: readonly Capability[] = ['accounts.list', 'accounts.identifiers'];
export const TRANSACTION_CAPABILITIES: readonly Capability[] = [
  'transactions.credits',
  'transactions.debits',
  'transactions.basic',
  'transactions.detail',
];
const OWNER_CAPABILITIES: readonly Capability[] = ['party.account-holders'];
const STANDING_ORDER_CAPABILITIES: readonly Capability[] = ['standing-orders.basic', 'standing-orders.detail'];

/** What each list gives of an account. The line in the list of accounts comes with all of them. */
const OF_LIST = {
  accounts: LIST_CAPABILITIES,
  balances: [...LIST_CAPABILITIES, 'balances'],
  transactions: [...LIST_CAPABILITIES, ...TRANSACTION_CAPABILITIES, ...STANDING_ORDER_CAPABILITIES],
  ownerName: [...LIST_CAPABILITIES, ...OWNER_CAPABILITIES],
} as const satisfies Record<string, readonly Capability[]>;
type ListName = keyof typeof OF_LIST;
const LISTS = Object.keys(OF_LIST) as readonly ListName[];

const WORDS = {
  availableAccounts: { kind: 'available-accounts', capabilities: LIST_CAPABILITIES },
  availableAccountsWithBalance: {
    kind: 'available-accounts-with-balance',
    capabilities: [...LIST_CAPABILITIES, 'balances'],
  },
  allPsd2: {
    kind: 'global',
    capabilities: [...OF_LIST.balances, ...TRANSACTION_CAPABILITIES, ...STANDING_ORDER_CAPABILITIES],
  },
} as const satisfies Record<string, { readonly kind: AccessKind; readonly capabilities: readonly Capability[] }>;
type Word = keyof typeof WORDS;

export interface ReadAccess {
  readonly kind: AccessKind;
  readonly subject: Pick<
    Extract<ConsentSubject, { kind: 'account-access' }>,
    'capabilities' | 'choice' | 'named' | 'accountTypes'
  >;
}

/**
 * Tells the five kinds apart. Throws `field.missing` for an access to nothing, PARAMETER_NOT_CONSISTENT for a mixture of
 * kinds, and PARAMETER_NOT_SUPPORTED for what this bank does not have.
 */
export function readAccess(access: AccountAccess): ReadAccess {
  const { kind, subject } = readUnrestricted(access);
  const { restrictedTo } = access;
  if (restrictedTo === undefined) return { kind, subject };
  if (kind === 'detailed') {
    throw notConsistent('access.restrictedTo', 'Accounts that are named are not restricted to types as well.');
  }
  const types = Object.keys(CASH_ACCOUNT_TYPE) as readonly AccountType[];
  const accountTypes = types.filter((type) => restrictedTo.includes(CASH_ACCOUNT_TYPE[type]));
  if (accountTypes.length === 0) {
    throw notSupported('access.restrictedTo', 'This bank keeps no accounts of these types.');
  }
  return { kind, subject: { ...subject, accountTypes } };
}

function readUnrestricted(access: AccountAccess): ReadAccess {
  if (access.additionalInformation?.trustedBeneficiaries !== undefined) {
    throw notSupported(
      'access.additionalInformation.trustedBeneficiaries',
      'This bank keeps no lists of trusted payees.',
    );
  }
  const lists = LISTS.map((name) => ({ name, references: listOf(access, name) })).filter(
    (one): one is { name: ListName; references: readonly AccountReference[] } => one.references !== undefined,
  );
  const words = (Object.keys(WORDS) as readonly Word[]).filter((word) => access[word] !== undefined);
  if (words.length + Math.min(lists.length, 1) > 1) {
    throw notConsistent('access', 'A consent is for named accounts, or for one of the words for all of them.');
  }
  const [word] = words;
  if (word) return accessByWord(word, access[word]);
  if (lists.length === 0) {
    throw new SandbankError('field.missing', 'access says nothing of what is to be read.', { path: 'access' });
  }
  const empty = lists.filter(({ references }) => references.length === 0).length;
  if (empty === lists.length) {
    const capabilities = unique(lists.flatMap(({ name }) => OF_LIST[name]));
    return { kind: 'bank-offered', subject: { capabilities, choice: 'by-customer' } };
  }
  if (empty > 0) throw notConsistent('access', 'Either all lists name accounts, or all are empty.');
  return detailed(lists);
}

function accessByWord(word: Word, value: AllAccounts | undefined): ReadAccess {
  const { kind } = WORDS[word];
  const withOwner = value === 'allAccountsWithOwnerName';
  const capabilities: readonly Capability[] = [...WORDS[word].capabilities, ...(withOwner ? OWNER_CAPABILITIES : [])];
  return { kind, subject: { capabilities, choice: word === 'allPsd2' ? 'all' : 'list-only' } };
}

function detailed(lists: readonly { name: ListName; references: readonly AccountReference[] }[]): ReadAccess {
  const named: readonly NamedAccount[] = lists.flatMap(({ name, references }) =>
    references.map((reference, index) => ({
      account: fromReference(reference, `${pathOf(name)}[${index}]`),
      capabilities: OF_LIST[name],
    })),
  );
  const capabilities = unique(named.flatMap((one) => one.capabilities));
  return { kind: 'detailed', subject: { capabilities, choice: 'named', named } };
}

function listOf(access: AccountAccess, name: ListName): readonly AccountReference[] | undefined {
  return name === 'ownerName' ? access.additionalInformation?.ownerName : access[name];
}

function pathOf(name: ListName): string {
  return name === 'ownerName' ? 'access.additionalInformation.ownerName' : `access.${name}`;
}

function unique(capabilities: readonly Capability[]): readonly Capability[] {
  return [...new Set(capabilities)];
}
