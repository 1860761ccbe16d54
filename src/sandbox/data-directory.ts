import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SandbankError } from '../kernel/index.js';

/** The folder of one ecosystem: database, the CA file for clients, the token of the control API. */
export interface DataDirectory {
  readonly path: string;
  readonly databaseFile: string;
  readonly caFile: string;
  readonly controlTokenFile: string;
  readonly controlToken: string;
  /** Where `sandbank explain` and friends find the running sandbox. */
  readonly readyFile: string;
  release(): void;
}

/** Opens or creates the folder and claims it: two sandboxes never share one. */
export function openDataDirectory(options: { readonly path: string; readonly ephemeral: boolean }): DataDirectory {
  const path = options.ephemeral ? mkdtempSync(join(tmpdir(), 'sandbank-')) : options.path;
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lockFile = join(path, 'sandbank.pid');
  claim(lockFile, path);
  const controlTokenFile = join(path, 'control-token');
  if (!existsSync(controlTokenFile))
    writeFileSync(controlTokenFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  const readyFile = join(path, 'ready.json');
  return {
    path,
    databaseFile: join(path, 'sandbank.db'),
    caFile: join(path, 'ca.pem'),
    controlTokenFile,
    controlToken: readFileSync(controlTokenFile, 'utf8').trim(),
    readyFile,
    release: () => {
      rmSync(readyFile, { force: true });
      rmSync(lockFile, { force: true });
      if (options.ephemeral) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A pid file. One left behind by a process that is gone (kill -9) is taken over. */
function claim(lockFile: string, path: string): void {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const descriptor = openSync(lockFile, 'wx', 0o600);
      writeFileSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(readFileSync(lockFile, 'utf8'));
      if (owner !== process.pid && isAlive(owner)) {
        throw new SandbankError('configuration.invalid', `Another Sandbank (process ${String(owner)}) uses ${path}.`, {
          exitCode: 5,
          expected: 'a data directory of its own',
          actual: path,
        });
      }
      if (owner === process.pid) {
        throw new SandbankError('configuration.invalid', `This process already runs a sandbox in ${path}.`, {
          exitCode: 5,
        });
      }
      rmSync(lockFile, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
