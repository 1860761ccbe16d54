import { errors, type Adapter } from 'oidc-provider';

import { MS_PER_SECOND } from '../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../storage/index.js';
import { digest, toPayload, type ArtefactRow, type ArtefactsOptions } from './artefacts/artefact-rows.js';

/** What lives on the bank's clock; everything else is proof freshness and lives on wall time. */
const BUSINESS_MODELS: ReadonlySet<string> = new Set(['AccessToken', 'ClientCredentials', 'RefreshToken', 'Grant']);

const UPSERT = `
  INSERT INTO oidc_artefacts
    (bank, model, id, grant_id, client_id, uid, user_code, payload, wall_expires_at, business_expires_at, revoked_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (bank, model, id) DO UPDATE SET
    grant_id = excluded.grant_id, client_id = excluded.client_id, uid = excluded.uid, user_code = excluded.user_code,
    payload = excluded.payload, wall_expires_at = excluded.wall_expires_at,
    business_expires_at = excluded.business_expires_at`;

interface AdapterOptions extends ArtefactsOptions {
  readonly model: string;
}

/** oidc-provider's storage port for one of its models, on our tables. */
export function createAdapter(options: AdapterOptions): Adapter {
  if (options.model === 'Client') return clientAdapter(options);
  const { bank, storage, clock, wall, model } = options;
  const found = async (column: 'id' | 'uid' | 'user_code', value: string): Promise<ArtefactRow | undefined> =>
    storage.read.get<ArtefactRow>(`SELECT * FROM oidc_artefacts WHERE bank = ? AND model = ? AND ${column} = ?`, [
      bank,
      model,
      value,
    ]);
  const payloadOf = (row: ArtefactRow | undefined, id?: string): ReturnType<typeof toPayload> =>
    row && toPayload(row, { id, clock, wall });
  return {
    upsert: async (id, payload, expiresIn) => save(options, { id, payload, expiresIn }),
    find: async (id) => payloadOf(await found('id', digest(id)), id),
    findByUid: async (uid) => payloadOf(await found('uid', uid)),
    findByUserCode: async (userCode) => payloadOf(await found('user_code', userCode)),
    consume: async (id) => {
      if (await consumeOnce(id, options)) return;
      if (model === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('request_uri was already used');
      throw new errors.InvalidGrant('already consumed');
    },
    destroy: async (id) => {
      // Kept and marked: a dead token is told from one that never was.
      await storage.transaction((tx) =>
        BUSINESS_MODELS.has(model)
          ? tx.run(
              'UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND model = ? AND id = ? AND revoked_at IS NULL',
              [clock.now(), bank, model, digest(id)],
            )
          : tx.run('DELETE FROM oidc_artefacts WHERE bank = ? AND model = ? AND id = ?', [bank, model, digest(id)]),
      );
    },
    revokeByGrantId: async (grantId) => {
      await storage.transaction((tx) =>
        tx.run(
          'UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND grant_id = ? AND model = ? AND revoked_at IS NULL',
          [clock.now(), bank, grantId, model],
        ),
      );
    },
  };
}

async function save(
  { bank, storage, clock, wall, model }: AdapterOptions,
  input: {
    readonly id: string;
    readonly payload: Parameters<Adapter['upsert']>[1];
    readonly expiresIn: number | undefined;
  },
): Promise<void> {
  const { id, payload, expiresIn } = input;
  const { jti, ...kept } = payload;
  const lifeMs = expiresIn === undefined ? undefined : expiresIn * MS_PER_SECOND;
  const business = BUSINESS_MODELS.has(model);
  const grantId = model === 'Grant' ? id : payload.grantId;
  await storage.transaction(async (tx) => {
    // A grant that was revoked while this was being issued: the newborn is dead too.
    const grant =
      business && grantId !== undefined && model !== 'Grant' ? await grantRow(tx, { bank, grantId }) : undefined;
    await tx.run(UPSERT, [
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
      grant?.revoked_at ?? null,
    ]);
  });
}

function grantRow(
  sql: SqlReader,
  { bank, grantId }: { readonly bank: string; readonly grantId: string },
): Promise<ArtefactRow | undefined> {
  return sql.get<ArtefactRow>("SELECT * FROM oidc_artefacts WHERE bank = ? AND model = 'Grant' AND id = ?", [
    bank,
    digest(grantId),
  ]);
}

/** False for whoever comes second, who then also ends what the first one got: a code used twice (RFC 6749 4.1.2). */
function consumeOnce(id: string, { bank, storage, clock, wall, model }: AdapterOptions): Promise<boolean> {
  return storage.transaction(async (tx: SqlTransaction) => {
    const { changes } = await tx.run(
      'UPDATE oidc_artefacts SET consumed_at = ? WHERE bank = ? AND model = ? AND id = ? AND consumed_at IS NULL',
      [wall.now(), bank, model, digest(id)],
    );
    if (changes === 1) return true;
    await tx.run(
      `UPDATE oidc_artefacts SET revoked_at = ? WHERE bank = ? AND revoked_at IS NULL AND grant_id =
         (SELECT grant_id FROM oidc_artefacts WHERE bank = ? AND model = ? AND id = ?)`,
      [clock.now(), bank, bank, model, digest(id)],
    );
    return false;
  });
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
