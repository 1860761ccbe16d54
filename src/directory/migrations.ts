import type { ModuleMigrations } from '../storage/index.js';

export const directoryMigrations: ModuleMigrations = {
  module: 'directory',
  steps: {
    '001-directory': async (tx) => {
      await tx.run(`
        CREATE TABLE directory_keys (
          name TEXT PRIMARY KEY,
          private_key_pem TEXT NOT NULL,
          certificate_pem TEXT,
          hosts TEXT,
          not_after INTEGER
        ) STRICT`);
      await tx.run(`
        CREATE TABLE directory_organisations (
          ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          bank_id TEXT UNIQUE,
          name TEXT NOT NULL,
          status TEXT NOT NULL CHECK (status IN ('Active', 'Revoked', 'Withdrawn')),
          roles TEXT NOT NULL,
          authority TEXT NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT`);
      await tx.run(`
        CREATE TABLE directory_software (
          ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          organisation_id TEXT NOT NULL REFERENCES directory_organisations (id),
          status TEXT NOT NULL CHECK (status IN ('Active', 'Revoked')),
          details TEXT NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT`);
      await tx.run('CREATE INDEX directory_software_of ON directory_software (organisation_id, ordinal)');
      await tx.run(`
        CREATE TABLE directory_certificates (
          ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
          serial TEXT NOT NULL UNIQUE,
          thumbprint TEXT NOT NULL UNIQUE,
          kid TEXT NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('transport', 'signing')),
          software_id TEXT NOT NULL REFERENCES directory_software (id),
          organisation_id TEXT NOT NULL REFERENCES directory_organisations (id),
          subject TEXT NOT NULL,
          not_before INTEGER NOT NULL,
          not_after INTEGER NOT NULL,
          revoked_at INTEGER,
          certificate_pem TEXT NOT NULL
        ) STRICT`);
      await tx.run('CREATE INDEX directory_certificates_of ON directory_certificates (software_id, ordinal)');
    },
  },
};
