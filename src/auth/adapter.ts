import { createHash } from 'node:crypto';

import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';

import { MS_PER_DAY, MS_PER_HOUR, MS_PER_SECOND, type Clock } from '../kernel/index.js';
import type { SqlReader, SqlTransaction, Storage } from '../storage/index.js';

/** What lives on the bank's clock; everything else is proof freshness and lives on wall time. */
const BUSINESS_MODELS: ReadonlySet<string> = new Set(['AccessToken', 'ClientCredentials', 'RefreshToken', 'Grant']);
/** What is kept, marked, after it was revoked, so that a dead token is told from one that never was. */
const KEPT_WHEN_REVOKED = BUSINESS_MODELS;
const TOKEN_MODELS = "('AccessToken', 'ClientCredentials')";

interface ArtefactRow {
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

/** Everything oidc-provider keeps, for one bank, on our storage. */
export interface Artefacts {
  adapterOf(model: string): Adapter;
  /** False when the proof was seen before and is still remembered; wall time. One statement, so two at once cannot both win. */
  rememberOnce(subject: string, untilEpochSeconds: number): Promise<boolean>;
  token(value: string): Promise<FoundToken | undefined>;
  revokeToken(value: string): Promise<void>;
  bindGrant(
    tx: SqlTransaction,
    grant: { readonly grantId: string; readonly consentId: string; readonly clientId: string },
  ): Promise<void>;
  consentOfGrant(grantId: string): Promise<string | undefined>;
  /** Everything issued under the consent is dead when this returns. */
  revokeConsent(consentId: string): Promise<void>;
  /** The same for all of a client. */
  revokeClient(tx: SqlTransaction, clientId: string): Promise<void>;
  /** Forgets what nobody can ask for any more. */
  purge(): Promise<void>;
}

export interface ArtefactsOptions {
  readonly bank: string;
  readonly storage: Storage;
  /** The bank's clock. */
  readonly clock: Clock;
  readonly wall: Clock;
  findClient(clientId: string): Promise<AdapterPayload | undefined>;
}

export function createArtefacts(options: ArtefactsOptions): Artefacts {
  const { bank, storage, clock, wall } = options;

  const row = (model: string, id: string, sql: SqlReader = storage.read): Promise<ArtefactRow | undefined> =>
    sql.get<ArtefactRow>('SELECT * FROM oidc_artefacts WHERE bank = ? AND model = ? AND id = ?', [
      bank,
      model,
      digest(id),
    ]);

  const revokeGrantIn = async (tx: SqlTransaction, grantId: string): Promise<void> => {
    await tx.run('UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND grant_id = ? AND revoked_at IS NULL', [
      clock.now(),
      bank,
      grantId,
    ]);
  };

  return {
    adapterOf: (model) =>
      model === 'Client' ? clientAdapter(options) : createAdapter({ ...options, model, row, revokeGrantIn }),
    rememberOnce: (subject, untilEpochSeconds) =>
      storage.transaction(async (tx) => {
        const { changes } = await tx.run(
          `INSERT INTO oidc_artefacts (bank, model, id, payload, wall_expires_at) VALUES (?, 'ReplayDetection', ?, '{}', ?)
           ON CONFLICT (bank, model, id) DO UPDATE SET wall_expires_at = excluded.wall_expires_at
           WHERE oidc_artefacts.wall_expires_at <= ?`,
          [bank, digest(subject), untilEpochSeconds * MS_PER_SECOND, wall.now()],
        );
        return changes === 1;
      }),
    async token(value) {
      const found = await storage.read.get<ArtefactRow & { consent_id: string | null }>(
        `SELECT a.*, g.consent_id FROM oidc_artefacts a
         LEFT JOIN auth_grants g ON g.bank = a.bank AND g.grant_id = a.grant_id
         WHERE a.bank = ? AND a.model IN ${TOKEN_MODELS} AND a.id = ?`,
        [bank, digest(value)],
      );
      return found && toToken(found, clock);
    },
    async revokeToken(value) {
      await storage.transaction((tx) =>
        tx.run(
          `UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND model IN ${TOKEN_MODELS} AND id = ? AND revoked_at IS NULL`,
          [clock.now(), bank, digest(value)],
        ),
      );
    },
    async bindGrant(tx, { grantId, consentId, clientId }) {
      await tx.run('INSERT INTO auth_grants (bank, grant_id, consent_id, client_id) VALUES (?, ?, ?, ?)', [
        bank,
        grantId,
        consentId,
        clientId,
      ]);
    },
    consentOfGrant: async (grantId) =>
      (
        await storage.read.get<{ consent_id: string }>(
          'SELECT consent_id FROM auth_grants WHERE bank = ? AND grant_id = ?',
          [bank, grantId],
        )
      )?.consent_id,
    async revokeConsent(consentId) {
      await storage.transaction((tx) =>
        tx.run(
          `UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND revoked_at IS NULL
           AND grant_id IN (SELECT grant_id FROM auth_grants WHERE bank = ? AND consent_id = ?)`,
          [clock.now(), bank, bank, consentId],
        ),
      );
    },
    async revokeClient(tx, clientId) {
      await tx.run('UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND client_id = ? AND revoked_at IS NULL', [
        clock.now(),
        bank,
        clientId,
      ]);
    },
    async purge() {
      await storage.transaction(async (tx) => {
        await tx.run(
          'DELETE FROM oidc_artefacts WHERE bank = ? AND business_expires_at IS NULL AND wall_expires_at < ?',
          [bank, wall.now() - MS_PER_HOUR],
        );
        await tx.run('DELETE FROM oidc_artefacts WHERE bank = ? AND business_expires_at < ?', [
          bank,
          clock.now() - 30 * MS_PER_DAY,
        ]);
      });
    },
  };
}

interface AdapterOptions extends ArtefactsOptions {
  readonly model: string;
  row(model: string, id: string, sql?: SqlReader): Promise<ArtefactRow | undefined>;
  revokeGrantIn(tx: SqlTransaction, grantId: string): Promise<void>;
}

function createAdapter(options: AdapterOptions): Adapter {
  const { bank, storage, clock, wall, model, row, revokeGrantIn } = options;
  const business = BUSINESS_MODELS.has(model);
  return {
    async upsert(id, payload, expiresIn) {
      const { jti, consumed, ...kept } = payload;
      const lifeMs = expiresIn === undefined ? undefined : expiresIn * MS_PER_SECOND;
      const grantId = model === 'Grant' ? id : payload.grantId;
      await storage.transaction(async (tx) => {
        // A grant that was revoked while this was being issued: the newborn is dead too.
        const revoked =
          business && grantId !== undefined && model !== 'Grant' ? await row('Grant', grantId, tx) : undefined;
        await tx.run(
          `INSERT INTO oidc_artefacts
             (bank, model, id, grant_id, client_id, uid, user_code, payload, wall_expires_at, business_expires_at, revoked_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (bank, model, id) DO UPDATE SET
             grant_id = excluded.grant_id, client_id = excluded.client_id, uid = excluded.uid, user_code = excluded.user_code,
             payload = excluded.payload, wall_expires_at = excluded.wall_expires_at,
             business_expires_at = excluded.business_expires_at`,
          [
            bank,
            model,
            digest(id),
            grantId ?? null,
            payload.clientId ?? null,
            payload.uid ?? null,
            payload.userCode ?? null,
            // Only a session is found by something else than its own secret id.
            JSON.stringify(model === 'Session' ? { ...kept, jti } : kept),
            lifeMs === undefined ? null : wall.now() + lifeMs,
            business && lifeMs !== undefined ? clock.now() + lifeMs : null,
            revoked?.revoked_at ?? null,
          ],
        );
      });
    },
    async find(id) {
      const found = await row(model, id);
      return found && toPayload(found, { id, clock, wall });
    },
    async findByUid(uid) {
      const found = await storage.read.get<ArtefactRow>(
        'SELECT * FROM oidc_artefacts WHERE bank = ? AND model = ? AND uid = ?',
        [bank, model, uid],
      );
      return found && toPayload(found, { id: undefined, clock, wall });
    },
    async findByUserCode(userCode) {
      const found = await storage.read.get<ArtefactRow>(
        'SELECT * FROM oidc_artefacts WHERE bank = ? AND model = ? AND user_code = ?',
        [bank, model, userCode],
      );
      return found && toPayload(found, { id: undefined, clock, wall });
    },
    async consume(id) {
      const won = await storage.transaction(async (tx) => {
        const { changes } = await tx.run(
          'UPDATE oidc_artefacts SET consumed_at = ? WHERE bank = ? AND model = ? AND id = ? AND consumed_at IS NULL',
          [wall.now(), bank, model, digest(id)],
        );
        if (changes === 1) return true;
        // Two redemptions at once: this one lost, and a code used twice ends what it gave (RFC 6749 4.1.2).
        const grantId = (await row(model, id, tx))?.grant_id;
        if (grantId != null) await revokeGrantIn(tx, grantId);
        return false;
      });
      if (won) return;
      if (model === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('request_uri was already used');
      throw new errors.InvalidGrant('already consumed');
    },
    async destroy(id) {
      await storage.transaction(async (tx) => {
        if (KEPT_WHEN_REVOKED.has(model)) {
          await tx.run(
            'UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND model = ? AND id = ? AND revoked_at IS NULL',
            [clock.now(), bank, model, digest(id)],
          );
        } else {
          await tx.run('DELETE FROM oidc_artefacts WHERE bank = ? AND model = ? AND id = ?', [bank, model, digest(id)]);
        }
      });
    },
    async revokeByGrantId(grantId) {
      await storage.transaction((tx) =>
        tx.run(
          'UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND grant_id = ? AND model = ? AND revoked_at IS NULL',
          [clock.now(), bank, grantId, model],
        ),
      );
    },
  };
}

/** Clients live in our own table; oidc-provider only reads them. */
function clientAdapter({ findClient }: ArtefactsOptions): Adapter {
  const refuse = (): Promise<never> => Promise.reject(new Error('clients are registered at our own endpoint'));
  return {
    find: findClient,
    upsert: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

/**
 * oidc-provider compares `exp` with wall time at every find. What lives on the bank's clock therefore gets an `exp` that
 * is as far away on the wall as its end is on the bank's clock, and is not found once it has ended there.
 */
function toPayload(
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

function toToken(found: ArtefactRow & { readonly consent_id: string | null }, clock: Clock): FoundToken {
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

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
