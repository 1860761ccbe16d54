import { formatInstant } from '../../../kernel/index.js';
import type { Consent } from '../../../bank/index.js';
import { CONSENT_REASONS, type Reason } from '../codes.js';

export interface WireStatusReason {
  readonly StatusReasonCode: string;
  readonly StatusReasonDescription: string;
  readonly Path?: string;
}

/** What every consent of v4 tells of its state. `codes` are the statuses of the kind of consent. */
export function toConsentState(
  consent: Consent,
  codes: Readonly<Record<Consent['status'], string>>,
): {
  readonly ConsentId: string;
  readonly CreationDateTime: string;
  readonly Status: string;
  readonly StatusReason?: readonly WireStatusReason[];
  readonly StatusUpdateDateTime: string;
} {
  return {
    ConsentId: consent.id,
    CreationDateTime: formatInstant(consent.createdAt),
    Status: codes[consent.status],
    ...toStatusReason(CONSENT_REASONS[consent.statusReason.code]),
    StatusUpdateDateTime: formatInstant(consent.statusAt),
  };
}

/** A list of one, or nothing at all where the status needs no reason. */
export function toStatusReason(reason: Reason | undefined): { readonly StatusReason?: readonly WireStatusReason[] } {
  if (!reason) return {};
  return {
    StatusReason: [
      {
        StatusReasonCode: reason.code,
        StatusReasonDescription: reason.description,
        ...(reason.path !== undefined && { Path: reason.path }),
      },
    ],
  };
}
