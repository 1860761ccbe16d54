import { existsSync } from 'node:fs';

import { SandbankError } from '../kernel/index.js';
import { claimFile, readSqliteSnapshot, type SqlReader } from '../storage/index.js';
import { connectToSandbox } from './control-client.js';
import { databaseFileOf, lockFileOf } from './data-directory.js';
import { replacedDatabaseOf } from './world-files.js';
import { migrationNames } from './tables.js';
import { verifyWorld, type Verification } from './verification.js';
import { readWorldSettings } from './world-settings.js';

/**
 * Verifies the world of a data directory: over the control API where a sandbox runs on it, from the file where none does.
 * Changes nothing. Throws `configuration.invalid`: with exit code 4 where there is no world, and for one of another version.
 */
export async function verifyDataDirectory(dataDir: string): Promise<Verification> {
  const file = databaseFileOf(dataDir);
  const found = [replacedDatabaseOf(file), file].find((one) => existsSync(one));
  if (found === undefined) {
    throw new SandbankError('configuration.invalid', 'There is no world in this data directory.', {
      exitCode: 4,
      actual: dataDir,
    });
  }
  const release = claimFile(lockFileOf(dataDir));
  if (!release) return verifyRunning(dataDir);
  try {
    return await verifyFile(found);
  } finally {
    release();
  }
}

async function verifyRunning(dataDir: string): Promise<Verification> {
  const control = connectToSandbox(dataDir);
  try {
    return await control.get<Verification>('/verification');
  } finally {
    await control.close();
  }
}

/** Verifies a database file that nobody writes to. A file that is no database any more is one fault, and no error. */
export async function verifyFile(file: string): Promise<Verification> {
  try {
    return await readSqliteSnapshot(file, async (sql) => {
      await refuseOtherVersion(sql);
      const { writtenFrom = {} } = await readWorldSettings(sql);
      return verifyWorld(sql, Object.keys(writtenFrom));
    });
  } catch (error) {
    if (!isDamaged(error)) throw error;
    const fault = { where: 'database', expected: 'ok', actual: error.message };
    return {
      ok: false,
      checks: [
        {
          name: 'the database file is whole',
          ok: false,
          detail: `database: ${error.message}, not ok`,
          faults: [fault],
        },
      ],
    };
  }
}

/** The claims are about the tables of this version. */
async function refuseOtherVersion(sql: SqlReader): Promise<void> {
  const rows = await sql.all<{ name: string }>('SELECT name FROM migrations');
  const applied = new Set(rows.map(({ name }) => name));
  const wanted = migrationNames();
  const missing = wanted.filter((name) => !applied.has(name));
  if (missing.length === 0 && applied.size === wanted.length) return;
  throw new SandbankError('configuration.invalid', 'This world was written by another version of Sandbank.', {
    expected: missing.length > 0 ? 'a world that this version has been started on once' : 'the version that wrote it',
    actual: missing.length > 0 ? `without ${missing.join(', ')}` : 'a newer world',
  });
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function isDamaged(error: unknown): error is Error {
  return (
    error instanceof Error && 'errcode' in error && [SQLITE_CORRUPT, SQLITE_NOTADB].includes(Number(error.errcode))
  );
}
