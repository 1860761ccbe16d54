import { SandbankError, type Instant } from '../../../kernel/index.js';
import type { Consent, ConsentSubject } from '../../../bank/index.js';
import { ACCESS_CONSENT_STATUSES } from '../codes.js';
import { echoDate, readDate } from '../dates.js';
import { requireValidPermissions, toCapabilities } from '../permissions.js';
import { toConsentState } from './consent-status.js';

/** The request as the document describes it. It is kept as `wire` and repeated unchanged. */
export interface AccessConsentRequest {
  readonly Data: {
    readonly Permissions: readonly string[];
    readonly ExpirationDateTime?: string;
    readonly TransactionFromDateTime?: string;
    readonly TransactionToDateTime?: string;
  };
  readonly Risk: Readonly<Record<string, never>>;
}

const KNOWN_FIELDS: Readonly<Record<'' | 'Data.', readonly string[]>> = {
  '': ['Data', 'Risk'],
  'Data.': ['Permissions', 'ExpirationDateTime', 'TransactionFromDateTime', 'TransactionToDateTime'],
};

/** What is agreed, in words of the core. The whole is taken or refused; nothing is trimmed. */
export function fromAccessConsentRequest(
  request: AccessConsentRequest,
  now: Instant,
): { readonly subject: ConsentSubject; readonly expiresAt?: Instant } {
  refuseUnknownFields(request);
  const { Permissions, ExpirationDateTime, TransactionFromDateTime, TransactionToDateTime } = request.Data;
  requireValidPermissions(Permissions);
  const expiresAt = dateIn(ExpirationDateTime, 'Data.ExpirationDateTime');
  const historyFrom = dateIn(TransactionFromDateTime, 'Data.TransactionFromDateTime');
  const historyTo = dateIn(TransactionToDateTime, 'Data.TransactionToDateTime');
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new SandbankError('field.invalid-date', 'The consent would have ended before it began.', {
      path: 'Data.ExpirationDateTime',
      expected: 'a time in the future, on the clock of the bank',
      actual: ExpirationDateTime ?? '',
    });
  }
  if (historyFrom !== undefined && historyTo !== undefined && historyFrom > historyTo) {
    throw new SandbankError('field.invalid-date', 'The period of transactions ends before it begins.', {
      path: 'Data.TransactionToDateTime',
      expected: `at or after ${TransactionFromDateTime ?? ''}`,
      actual: TransactionToDateTime ?? '',
    });
  }
  return {
    subject: {
      kind: 'account-access',
      capabilities: toCapabilities(Permissions),
      ...(historyFrom !== undefined && { historyFrom }),
      ...(historyTo !== undefined && { historyTo }),
      recurring: true,
    },
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

export interface WireAccessConsent extends ReturnType<typeof toConsentState> {
  readonly Permissions: readonly string[];
  readonly ExpirationDateTime?: string;
  readonly TransactionFromDateTime?: string;
  readonly TransactionToDateTime?: string;
}

export function toAccessConsent(consent: Consent): WireAccessConsent {
  const { Data } = JSON.parse(consent.wire) as AccessConsentRequest;
  const { ExpirationDateTime, TransactionFromDateTime, TransactionToDateTime } = Data;
  return {
    ...toConsentState(consent, ACCESS_CONSENT_STATUSES),
    Permissions: Data.Permissions,
    ...(ExpirationDateTime !== undefined && { ExpirationDateTime: echoDate(ExpirationDateTime) }),
    ...(TransactionFromDateTime !== undefined && { TransactionFromDateTime: echoDate(TransactionFromDateTime) }),
    ...(TransactionToDateTime !== undefined && { TransactionToDateTime: echoDate(TransactionToDateTime) }),
  };
}

/**
 * The published schema is open here, so that a misspelt date would be a consent without an end. Elsewhere unknown
 * fields are refused by the document; here we do it ourselves.
 */
function refuseUnknownFields(request: AccessConsentRequest): void {
  const findings = (
    [
      ['', request],
      ['Data.', request.Data],
    ] as const
  ).flatMap(([prefix, value]) =>
    Object.keys(value)
      .filter((name) => !KNOWN_FIELDS[prefix].includes(name))
      .map((name) => ({
        code: 'field.unexpected' as const,
        message: `${prefix}${name} is not known here.`,
        path: `${prefix}${name}`,
      })),
  );
  if (findings.length > 0) {
    throw new SandbankError('field.unexpected', 'The consent has fields that are not known.', { findings });
  }
}

function dateIn(text: string | undefined, path: string): Instant | undefined {
  return text === undefined ? undefined : readDate(text, path);
}
