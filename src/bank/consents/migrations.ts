import { appendOnly, type ModuleMigrations } from '../../storage/index.js';

const TABLES = [
  `CREATE TABLE consents (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     bank TEXT NOT NULL,
     client_id TEXT NOT NULL,
     standard TEXT NOT NULL,
     subject TEXT NOT NULL,
     status TEXT NOT NULL,
     reason_actor TEXT NOT NULL,
     reason_code TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     status_at INTEGER NOT NULL,
     expires_at INTEGER,
     party_id TEXT,
     reauthorisable INTEGER NOT NULL,
     wire TEXT NOT NULL,
     bound_to TEXT,
     version INTEGER NOT NULL,
     deleted_at INTEGER
   ) STRICT`,
  'CREATE INDEX consents_by_client ON consents (bank, client_id)',
  'CREATE INDEX consents_by_party ON consents (bank, party_id)',
  'CREATE INDEX consents_by_end ON consents (bank, expires_at) WHERE expires_at IS NOT NULL',
  `CREATE TABLE consent_accounts (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     consent_id TEXT NOT NULL REFERENCES consents (id),
     account_id TEXT NOT NULL,
     linked_at INTEGER NOT NULL,
     unlinked_at INTEGER
   ) STRICT`,
  'CREATE INDEX consent_accounts_by_consent ON consent_accounts (consent_id)',
  `CREATE TABLE consent_evidence (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     consent_id TEXT NOT NULL REFERENCES consents (id),
     at INTEGER NOT NULL,
     actor TEXT NOT NULL,
     what TEXT NOT NULL,
     channel TEXT NOT NULL,
     shown TEXT
   ) STRICT`,
  'CREATE INDEX consent_evidence_by_consent ON consent_evidence (consent_id)',
  ...appendOnly({ table: 'consent_evidence', key: ['sequence'], because: 'evidence is append-only' }),
  `CREATE TABLE authorisations (
     id TEXT PRIMARY KEY,
     bank TEXT NOT NULL,
     consent_id TEXT NOT NULL REFERENCES consents (id),
     consent_version INTEGER NOT NULL,
     mode TEXT NOT NULL,
     status TEXT NOT NULL,
     decision TEXT,
     party_id TEXT,
     accounts TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     attempts_left INTEGER NOT NULL,
     code_sent_to TEXT,
     code_salt BLOB,
     code_hash BLOB,
     code_expires_at INTEGER,
     bound_to TEXT
   ) STRICT`,
];

/** Who carries a payment out, methods of the second factor, cancellations, and the count of reads. */
const RUNS_AND_READS = [
  "ALTER TABLE consents ADD COLUMN execution TEXT NOT NULL DEFAULT 'by-client'",
  "ALTER TABLE authorisations ADD COLUMN purpose TEXT NOT NULL DEFAULT 'consent'",
  'ALTER TABLE authorisations ADD COLUMN method_id TEXT',
  'ALTER TABLE authorisations ADD COLUMN identified_as TEXT',
  'CREATE INDEX authorisations_by_consent ON authorisations (consent_id)',
  `CREATE TABLE consent_accesses (
     consent_id TEXT NOT NULL REFERENCES consents (id),
     day TEXT NOT NULL,
     resource TEXT NOT NULL,
     attended INTEGER NOT NULL DEFAULT 0,
     unattended INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (consent_id, day, resource)
   ) STRICT, WITHOUT ROWID`,
];

/** What is kept of a yes that waits for the confirmation of the client. */
const CONFIRMATIONS = [
  'ALTER TABLE authorisations ADD COLUMN needs_confirmation INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE authorisations ADD COLUMN shown TEXT',
  'ALTER TABLE authorisations ADD COLUMN confirmation_salt BLOB',
  'ALTER TABLE authorisations ADD COLUMN confirmation_hash BLOB',
  'ALTER TABLE authorisations ADD COLUMN confirmation_expires_at INTEGER',
  'ALTER TABLE authorisations ADD COLUMN confirmation_attempts_left INTEGER',
];

/** How far a client has read, over the consents that replace each other. */
const READ_MARKS = `CREATE TABLE consent_read_marks (
     bank TEXT NOT NULL,
     client_id TEXT NOT NULL,
     party_id TEXT NOT NULL,
     resource TEXT NOT NULL,
     mark TEXT NOT NULL,
     PRIMARY KEY (bank, client_id, party_id, resource)
   ) STRICT, WITHOUT ROWID`;

/** Several customers who have to agree. */
const SIGNATURES = [
  'ALTER TABLE consents ADD COLUMN signatures_required INTEGER',
  'ALTER TABLE consents ADD COLUMN sign_until INTEGER',
  "CREATE INDEX consents_by_signing ON consents (bank, sign_until) WHERE status = 'partially-authorised'",
  `CREATE TABLE consent_signatures (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     consent_id TEXT NOT NULL REFERENCES consents (id),
     party_id TEXT NOT NULL,
     at INTEGER NOT NULL,
     UNIQUE (consent_id, party_id)
   ) STRICT`,
  ...appendOnly({ table: 'consent_signatures', key: ['sequence'], because: 'signatures are append-only' }),
];

export const consentsMigrations: ModuleMigrations = {
  module: 'bank-consents',
  steps: {
    '001-consents': async (tx) => {
      for (const table of TABLES) await tx.run(table);
    },
    '002-runs-and-reads': async (tx) => {
      for (const sql of RUNS_AND_READS) await tx.run(sql);
    },
    '003-confirmations': async (tx) => {
      for (const sql of CONFIRMATIONS) await tx.run(sql);
    },
    '004-read-marks': async (tx) => {
      await tx.run(READ_MARKS);
    },
    '005-signatures': async (tx) => {
      for (const sql of SIGNATURES) await tx.run(sql);
    },
  },
};
