import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the PostgreSQL of this run. Nothing is started here: the first test that asks for it does. */
export default function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-postgres-'));
  chmodSync(folder, 0o755);
  process.env.SANDBANK_TEST_POSTGRES = folder;
}
