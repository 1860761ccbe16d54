import { authMigrations } from '../auth/index.js';
import { bankMigrations } from '../bank/index.js';
import { directoryMigrations } from '../directory/index.js';
import { observeMigrations } from '../observe/index.js';
import { countersMigrations, type ModuleMigrations, type TableCopy } from '../storage/index.js';

/** Tables of all modules, in the order in which they refer to each other. */
export const ECOSYSTEM_MIGRATIONS: readonly ModuleMigrations[] = [
  countersMigrations,
  ...bankMigrations,
  directoryMigrations,
  authMigrations,
  observeMigrations,
];

/** What survives a reset: trust, registrations and keys, so that clients need not register again. */
export const KEPT_AT_RESET: readonly TableCopy[] = [
  { table: 'directory_keys' },
  { table: 'directory_organisations' },
  { table: 'directory_software' },
  { table: 'directory_certificates' },
  { table: 'auth_clients' },
  { table: 'auth_secrets' },
  { table: 'counters', where: "kind IN ('organisation', 'software', 'certificate', 'client')" },
];

/** Beside what a reset keeps: proofs that were used stay used, whatever else goes back. */
export const KEPT_AT_LOAD: readonly TableCopy[] = [
  ...KEPT_AT_RESET,
  { table: 'oidc_artefacts', where: "model = 'ReplayDetection'" },
];

/** Steps of all tables, as `migrations` names them. */
export function migrationNames(): readonly string[] {
  return ECOSYSTEM_MIGRATIONS.flatMap(({ module, steps }) => Object.keys(steps).map((step) => `${module}/${step}`));
}
