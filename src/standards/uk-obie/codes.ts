import type {
  AccountType,
  ConsentStatus,
  ConsentStatusReason,
  IdentifierScheme,
  PaymentInstruction,
  PaymentRejection,
  PaymentStatus,
  Product,
  Rail,
  TransactionCode,
} from '../../bank/index.js';

// ---- Accounts ----

export const ACCOUNT_TYPE_CODES: Readonly<Record<AccountType, string>> = {
  current: 'CACC',
  savings: 'SVGS',
  'credit-card': 'CARD',
  loan: 'LOAN',
  mortgage: 'MORT',
};

export const ACCOUNT_CATEGORIES: Readonly<Record<Product['category'], string>> = {
  personal: 'Personal',
  business: 'Business',
};

export const SCHEME_NAMES: Readonly<Record<IdentifierScheme, string>> = {
  'sort-code-account-number': 'UK.OBIE.SortCodeAccountNumber',
  iban: 'UK.OBIE.IBAN',
  bban: 'UK.OBIE.BBAN',
  pan: 'UK.OBIE.PAN',
  proxy: 'UK.OBIE.Paym',
};

export function isIdentifierScheme(text: string): text is IdentifierScheme {
  return Object.hasOwn(SCHEME_NAMES, text);
}

/** Where `Reason.path` is set it names the field of the request that the reason is about. */
export interface Reason {
  readonly code: string;
  readonly description: string;
  readonly path?: string;
}

// ---- Consents ----

/** Account access knows no used-up or half-authorised consent; those states cannot arise there. */
export const ACCESS_CONSENT_STATUSES: Readonly<Record<ConsentStatus, string>> = {
  'awaiting-upload': 'AWAU',
  requested: 'AWAU',
  'partially-authorised': 'AWAU',
  authorised: 'AUTH',
  consumed: 'EXPD',
  suspended: 'CANC',
  rejected: 'RJCT',
  revoked: 'CANC',
  expired: 'EXPD',
};

/** A payment consent can be neither revoked nor expire by the standard; where the bank ends one it is rejected. */
export const PAYMENT_CONSENT_STATUSES: Readonly<Record<ConsentStatus, string>> = {
  'awaiting-upload': 'AWAU',
  requested: 'AWAU',
  'partially-authorised': 'AWAU',
  authorised: 'AUTH',
  consumed: 'COND',
  suspended: 'RJCT',
  rejected: 'RJCT',
  revoked: 'RJCT',
  expired: 'RJCT',
};

/** None where the status says it all. Codes of OBExternalStatusReason1Code. */
export const CONSENT_REASONS: Readonly<Record<ConsentStatusReason['code'], Reason | undefined>> = {
  created: { code: 'U036', description: 'The customer has not completed the authorisation yet.' },
  authorised: undefined,
  'partially-authorised': { code: 'U040', description: 'Further authorisers have to agree.' },
  'refused-by-psu': { code: 'U037', description: 'The customer refused.' },
  'authentication-failed': { code: 'U033', description: 'The customer could not be authenticated.' },
  'no-eligible-account': { code: 'U033', description: 'The customer has no account that could be used.' },
  'debtor-not-of-psu': {
    code: 'U033',
    description: 'The account to pay from is not one of the customer.',
    path: 'Data.Initiation.DebtorAccount',
  },
  'revoked-by-psu': { code: 'TKSP', description: 'The customer ended the access at the bank.' },
  'revoked-by-client': { code: 'TKSP', description: 'The third party ended the access.' },
  'revoked-by-bank': { code: 'TKSP', description: 'The bank ended the access.' },
  expired: { code: 'TKXP', description: 'The end that was agreed has passed.', path: 'Data.ExpirationDateTime' },
  consumed: { code: 'U038', description: 'The consent has been used for its payment.' },
  replaced: { code: 'TKSP', description: 'A newer access of the same third party has taken its place.' },
  cancelled: { code: 'TKSP', description: 'The payment was called back.' },
};

// ---- Payments ----

