import type {
  AccountType,
  Authorisation,
  Consent,
  ConsentStatus,
  PaymentOrder,
  PaymentSchedule,
  PaymentStatus,
  Rail,
  ScaMethod,
} from '../../bank/index.js';

export const PAYMENT_SERVICES = ['payments', 'bulk-payments', 'periodic-payments'] as const;
export type PaymentService = (typeof PAYMENT_SERVICES)[number];

export const PAYMENT_PRODUCTS = [
  'sepa-credit-transfers',
  'instant-sepa-credit-transfers',
  'target-2-payments',
  'cross-border-credit-transfers',
] as const;
export type PaymentProductName = (typeof PAYMENT_PRODUCTS)[number];

export const RAIL_OF_PRODUCT: Readonly<Record<PaymentProductName, Rail>> = {
  'sepa-credit-transfers': 'sepa-credit-transfer',
  'instant-sepa-credit-transfers': 'sepa-instant',
  'target-2-payments': 'target-2',
  'cross-border-credit-transfers': 'cross-border',
};

export type WireConsentStatus =
  'received' | 'rejected' | 'valid' | 'revokedByPsu' | 'expired' | 'terminatedByTpp' | 'partiallyAuthorised';

const CONSENT_STATUS: Readonly<Record<ConsentStatus, WireConsentStatus>> = {
  'awaiting-upload': 'received',
  requested: 'received',
  'partially-authorised': 'partiallyAuthorised',
  authorised: 'valid',
  // No word of this standard fits the next two; access is over.
  consumed: 'expired',
  suspended: 'expired',
  rejected: 'rejected',
  revoked: 'revokedByPsu',
  expired: 'expired',
};

/**
 * A consent that a newer one of the same third party replaced counts as ended by the third party. There is no word for
 * the bank's own end (1.3.12, 14.16): that is told as expired.
 */
export function consentStatusOf({ status, statusReason }: Pick<Consent, 'status' | 'statusReason'>): WireConsentStatus {
  if (status !== 'revoked') return CONSENT_STATUS[status];
  switch (statusReason.code) {
    case 'revoked-by-client':
    case 'replaced':
      return 'terminatedByTpp';
    case 'revoked-by-bank':
      return 'expired';
    default:
      return 'revokedByPsu';
  }
}

export type WireScaStatus =
  | 'received'
  | 'psuIdentified'
  | 'psuAuthenticated'
  | 'scaMethodSelected'
  | 'started'
  | 'unconfirmed'
  | 'finalised'
  | 'failed'
  | 'exempted';

const SCA_STATUS: Readonly<Record<Authorisation['status'], WireScaStatus>> = {
  received: 'received',
  'psu-identified': 'psuIdentified',
  authenticated: 'psuAuthenticated',
  'method-selected': 'scaMethodSelected',
  challenged: 'started',
  unconfirmed: 'unconfirmed',
  finalised: 'finalised',
  failed: 'failed',
  exempted: 'exempted',
};

/** Through the interface a method is selected and its code sent in one step, of which the selection is told. */
export function scaStatusOf({ status, mode }: Pick<Authorisation, 'status' | 'mode'>): WireScaStatus {
  return mode === 'embedded' && status === 'challenged' ? 'scaMethodSelected' : SCA_STATUS[status];
}

/** The header has one word for both kinds of redirect. */
export const SCA_APPROACH: Readonly<Record<Authorisation['mode'] | 'oauth2', string>> = {
  redirect: 'REDIRECT',
  oauth2: 'REDIRECT',
  decoupled: 'DECOUPLED',
  embedded: 'EMBEDDED',
};

export const AUTHENTICATION_TYPE: Readonly<Record<ScaMethod['kind'], string>> = {
  'sms-code': 'SMS_OTP',
  'push-code': 'PUSH_OTP',
};

export type WireTransactionStatus =
  'RCVD' | 'PATC' | 'ACTC' | 'ACCP' | 'ACSP' | 'ACSC' | 'ACCC' | 'RJCT' | 'CANC' | 'PART';

const ORDER_STATUS: Readonly<Record<PaymentStatus, WireTransactionStatus>> = {
  // Authorised and sound; whether the money is there is seen on the day.
  scheduled: 'ACTC',
  received: 'ACTC',
  accepted: 'ACCP',
  settling: 'ACSP',
  debited: 'ACSC',
  credited: 'ACCC',
  // What came back after it had arrived is another movement.
  returned: 'ACCC',
  rejected: 'RJCT',
  cancelled: 'CANC',
};

export function orderStatusOf({ status }: Pick<PaymentOrder, 'status'>): WireTransactionStatus {
  return ORDER_STATUS[status];
}

/**
 * Of a payment before there is an order. A basket has no others: it is authorised as a whole (ACTC), and what becomes of its
 * payments is theirs.
 */
export const BEFORE_THE_ORDER: Readonly<Record<ConsentStatus, 'RCVD' | 'PATC' | 'ACTC' | 'RJCT' | 'CANC'>> = {
  'awaiting-upload': 'RCVD',
  requested: 'RCVD',
  'partially-authorised': 'PATC',
  authorised: 'ACTC',
  consumed: 'ACTC',
  suspended: 'RJCT',
  rejected: 'RJCT',
  revoked: 'CANC',
  // Nobody authorised it in time.
  expired: 'RJCT',
};

/** The least advanced first. */
const PROGRESS: readonly WireTransactionStatus[] = ['RCVD', 'PATC', 'ACTC', 'ACCP', 'ACSP', 'ACSC', 'ACCC'];

/**
 * A payment and its consent are one resource here. A bulk of which some were refused is PART, and otherwise as far as
 * the slowest of its members; a periodic payment is under way (ACSP) from its first run until its last.
 */
export function transactionStatusOf(
  consent: Pick<Consent, 'status' | 'subject'>,
  orders: readonly Pick<PaymentOrder, 'status'>[],
): WireTransactionStatus {
  const [first] = orders;
  if (consent.status !== 'consumed' || !first) return BEFORE_THE_ORDER[consent.status];
  const statuses = orders.map(orderStatusOf);
  if (consent.subject.kind === 'periodic-payment') {
    const isToCome = orders.some(({ status }) => status === 'scheduled');
    if (isToCome && orders.length > 1) return 'ACSP';
    return statuses.at(-1) ?? 'ACTC';
  }
  const alive = statuses.filter((status) => status !== 'RJCT' && status !== 'CANC');
  if (alive.length === 0) return statuses.includes('RJCT') ? 'RJCT' : 'CANC';
  if (alive.length < statuses.length) return 'PART';
  return PROGRESS.find((step) => alive.some((status) => status === step)) ?? 'ACTC';
}

/** ISO 20022, ExternalCashAccountType1Code. */
export const CASH_ACCOUNT_TYPE: Readonly<Record<AccountType, string>> = {
  current: 'CACC',
  savings: 'SVGS',
  'credit-card': 'CARD',
  loan: 'LOAN',
  mortgage: 'LOAN',
};

export const FREQUENCIES: Readonly<Record<string, PaymentSchedule['frequency']>> = {
  Daily: 'daily',
  Weekly: 'weekly',
  EveryTwoWeeks: 'every-two-weeks',
  Monthly: 'monthly',
  EveryTwoMonths: 'every-two-months',
  Quarterly: 'quarterly',
  SemiAnnual: 'semi-annual',
  Annual: 'annual',
  MonthlyVariable: 'in-months',
};
