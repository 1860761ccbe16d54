import { createHash } from 'node:crypto';

import type { AdapterPayload } from 'oidc-provider';

import { MS_PER_SECOND, type Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';

export interface ArtefactsOptions {
  readonly bank: string;
  readonly storage: Storage;
  /** The bank's clock. */
  readonly clock: Clock;
  readonly wall: Clock;
  findClient(clientId: string): Promise<AdapterPayload | undefined>;
}

export interface ArtefactRow {
  readonly model: string;
  readonly payload: string;
  readonly grant_id: string | null;
  readonly business_expires_at: bigint | null;
  readonly consumed_at: bigint | null;
  readonly revoked_at: bigint | null;
}

/** An access token as it was found, alive or dead. */
export interface FoundToken {
  readonly kind: 'client' | 'customer';
  readonly clientId: string;
  readonly scope: string;
  readonly consentId?: string;
  readonly certificateThumbprint?: string;
  readonly keyThumbprint?: string;
  readonly state: 'active' | 'expired' | 'revoked';
}

/**
 * oidc-provider compares `exp` with wall time at every find. What lives on the bank's clock therefore gets an `exp` that
 * is as far away on the wall as its end is on the bank's clock, and is not found once it has ended there.
 */
export function toPayload(
  found: ArtefactRow,
  { id, clock, wall }: { readonly id: string | undefined; readonly clock: Clock; readonly wall: Clock },
): AdapterPayload | undefined {
  if (found.revoked_at !== null) return undefined;
  const payload = JSON.parse(found.payload) as AdapterPayload;
  if (id !== undefined) payload.jti = id;
  if (found.consumed_at !== null) payload['consumed'] = Math.floor(Number(found.consumed_at) / MS_PER_SECOND);
  if (found.business_expires_at !== null) {
    const remainingMs = Number(found.business_expires_at) - clock.now();
    if (remainingMs <= 0) return undefined;
    payload.exp = Math.floor(wall.now() / MS_PER_SECOND) + Math.ceil(remainingMs / MS_PER_SECOND);
  }
  return payload;
}

export function toToken(found: ArtefactRow & { readonly consent_id: string | null }, clock: Clock): FoundToken {
  const payload = JSON.parse(found.payload) as AdapterPayload;
  const ended = found.business_expires_at !== null && Number(found.business_expires_at) <= clock.now();
  return {
    kind: found.model === 'ClientCredentials' ? 'client' : 'customer',
    clientId: payload.clientId ?? '',
    scope: payload.scope ?? '',
    ...(found.consent_id !== null && { consentId: found.consent_id }),
    ...(payload['x5t#S256'] !== undefined && { certificateThumbprint: payload['x5t#S256'] }),
    ...(payload.jkt !== undefined && { keyThumbprint: payload.jkt }),
    state: found.revoked_at !== null ? 'revoked' : ended ? 'expired' : 'active',
  };
}

/** What a secret id is kept under. */
export function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
