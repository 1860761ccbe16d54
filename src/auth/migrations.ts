import type { ModuleMigrations } from '../storage/index.js';

/** The tables of the authorization server. */
export const authMigrations: ModuleMigrations = {
  module: 'auth',
  steps: {
    '001-artefacts': async (tx) => {
      // `id` is a digest: whoever reads the database does not get a token out of it.
      await tx.run(`
        CREATE TABLE oidc_artefacts (
          bank TEXT NOT NULL,
          model TEXT NOT NULL,
          id TEXT NOT NULL,
          grant_id TEXT,
          client_id TEXT,
          uid TEXT,
          user_code TEXT,
          payload TEXT NOT NULL,
          wall_expires_at INTEGER,
          business_expires_at INTEGER,
          consumed_at INTEGER,
          revoked_at INTEGER,
          PRIMARY KEY (bank, model, id)
        ) STRICT, WITHOUT ROWID`);
      await tx.run(
        'CREATE INDEX oidc_artefacts_by_grant ON oidc_artefacts (bank, grant_id) WHERE grant_id IS NOT NULL',
      );
      await tx.run(
        'CREATE INDEX oidc_artefacts_by_client ON oidc_artefacts (bank, client_id) WHERE client_id IS NOT NULL',
      );
      await tx.run('CREATE INDEX oidc_artefacts_by_uid ON oidc_artefacts (bank, model, uid) WHERE uid IS NOT NULL');
      await tx.run('CREATE INDEX oidc_artefacts_by_end ON oidc_artefacts (bank, wall_expires_at)');
    },
    '002-grants': async (tx) => {
      await tx.run(`
        CREATE TABLE auth_grants (
          bank TEXT NOT NULL,
          grant_id TEXT NOT NULL,
          consent_id TEXT NOT NULL,
          client_id TEXT NOT NULL,
          PRIMARY KEY (bank, grant_id)
        ) STRICT, WITHOUT ROWID`);
      await tx.run('CREATE INDEX auth_grants_by_consent ON auth_grants (bank, consent_id)');
    },
    '003-clients': async (tx) => {
      await tx.run(`
        CREATE TABLE auth_clients (
          bank TEXT NOT NULL,
          client_id TEXT NOT NULL,
          software_id TEXT NOT NULL,
          organisation_id TEXT NOT NULL,
          profile TEXT NOT NULL,
          jwks_uri TEXT NOT NULL,
          metadata TEXT NOT NULL,
          registration TEXT NOT NULL,
          statement TEXT NOT NULL,
          registered_at INTEGER NOT NULL,
          deleted_at INTEGER,
          PRIMARY KEY (bank, client_id)
        ) STRICT, WITHOUT ROWID`);
      await tx.run('CREATE INDEX auth_clients_by_jwks ON auth_clients (bank, jwks_uri)');
    },
    '004-secrets': async (tx) => {
      await tx.run(`
        CREATE TABLE auth_secrets (
          bank TEXT NOT NULL,
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (bank, name)
        ) STRICT, WITHOUT ROWID`);
    },
    '005-journeys': async (tx) => {
      await tx.run(`
        CREATE TABLE auth_journeys (
          bank TEXT NOT NULL,
          uid TEXT NOT NULL,
          consent_id TEXT NOT NULL,
          authorisation_id TEXT NOT NULL,
          step TEXT NOT NULL,
          party_id TEXT,
          problem TEXT,
          outcome TEXT,
          PRIMARY KEY (bank, uid)
        ) STRICT, WITHOUT ROWID`);
    },
    '006-journey-start': async (tx) => {
      await tx.run('ALTER TABLE auth_journeys DROP COLUMN outcome');
      await tx.run('ALTER TABLE auth_journeys ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0');
    },
    '007-journey-request': async (tx) => {
      await tx.run("ALTER TABLE auth_journeys ADD COLUMN request TEXT NOT NULL DEFAULT ''");
      await tx.run('CREATE INDEX auth_journeys_by_request ON auth_journeys (bank, request)');
    },
    '008-links': async (tx) => {
      // `link` and `browser` are digests, as with artefacts.
      await tx.run(`
        CREATE TABLE auth_links (
          bank TEXT NOT NULL,
          link TEXT NOT NULL,
          authorisation_id TEXT NOT NULL,
          done TEXT NOT NULL,
          failed TEXT,
          expires_at INTEGER NOT NULL,
          browser TEXT,
          PRIMARY KEY (bank, link)
        ) STRICT, WITHOUT ROWID`);
      await tx.run('CREATE INDEX auth_links_by_end ON auth_links (bank, expires_at)');
    },
    '009-grant-authorisation': async (tx) => {
      await tx.run('ALTER TABLE auth_grants ADD COLUMN authorisation_id TEXT');
    },
  },
};
