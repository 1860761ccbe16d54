import {
  dateOf,
  localDate,
  plusDays,
  SandbankError,
  startOfDay,
  type Instant,
  type LocalDate,
} from '../../../kernel/index.js';
import type { Account, Consent, ConsentSubject } from '../../../bank/index.js';
import { consentStatusOf } from '../codes.js';
import { lodgedOf } from '../lodged.js';
import { readAccess, type AccountAccess } from '../permissions.js';
import { notConsistent, refusal } from '../refusals.js';
import type { BankSettings } from '../settings.js';
import { toReference } from './account-reference.js';

export interface ConsentRequest {
  readonly access: AccountAccess;
  readonly recurringIndicator: boolean;
  readonly validUntil: string;
  readonly frequencyPerDay: number;
  readonly combinedServiceIndicator: boolean;
}

/**
 * What is asked for, as the bank agrees to it: a longer life and a higher frequency than it has are cut to its own, and
 * the consent that is read shows that (1.3.12, 6.3.1: validUntil). Throws PERIOD_INVALID, SESSIONS_NOT_SUPPORTED,
 * PARAMETER_NOT_CONSISTENT, and what `readAccess` throws.
 */
export function fromConsentRequest(
  request: ConsentRequest,
  { now, settings }: { readonly now: Instant; readonly settings: BankSettings },
): { readonly subject: ConsentSubject; readonly expiresAt: Instant } {
  const { recurringIndicator: recurring, frequencyPerDay } = request;
  if (request.combinedServiceIndicator) {
    throw refusal('field.invalid', 'SESSIONS_NOT_SUPPORTED', {
      message: 'Access to accounts and a payment in one session are not combined here.',
      path: 'combinedServiceIndicator',
    });
  }
  if (!recurring && frequencyPerDay > 1) {
    throw notConsistent('frequencyPerDay', 'A consent to read once has the frequency 1.');
  }
  const perDayFrequency = Math.min(frequencyPerDay, settings.maximumFrequencyPerDay);
  const lastDay = lastDayOf(request.validUntil, { today: dateOf(now), settings });
  return {
    subject: { kind: 'account-access', ...readAccess(request.access).subject, recurring, perDayFrequency },
    expiresAt: startOfDay(plusDays(lastDay, 1)),
  };
}

function lastDayOf(
  text: string,
  { today, settings }: { readonly today: LocalDate; readonly settings: BankSettings },
): LocalDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    throw new SandbankError('field.invalid-date', 'validUntil is a day: YYYY-MM-DD.', { path: 'validUntil' });
  }
  const wanted = localDate(text);
  if (wanted < today) {
    throw refusal('field.invalid-date', 'PERIOD_INVALID', {
      message: 'validUntil has passed.',
      path: 'validUntil',
      expected: `${today} or later`,
      actual: text,
    });
  }
  const furthest = plusDays(today, settings.consentLifetimeDays);
  return wanted < furthest ? wanted : furthest;
}

/** The consent as it stands. `accounts` are those that the customer agreed to, where she has. */
export function toConsent(
  consent: Consent,
  { accounts, accountsUrl }: { readonly accounts: readonly Account[]; readonly accountsUrl: string },
): Readonly<Record<string, unknown>> {
  const { request } = lodgedOf(consent) as { readonly request: ConsentRequest };
  const { subject, expiresAt } = consent;
  const frequency = subject.kind === 'account-access' ? subject.perDayFrequency : undefined;
  const consentStatus = consentStatusOf(consent);
  return {
    access: accessOf(request.access, accounts),
    recurringIndicator: request.recurringIndicator,
    validUntil: expiresAt === undefined ? request.validUntil : plusDays(dateOf(expiresAt), -1),
    frequencyPerDay: frequency ?? request.frequencyPerDay,
    lastActionDate: dateOf(consent.statusAt),
    consentStatus,
    ...(consentStatus === 'valid' && { _links: { account: { href: accountsUrl } } }),
  };
}

/** Lists that were empty hold the accounts that the customer picked; a word for all stays a word. */
function accessOf(access: AccountAccess, accounts: readonly Account[]): AccountAccess {
  if (readAccess(access).kind !== 'bank-offered' || accounts.length === 0) return access;
  const picked = accounts.map(toReference);
  const { additionalInformation } = access;
  return {
    ...(access.accounts && { accounts: picked }),
    ...(access.balances && { balances: picked }),
    ...(access.transactions && { transactions: picked }),
    ...(additionalInformation?.ownerName && { additionalInformation: { ownerName: picked } }),
  };
}