/** Domestic payments are carried out at once and cannot be called back, so that they are neither scheduled nor cancelled. */
export const PAYMENT_STATUS_CODES: Readonly<Record<PaymentStatus, string>> = {
  received: 'RCVD',
  scheduled: 'PDNG',
  accepted: 'ACCP',
  settling: 'ACSP',
  debited: 'ACSC',
  credited: 'ACCC',
  // The payment itself was complete; what came back is another movement.
  returned: 'ACCC',
  rejected: 'RJCT',
  cancelled: 'RJCT',
};

export const PAYMENT_PROGRESS_REASONS: Readonly<Record<PaymentStatus, Reason | undefined>> = {
  received: { code: 'U030', description: 'The payment was received.' },
  scheduled: { code: 'U030', description: 'The payment was received and waits for its day.' },
  accepted: { code: 'U032', description: 'The account and its money were checked.' },
  settling: { code: 'U034', description: 'The account was debited and the payment sent on.' },
  debited: undefined,
  credited: undefined,
  returned: { code: 'U042', description: 'The payment arrived, and came back after a recall.' },
  rejected: undefined,
  cancelled: undefined,
};

/** ISO 20022 external status reasons. */
export const REJECTION_REASONS: Readonly<Record<PaymentRejection, Reason>> = {
  'insufficient-funds': {
    code: 'AM04',
    description: 'There is not enough money on the account.',
    path: 'Data.Initiation.InstructedAmount.Amount',
  },
  'debtor-account-closed': {
    code: 'AC04',
    description: 'The account to pay from is closed.',
    path: 'Data.Initiation.DebtorAccount',
  },
  'creditor-account-unknown': {
    code: 'AC03',
    description: 'There is no such account to pay to.',
    path: 'Data.Initiation.CreditorAccount.Identification',
  },
  'creditor-account-closed': {
    code: 'AC04',
    description: 'The account to pay to is closed.',
    path: 'Data.Initiation.CreditorAccount.Identification',
  },
  'currency-not-accepted': {
    code: 'AM03',
    description: 'The account to pay cannot take that currency.',
    path: 'Data.Initiation.CurrencyOfTransfer',
  },
};

// ---- Transactions ----

/** Family and sub-family of the ISO 20022 external bank transaction codes; the domain is not on the wire. */
export interface IsoTransactionCode {
  readonly family: string;
  readonly subFamily: string;
}

/** Debtor and creditor see different families of one transfer: RCDT received, ICDT issued credit transfers. */
const transfer = (subFamily: string): Readonly<Record<'credit' | 'debit', IsoTransactionCode>> => ({
  credit: { family: 'RCDT', subFamily },
  debit: { family: 'ICDT', subFamily },
});
const both = (family: string, subFamily: string): Readonly<Record<'credit' | 'debit', IsoTransactionCode>> => ({
  credit: { family, subFamily },
  debit: { family, subFamily },
});
/** Miscellaneous credit and debit operations: what the bank itself books. */
const byBank = (subFamily: string): Readonly<Record<'credit' | 'debit', IsoTransactionCode>> => ({
  credit: { family: 'MCOP', subFamily },
  debit: { family: 'MDOP', subFamily },
});

/** Direct debits: RDDT is the debtor's side, IDDT the creditor's. Mortgages: loans domain, principal payment. */
export const TRANSACTION_CODES: Readonly<
  Record<TransactionCode, Readonly<Record<'credit' | 'debit', IsoTransactionCode>>>
> = {
  salary: transfer('SALA'),
  benefit: transfer('DMCT'),
  pension: transfer('DMCT'),
  rent: transfer('DMCT'),
  'direct-debit': {
    credit: { family: 'IDDT', subFamily: 'PMDD' },
    debit: { family: 'RDDT', subFamily: 'PMDD' },
  },
  'standing-order': transfer('STDO'),
  'card-payment': both('CCRD', 'POSD'),
  'cash-withdrawal': both('CCRD', 'CWDL'),
  'transfer-in': transfer('DMCT'),
  'transfer-out': transfer('DMCT'),
  fee: byBank('CHRG'),
  'interest-paid': byBank('INTR'),
  'interest-charged': byBank('INTR'),
  'mortgage-payment': both('MGLN', 'PPAY'),
  'opening-balance': both('NTAV', 'NTAV'),
  payroll: transfer('SALA'),
  invoice: transfer('DMCT'),
  refund: both('CCRD', 'RIMB'),
  tax: transfer('DMCT'),
};

