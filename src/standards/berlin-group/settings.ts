import { SandbankError } from '../../kernel/index.js';
import type { Authorisation } from '../../bank/index.js';
import type { Call } from '../standard.js';
import { PAYMENT_PRODUCTS, PAYMENT_SERVICES, type PaymentProductName, type PaymentService } from './codes.js';

/** `oauth2` is a redirect that an authorization request opens, and at whose end a token is. */
export type ScaApproach = Authorisation['mode'] | 'oauth2';

/** What a bank supports of what the standard leaves open to it; the key `berlin-group` of its file. */
export interface BankSettings {
  /** In the order in which the bank would rather have them. */
  readonly scaApproaches: readonly ScaApproach[];
  /** Does the bank start an authorisation with the resource, unless the third party would rather do that itself? */
  readonly authorisationStart: 'implicit' | 'explicit';
  /** Of which services it takes which products, in JSON; each also as pain.001 where `xml` is said. */
  readonly payments: Readonly<Record<PaymentService, readonly PaymentProductName[]>>;
  readonly xml: boolean;
  readonly signingBaskets: boolean;
  /** Must the third party prove after a redirect that the customer came back to it (`confirmation` in 1.3.12)? */
  readonly confirmationCode: boolean;
  /** Must requests be sealed? `if-present`: they need not be, and a seal that is there must be good; `none`: nobody looks. */
  readonly signatures: 'none' | 'if-present' | 'required';
  readonly maximumFrequencyPerDay: number;
  /** How long a consent may last at most. */
  readonly consentLifetimeDays: number;
}

/** 180 days is the longest time between two strong authentications (RTS on SCA, article 10a). */
export const DEFAULT_SETTINGS: BankSettings = {
  scaApproaches: ['redirect', 'decoupled', 'embedded'],
  authorisationStart: 'implicit',
  payments: {
    payments: PAYMENT_PRODUCTS,
    'bulk-payments': ['sepa-credit-transfers', 'instant-sepa-credit-transfers', 'cross-border-credit-transfers'],
    'periodic-payments': ['sepa-credit-transfers', 'instant-sepa-credit-transfers'],
  },
  xml: true,
  signingBaskets: true,
  confirmationCode: false,
  signatures: 'if-present',
  maximumFrequencyPerDay: 4,
  consentLifetimeDays: 180,
};

const APPROACHES = ['redirect', 'oauth2', 'decoupled', 'embedded'] as const;
const STARTS = ['implicit', 'explicit'] as const;
const SIGNATURES = ['none', 'if-present', 'required'] as const;
const KEYS = Object.keys(DEFAULT_SETTINGS);

/** Reads the bank's part for this standard; what is left out is as in `DEFAULT_SETTINGS`. Throws `configuration.invalid`. */
export function readSettings(raw: unknown): BankSettings {
  if (raw === undefined || raw === null) return DEFAULT_SETTINGS;
  const fields = asObject(raw, 'berlin-group');
  const unknown = Object.keys(fields).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(unknown, KEYS.join(', '), 'an unknown key');
  const { scaApproaches, authorisationStart, payments, maximumFrequencyPerDay, consentLifetimeDays } = fields;
  return {
    scaApproaches: list(scaApproaches, 'scaApproaches', APPROACHES) ?? DEFAULT_SETTINGS.scaApproaches,
    authorisationStart:
      list(authorisationStart === undefined ? undefined : [authorisationStart], 'authorisationStart', STARTS)?.[0] ??
      DEFAULT_SETTINGS.authorisationStart,
    payments: readPayments(payments),
    xml: flag(fields['xml'], 'xml', DEFAULT_SETTINGS.xml),
    signingBaskets: flag(fields['signingBaskets'], 'signingBaskets', DEFAULT_SETTINGS.signingBaskets),
    confirmationCode: flag(fields['confirmationCode'], 'confirmationCode', DEFAULT_SETTINGS.confirmationCode),
    signatures: word(fields['signatures'], 'signatures', SIGNATURES) ?? DEFAULT_SETTINGS.signatures,
    maximumFrequencyPerDay: whole(maximumFrequencyPerDay, 'maximumFrequencyPerDay', 100) ?? 4,
    consentLifetimeDays: whole(consentLifetimeDays, 'consentLifetimeDays', 3_650) ?? 180,
  };
}

/** A bank without a file of its own for this standard is as the defaults say. */
export function settingsOf({ settings }: Pick<Call, 'settings'>): BankSettings {
  return (settings as BankSettings | undefined) ?? DEFAULT_SETTINGS;
}

function readPayments(raw: unknown): BankSettings['payments'] {
  if (raw === undefined) return DEFAULT_SETTINGS.payments;
  const fields = asObject(raw, 'payments');
  const unknown = Object.keys(fields).find((key) => !(PAYMENT_SERVICES as readonly string[]).includes(key));
  if (unknown !== undefined) throw wrong('payments', PAYMENT_SERVICES.join(', '), unknown);
  const products = (service: PaymentService): readonly PaymentProductName[] =>
    fields[service] === undefined || (Array.isArray(fields[service]) && fields[service].length === 0)
      ? []
      : (list(fields[service], `payments.${service}`, PAYMENT_PRODUCTS) ?? []);
  return {
    payments: products('payments'),
    'bulk-payments': products('bulk-payments'),
    'periodic-payments': products('periodic-payments'),
  };
}

function asObject(raw: unknown, key: string): Readonly<Record<string, unknown>> {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return raw as Readonly<Record<string, unknown>>;
  throw wrong(key, 'keys with values', typeof raw);
}

/** One or more of the allowed words, each at most once. */
function list<T extends string>(raw: unknown, key: string, allowed: readonly T[]): readonly T[] | undefined {
  if (raw === undefined) return undefined;
  const isGood =
    Array.isArray(raw) &&
    raw.length > 0 &&
    new Set(raw).size === raw.length &&
    raw.every((one) => (allowed as readonly unknown[]).includes(one));
  if (isGood) return raw as readonly T[];
  throw wrong(key, `some of ${allowed.join(', ')}`, JSON.stringify(raw));
}

function word<T extends string>(raw: unknown, key: string, allowed: readonly T[]): T | undefined {
  return raw === undefined ? undefined : list([raw], key, allowed)?.[0];
}

function whole(raw: unknown, key: string, most: number): number | undefined {
  if (raw === undefined) return undefined;
  if (typeof raw === 'number' && Number.isInteger(raw) && raw >= 1 && raw <= most) return raw;
  throw wrong(key, `a whole number from 1 to ${most}`, JSON.stringify(raw));
}

function flag(raw: unknown, key: string, otherwise: boolean): boolean {
  if (raw === undefined) return otherwise;
  if (typeof raw === 'boolean') return raw;
  throw wrong(key, 'true or false', JSON.stringify(raw));
}

function wrong(key: string, expected: string, actual: string): SandbankError {
  return new SandbankError('configuration.invalid', `The bank's settings for berlin-group are wrong at ${key}.`, {
    path: key,
    expected,
    actual,
  });
}
