import type { Adapter } from 'oidc-provider';

import { instant, MS_PER_DAY, MS_PER_HOUR, MS_PER_SECOND, type Instant } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { createAdapter } from '../adapter.js';
import { digest, toToken, type ArtefactRow, type ArtefactsOptions, type FoundToken } from './artefact-rows.js';

const TOKEN_MODELS = "('AccessToken', 'ClientCredentials')";
const KEPT_AFTER_END_MS = 30 * MS_PER_DAY;

/** Everything oidc-provider keeps, for one bank, on our storage. */
export interface Artefacts {
  adapterOf(model: string): Adapter;
  /** False when the proof was seen before and is still remembered; wall time. One statement, so two at once cannot both win. */
  rememberOnce(subject: string, untilEpochSeconds: number): Promise<boolean>;
  token(value: string): Promise<FoundToken | undefined>;
  revokeToken(value: string): Promise<void>;
  bindGrant(
    tx: SqlTransaction,
    grant: {
      readonly grantId: string;
      readonly consentId: string;
      readonly clientId: string;
      readonly authorisationId: string;
    },
  ): Promise<void>;
  /** In which authorisations of the consent a customer was about to give a grant. */
  authorisationsOfGrants(consentId: string): Promise<readonly string[]>;
  consentOfGrant(grantId: string): Promise<string | undefined>;
  /** Everything issued under the consent is dead when this returns. */
  revokeConsent(consentId: string): Promise<void>;
  /** The same for all of a client. */
  revokeClient(tx: SqlTransaction, clientId: string): Promise<void>;
  /** Tokens that ended by their time on the bank's clock, after `from` and up to `to`. */
  endedBetween(from: Instant, to: Instant): Promise<readonly EndedToken[]>;
  /** Forgets what nobody can ask for any more. */
  purge(): Promise<void>;
}

export interface EndedToken {
  readonly kind: 'access' | 'refresh';
  readonly at: Instant;
  readonly clientId: string;
}

export function createArtefacts(options: ArtefactsOptions): Artefacts {
  return {
    adapterOf: (model) => createAdapter({ ...options, model }),
    ...tokens(options),
    ...grants(options),
    ...upkeep(options),
  };
}

function tokens({ bank, storage, clock }: ArtefactsOptions): Pick<Artefacts, 'token' | 'revokeToken'> {
  return {
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
          `UPDATE oidc_artefacts SET revoked_at = ?
           WHERE bank = ? AND model IN ${TOKEN_MODELS} AND id = ? AND revoked_at IS NULL`,
          [clock.now(), bank, digest(value)],
        ),
      );
    },
  };
}

function grants({
  bank,
  storage,
  clock,
}: ArtefactsOptions): Pick<
  Artefacts,
  'bindGrant' | 'authorisationsOfGrants' | 'consentOfGrant' | 'revokeConsent' | 'revokeClient'
> {
  return {
    async bindGrant(tx, { grantId, consentId, clientId, authorisationId }) {
      await tx.run(
        'INSERT INTO auth_grants (bank, grant_id, consent_id, client_id, authorisation_id) VALUES (?, ?, ?, ?, ?)',
        [bank, grantId, consentId, clientId, authorisationId],
      );
    },
    async authorisationsOfGrants(consentId) {
      const rows = await storage.read.all<{ authorisation_id: string }>(
        'SELECT authorisation_id FROM auth_grants WHERE bank = ? AND consent_id = ? AND authorisation_id IS NOT NULL',
        [bank, consentId],
      );
      return rows.map((row) => row.authorisation_id);
    },
    async consentOfGrant(grantId) {
      const row = await storage.read.get<{ consent_id: string }>(
        'SELECT consent_id FROM auth_grants WHERE bank = ? AND grant_id = ?',
        [bank, grantId],
      );
      return row?.consent_id;
    },
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
  };
}

function upkeep({
  bank,
  storage,
  clock,
  wall,
}: ArtefactsOptions): Pick<Artefacts, 'rememberOnce' | 'endedBetween' | 'purge'> {
  return {
    async endedBetween(from, to) {
      const rows = await storage.read.all<{ model: string; client_id: string | null; business_expires_at: bigint }>(
        `SELECT model, client_id, business_expires_at FROM oidc_artefacts
         WHERE bank = ? AND model IN ('AccessToken', 'ClientCredentials', 'RefreshToken')
           AND business_expires_at > ? AND business_expires_at <= ? AND revoked_at IS NULL
         ORDER BY business_expires_at, id`,
        [bank, from, to],
      );
      return rows.map((row) => ({
        kind: row.model === 'RefreshToken' ? 'refresh' : 'access',
        at: instant(Number(row.business_expires_at)),
        clientId: row.client_id ?? '',
      }));
    },
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
    async purge() {
      await storage.transaction(async (tx) => {
        await tx.run(
          'DELETE FROM oidc_artefacts WHERE bank = ? AND business_expires_at IS NULL AND wall_expires_at < ?',
          [bank, wall.now() - MS_PER_HOUR],
        );
        await tx.run('DELETE FROM oidc_artefacts WHERE bank = ? AND business_expires_at < ?', [
          bank,
          clock.now() - KEPT_AFTER_END_MS,
        ]);
        // A grant is written before it is bound to its consent, so that a binding without one is of the past.
        await tx.run(
          `DELETE FROM auth_grants WHERE bank = ? AND NOT EXISTS (
             SELECT 1 FROM oidc_artefacts a WHERE a.bank = auth_grants.bank AND a.grant_id = auth_grants.grant_id)`,
          [bank],
        );
        // Long after the interaction that a journey is bound to.
        await tx.run('DELETE FROM auth_journeys WHERE bank = ? AND started_at < ?', [bank, wall.now() - MS_PER_DAY]);
      });
    },
  };
}
