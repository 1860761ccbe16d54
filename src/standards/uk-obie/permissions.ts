import { SandbankError } from '../../kernel/index.js';
import { CAPABILITIES, type Capability } from '../../bank/index.js';

/** The 21 permission codes of the account and transaction API (4.0.1, account access consents). */
export const PERMISSIONS = [
  'ReadAccountsBasic',
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadBeneficiariesBasic',
  'ReadBeneficiariesDetail',
  'ReadDirectDebits',
  'ReadOffers',
  'ReadPAN',
  'ReadParty',
  'ReadPartyPSU',
  'ReadProducts',
  'ReadScheduledPaymentsBasic',
  'ReadScheduledPaymentsDetail',
  'ReadStandingOrdersBasic',
  'ReadStandingOrdersDetail',
  'ReadStatementsBasic',
  'ReadStatementsDetail',
  'ReadTransactionsBasic',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
  'ReadTransactionsDetail',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** Detail includes what Basic shows. */
export const CAPABILITIES_OF: Readonly<Record<Permission, readonly Capability[]>> = {
  ReadAccountsBasic: ['accounts.list'],
  ReadAccountsDetail: ['accounts.list', 'accounts.identifiers'],
  ReadBalances: ['balances'],
  ReadBeneficiariesBasic: ['beneficiaries.basic'],
  ReadBeneficiariesDetail: ['beneficiaries.basic', 'beneficiaries.detail'],
  ReadDirectDebits: ['direct-debits'],
  ReadOffers: ['offers'],
  ReadPAN: ['accounts.full-card-numbers'],
  ReadParty: ['party.account-holders'],
  ReadPartyPSU: ['party.customer'],
  ReadProducts: ['products'],
  ReadScheduledPaymentsBasic: ['scheduled-payments.basic'],
  ReadScheduledPaymentsDetail: ['scheduled-payments.basic', 'scheduled-payments.detail'],
  ReadStandingOrdersBasic: ['standing-orders.basic'],
  ReadStandingOrdersDetail: ['standing-orders.basic', 'standing-orders.detail'],
  ReadStatementsBasic: ['statements.basic'],
  ReadStatementsDetail: ['statements.basic', 'statements.detail'],
  ReadTransactionsBasic: ['transactions.basic'],
  ReadTransactionsCredits: ['transactions.credits'],
  ReadTransactionsDebits: ['transactions.debits'],
  ReadTransactionsDetail: ['transactions.basic', 'transactions.detail'],
};

/** The least that a third party asks for to get a capability: what an explanation names. */
export const PERMISSION_FOR: Readonly<Record<Capability, Permission>> = {
  'accounts.list': 'ReadAccountsBasic',
  'accounts.identifiers': 'ReadAccountsDetail',
  'accounts.full-card-numbers': 'ReadPAN',
  balances: 'ReadBalances',
  'transactions.credits': 'ReadTransactionsCredits',
  'transactions.debits': 'ReadTransactionsDebits',
  'transactions.basic': 'ReadTransactionsBasic',
  'transactions.detail': 'ReadTransactionsDetail',
  'beneficiaries.basic': 'ReadBeneficiariesBasic',
  'beneficiaries.detail': 'ReadBeneficiariesDetail',
  'standing-orders.basic': 'ReadStandingOrdersBasic',
  'standing-orders.detail': 'ReadStandingOrdersDetail',
  'direct-debits': 'ReadDirectDebits',
  'scheduled-payments.basic': 'ReadScheduledPaymentsBasic',
  'scheduled-payments.detail': 'ReadScheduledPaymentsDetail',
  'statements.basic': 'ReadStatementsBasic',
  'statements.detail': 'ReadStatementsDetail',
  products: 'ReadProducts',
  offers: 'ReadOffers',
  'party.account-holders': 'ReadParty',
  'party.customer': 'ReadPartyPSU',
};

/** In the order of the core's list, each once, whatever was repeated in the request. */
export function toCapabilities(permissions: readonly Permission[]): readonly Capability[] {
  const granted = new Set(permissions.flatMap((permission) => CAPABILITIES_OF[permission]));
  return CAPABILITIES.filter((capability) => granted.has(capability));
}

/**
 * Refuses sets that make no sense together (4.0.1, account access consents, permissions). Repeated codes are allowed.
 * Throws `consent.invalid-combination`, or `field.invalid` for a code that does not exist.
 */
export function requireValidPermissions(permissions: readonly string[]): asserts permissions is readonly Permission[] {
  const path = 'Data.Permissions';
  const unknown = permissions.findIndex((permission) => !(PERMISSIONS as readonly string[]).includes(permission));
  if (unknown >= 0) {
    throw new SandbankError('field.invalid', `${permissions[unknown] ?? ''} is not a permission of this API.`, {
      path: `${path}[${String(unknown)}]`,
      expected: PERMISSIONS.join(', '),
      actual: permissions[unknown] ?? '',
    });
  }
  const has = (...codes: readonly Permission[]): boolean => codes.some((code) => permissions.includes(code));
  const refuse = (message: string, expected: string): never => {
    throw new SandbankError('consent.invalid-combination', message, {
      path,
      expected,
      actual: permissions.join(', ') || 'none',
    });
  };
  if (permissions.length === 0) refuse('At least one permission is needed.', 'one or more permissions');
  if (!has('ReadAccountsBasic', 'ReadAccountsDetail')) {
    refuse('A consent always includes the list of accounts.', 'ReadAccountsBasic or ReadAccountsDetail');
  }
  const kinds = has('ReadTransactionsBasic', 'ReadTransactionsDetail');
  const directions = has('ReadTransactionsCredits', 'ReadTransactionsDebits');
  if (kinds && !directions) {
    refuse('Transactions need a direction.', 'ReadTransactionsCredits, ReadTransactionsDebits or both');
  }
  if (directions && !kinds) {
    refuse('Credits and debits need a level of detail.', 'ReadTransactionsBasic or ReadTransactionsDetail');
  }
}
