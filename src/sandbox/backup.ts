import { chmodSync, existsSync, statSync } from 'node:fs';

import { SandbankError } from '../kernel/index.js';
import { copySqlite } from '../storage/index.js';
import { databaseFileOf } from './data-directory.js';
import { verifyFile } from './offline-verification.js';
import { replacedDatabaseOf } from './world-files.js';

/**
 * Copies the database of a data directory as it is at one instant, whoever writes to it, and verifies the copy before it
 * gets its name. Throws `configuration.invalid`: with exit code 4 where there is no world, 5 where the file is there
 * already, 1 where the copy is not sound.
 */
export async function backUp(
  dataDir: string,
  file: string,
): Promise<{ readonly bytes: number; readonly claims: number }> {
  const database = databaseFileOf(dataDir);
  const from = [replacedDatabaseOf(database), database].find((one) => existsSync(one));
  if (from === undefined) {
    throw new SandbankError('configuration.invalid', 'There is no world in this data directory.', {
      exitCode: 4,
      actual: dataDir,
    });
  }
  if (existsSync(file)) {
    throw new SandbankError('configuration.invalid', 'This file is there already.', { exitCode: 5, actual: file });
  }
  let claims = 0;
  await copySqlite({
    from,
    to: file,
    check: async (copy) => {
      chmodSync(copy, 0o600);
      const { ok, checks } = await verifyFile(copy);
      claims = checks.length;
      if (ok) return;
      throw new SandbankError('configuration.invalid', 'The world is not sound: see sandbank verify.', {
        exitCode: 1,
        actual: checks.find((check) => !check.ok)?.name ?? '',
      });
    },
  });
  return { bytes: statSync(file).size, claims };
}