/** The bank's own names, for readers who do not want to know ISO codes. */
export const PROPRIETARY_CODES: Readonly<Record<TransactionCode, string>> = {
  salary: 'Salary',
  benefit: 'Benefit',
  pension: 'Pension',
  rent: 'Rent',
  'direct-debit': 'DirectDebit',
  'standing-order': 'StandingOrder',
  'card-payment': 'CardPayment',
  'cash-withdrawal': 'CashWithdrawal',
  'transfer-in': 'TransferIn',
  'transfer-out': 'TransferOut',
  fee: 'Fee',
  'interest-paid': 'InterestPaid',
  'interest-charged': 'InterestCharged',
  'mortgage-payment': 'MortgagePayment',
  'opening-balance': 'OpeningBalance',
  payroll: 'Payroll',
  invoice: 'Invoice',
  refund: 'Refund',
  tax: 'Tax',
};

// ---- Rails ----

export interface DomesticRail {
  readonly rail: Rail;
  /** As LocalInstrument. */
  readonly instrument: string;
  /** That much of a reference reaches the payee. */
  readonly referenceLength: number;
}

/** In pounds; the first is that of an order that names none. */
const STERLING_RAILS: readonly DomesticRail[] = [
  { rail: 'faster-payments', instrument: 'UK.OBIE.FPS', referenceLength: 18 },
  { rail: 'bacs', instrument: 'UK.OBIE.BACS', referenceLength: 18 },
  { rail: 'chaps', instrument: 'UK.OBIE.CHAPS', referenceLength: 140 },
];

/** How banks pay at home, by their currency. The standard is of one country, its list of instruments is not. */
const DOMESTIC_RAILS: Readonly<Record<string, readonly DomesticRail[]>> = {
  EUR: [
    { rail: 'sepa-credit-transfer', instrument: 'UK.OBIE.SEPACreditTransfer', referenceLength: 140 },
    { rail: 'sepa-instant', instrument: 'UK.OBIE.SEPAInstantCreditTransfer', referenceLength: 140 },
    { rail: 'target-2', instrument: 'UK.OBIE.Target2', referenceLength: 140 },
  ],
};

/** At least one. */
export function domesticRailsOf({ currency }: { readonly currency: string }): readonly DomesticRail[] {
  return DOMESTIC_RAILS[currency] ?? STERLING_RAILS;
}

/** The name of a rail as LocalInstrument. */
export function instrumentOf(rail: Rail): string {
  const domestic = [STERLING_RAILS, ...Object.values(DOMESTIC_RAILS)].flat().find((one) => one.rail === rail);
  return domestic?.instrument ?? SWIFT;
}

/** As LocalInstrument of payments abroad. */
export const SWIFT = 'UK.OBIE.SWIFT';

// ---- Charges and rates ----

type Bearer = NonNullable<PaymentInstruction['charges']>;

export const CHARGE_BEARERS = {
  BorneByCreditor: 'creditor',
  BorneByDebtor: 'debtor',
  FollowingServiceLevel: 'service-level',
  Shared: 'shared',
} as const satisfies Readonly<Record<string, Bearer>>;

export const CHARGE_BEARER_NAMES: Readonly<Record<Bearer, string>> = {
  creditor: 'BorneByCreditor',
  debtor: 'BorneByDebtor',
  'service-level': 'FollowingServiceLevel',
  shared: 'Shared',
};

/** A name of the bank's own: the only one of the standard is for CHAPS. */
export const CHARGE_TYPE = 'Sandbank.InternationalTransferOut';

type RateType = NonNullable<PaymentInstruction['exchange']>['type'];

export const RATE_TYPES = {
  Actual: 'actual',
  Agreed: 'agreed',
  Indicative: 'indicative',
} as const satisfies Readonly<Record<string, RateType>>;

export const RATE_TYPE_NAMES: Readonly<Record<RateType, string>> = {
  actual: 'Actual',
  agreed: 'Agreed',
  indicative: 'Indicative',
};
