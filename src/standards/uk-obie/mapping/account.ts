import { formatInstant } from '../../../kernel/index.js';
import type { Account, BankProfile, Capability } from '../../../bank/index.js';
import { ACCOUNT_CATEGORIES, ACCOUNT_TYPE_CODES } from '../codes.js';
import { toIdentifier, type WireIdentifier } from './identifier.js';

export interface WireAccount {
  readonly AccountId: string;
  readonly Status: string;
  readonly StatusUpdateDateTime: string;
  readonly Currency: string;
  readonly AccountCategory: string;
  readonly AccountTypeCode: string;
  readonly Description: string;
  readonly Nickname?: string;
  readonly OpeningDate: string;
  readonly SwitchStatus?: string;
  /** Detail only, as is the servicer. */
  readonly Account?: readonly WireIdentifier[];
  readonly Servicer?: { readonly SchemeName: string; readonly Identification: string; readonly Name: string };
}

const MAX_DESCRIPTION = 35;
const MAX_NICKNAME = 70;
const MAX_SERVICER_NAME = 140;

/** What the consent's permissions show of an account. */
export function toAccount(
  account: Account,
  context: { readonly capabilities: readonly Capability[]; readonly profile: BankProfile },
): WireAccount {
  const { capabilities, profile } = context;
  const { product, nickname } = account;
  return {
    AccountId: account.id,
    Status: account.status === 'open' ? 'Enabled' : 'Deleted',
    StatusUpdateDateTime: formatInstant(account.closedAt ?? account.openedAt),
    Currency: account.currency,
    AccountCategory: ACCOUNT_CATEGORIES[product.category],
    AccountTypeCode: ACCOUNT_TYPE_CODES[product.type],
    Description: product.name.slice(0, MAX_DESCRIPTION),
    ...(nickname !== undefined && nickname !== '' && { Nickname: nickname.slice(0, MAX_NICKNAME) }),
    OpeningDate: formatInstant(account.openedAt),
    // Only current accounts take part in the Current Account Switch Service.
    ...(product.type === 'current' && { SwitchStatus: 'UK.CASS.NotSwitched' }),
    ...(capabilities.includes('accounts.identifiers') && detailOf(account, capabilities, profile)),
  };
}

function detailOf(
  account: Account,
  capabilities: readonly Capability[],
  profile: BankProfile,
): Pick<WireAccount, 'Account' | 'Servicer'> {
  const fullCardNumbers = capabilities.includes('accounts.full-card-numbers');
  const identifiers = account.identifiers.map((identifier) =>
    toIdentifier(identifier, { fullCardNumbers, name: account.holderName }),
  );
  return {
    ...(identifiers.length > 0 && { Account: identifiers }),
    Servicer: {
      SchemeName: 'UK.OBIE.BICFI',
      Identification: profile.bic,
      Name: profile.name.slice(0, MAX_SERVICER_NAME),
    },
  };
}
