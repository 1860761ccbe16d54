import type { Account, AccountHolder, Party, PostalAddress } from '../../../bank/index.js';

export interface WireParty {
  readonly PartyId: string;
  readonly PartyType: 'Sole' | 'Joint' | 'Delegate';
  readonly Name: string;
  readonly FullLegalName: string;
  readonly LegalStructure: string;
  readonly BeneficialOwnership: boolean;
  readonly AccountRole: string;
  readonly EmailAddress?: string;
  readonly Mobile?: string;
  readonly Relationships?: { readonly Account: { readonly Related: string; readonly Id: string } };
  readonly Address?: readonly Readonly<Record<string, string>>[];
}

const PARTY_TYPES: Readonly<Record<AccountHolder['role'], WireParty['PartyType']>> = {
  sole: 'Sole',
  joint: 'Joint',
  owner: 'Sole',
  signatory: 'Delegate',
};

/** A signatory acts for a business and does not own its money. */
const ACCOUNT_ROLES: Readonly<Record<AccountHolder['role'], string>> = {
  sole: 'UK.OBIE.Principal',
  joint: 'UK.OBIE.Principal',
  owner: 'UK.OBIE.Principal',
  signatory: 'UK.OBIE.Administrator',
};

const LEGAL_STRUCTURES: Readonly<Record<Party['kind'], string>> = {
  person: 'UK.OBIE.Individual',
  business: 'UK.OBIE.PrivateLimitedCompany',
};

/** A party in its role. With an account, the answer leads to it (`accountUrl` is absolute). */
export function toParty(
  party: Party,
  context: {
    readonly role: AccountHolder['role'];
    readonly account?: { readonly id: Account['id']; readonly url: string };
  },
): WireParty {
  const { role, account } = context;
  const mobile = toPhoneNumber(party.mobile);
  const address = toAddress(party.address, party.kind);
  return {
    PartyId: party.id,
    PartyType: PARTY_TYPES[role],
    Name: party.name,
    FullLegalName: party.fullLegalName,
    LegalStructure: LEGAL_STRUCTURES[party.kind],
    BeneficialOwnership: role !== 'signatory',
    AccountRole: ACCOUNT_ROLES[role],
    ...(party.email !== '' && { EmailAddress: party.email }),
    ...(mobile !== undefined && { Mobile: mobile }),
    ...(account && { Relationships: { Account: { Related: account.url, Id: account.id } } }),
    ...(Object.keys(address).length > 1 && { Address: [address] }),
  };
}

/** Country calling codes of the countries the sandbox has banks in; what is left is cut after two digits. */
const CALLING_CODES = ['1', '44', '49', '33', '31', '34', '39', '32', '353', '61', '64', '55', '971', '966', '973'];

/** `+447700900123` is `+44-7700900123` here; undefined for what is no international number. */
export function toPhoneNumber(number: string): string | undefined {
  const digits = /^\+(\d{6,15})$/.exec(number.replace(/[\s()-]/g, ''))?.[1];
  if (digits === undefined) return undefined;
  const code = CALLING_CODES.find((candidate) => digits.startsWith(candidate)) ?? digits.slice(0, 2);
  return `+${code}-${digits.slice(code.length)}`;
}

function toAddress(address: PostalAddress, kind: Party['kind']): Readonly<Record<string, string>> {
  const fields = {
    AddressType: kind === 'person' ? 'HOME' : 'BIZZ',
    StreetName: address.streetName,
    BuildingNumber: address.buildingNumber,
    PostCode: address.postCode,
    TownName: address.townName,
    CountrySubDivision: address.countrySubDivision ?? '',
    Country: address.country,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}
