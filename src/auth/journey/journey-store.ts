import type { Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { JourneyStep } from './journey-step.js';

/** Where a journey stands. Bound to one interaction or link, and through its cookie to one browser. */
export interface JourneyState {
  readonly uid: string;
  readonly consentId: string;
  readonly authorisationId: string;
  /** `done`: decided. */
  readonly step: JourneyStep['step'] | 'done';
  readonly partyId?: string;
  /** The code of what was wrong with the last try. */
  readonly problem?: string;
}

export interface JourneyStore {
  find(uid: string): Promise<JourneyState | undefined>;
  /** False when a journey of this interaction exists already. `request` tells authorization requests apart. */
  add(
    state: Pick<JourneyState, 'uid' | 'consentId' | 'authorisationId' | 'step'> & { readonly request: string },
  ): Promise<boolean>;
  /** Was a journey of this very request decided? */
  wasDecided(request: string): Promise<boolean>;
  /**
   * Moves on from a step, and only from that step: false when another request was faster. So a form sent twice, or by
   * twenty requests at once, is acted on once.
   */
  advance(
    uid: string,
    from: JourneyState['step'],
    to: {
      readonly step: JourneyState['step'];
      readonly partyId?: string;
      readonly problem?: string;
    },
  ): Promise<boolean>;
}

interface JourneyRow {
  readonly uid: string;
  readonly consent_id: string;
  readonly authorisation_id: string;
  readonly step: string;
  readonly party_id: string | null;
  readonly problem: string | null;
}

export function createJourneyStore(options: {
  readonly bank: string;
  readonly storage: Storage;
  readonly wall: Clock;
}): JourneyStore {
  const { bank, storage, wall } = options;
  return {
    async find(uid) {
      const row = await storage.read.get<JourneyRow>('SELECT * FROM auth_journeys WHERE bank = ? AND uid = ?', [
        bank,
        uid,
      ]);
      return row && toState(row);
    },
    add: ({ uid, consentId, authorisationId, step, request }) =>
      storage.transaction(async (tx) => {
        const { changes } = await tx.run(
          `INSERT INTO auth_journeys (bank, uid, consent_id, authorisation_id, step, started_at, request)
           VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (bank, uid) DO NOTHING`,
          [bank, uid, consentId, authorisationId, step, wall.now(), request],
        );
        return changes === 1;
      }),
    async wasDecided(request) {
      const row = await storage.read.get(
        "SELECT 1 FROM auth_journeys WHERE bank = ? AND request = ? AND step = 'done' LIMIT 1",
        [bank, request],
      );
      return row !== undefined;
    },
    advance: (uid, from, to) =>
      storage.transaction(async (tx) => {
        const { changes } = await tx.run(
          `UPDATE auth_journeys SET step = ?, party_id = COALESCE(?, party_id), problem = ?
           WHERE bank = ? AND uid = ? AND step = ?`,
          [to.step, to.partyId ?? null, to.problem ?? null, bank, uid, from],
        );
        return changes === 1;
      }),
  };
}

function toState(row: JourneyRow): JourneyState {
  return {
    uid: row.uid,
    consentId: row.consent_id,
    authorisationId: row.authorisation_id,
    step: row.step as JourneyState['step'],
    ...(row.party_id !== null && { partyId: row.party_id }),
    ...(row.problem !== null && { problem: row.problem }),
  };
}
