import type { Clock, IdScheme, Instant } from '../kernel/index.js';
import { instant, MS_PER_HOUR } from '../kernel/index.js';
import { nextId, type Storage } from '../storage/index.js';
import type { Validity } from './minting.js';

/** What every part of the directory works with. */
export interface DirectoryContext {
  readonly storage: Storage;
  /** Business time. */
  readonly clock: Clock;
  /** Proof freshness, and what TLS stacks judge by. */
  readonly wall: Clock;
  readonly ids: IdScheme;
  /** Base address of the directory. */
  readonly issuer: string;
  /** The `iss` of its assertions. */
  readonly issuerName: string;
}

/** A certificate serial number: the id's own characters read as one positive number, 12 bytes in upper-case hex. */
export async function nextSerial({ storage, ids }: DirectoryContext): Promise<string> {
  const id = await storage.transaction((tx) => nextId(tx, ids, 'certificate'));
  return Buffer.from(id, 'ascii').toString('hex').toUpperCase();
}

/** Valid on both clocks: from an hour before the earlier one until `lifeMs` after the later one, in whole seconds. */
export function validityOnBothClocks({ clock, wall }: DirectoryContext, lifeMs: number): Validity {
  const [business, real] = [clock.now(), wall.now()];
  return {
    notBefore: wholeSecond(Math.min(business, real) - MS_PER_HOUR),
    notAfter: wholeSecond(Math.max(business, real) + lifeMs),
  };
}

export function wholeSecond(ms: number): Instant {
  return instant(Math.floor(ms / 1_000) * 1_000);
}
