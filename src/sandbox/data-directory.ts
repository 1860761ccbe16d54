import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SandbankError } from '../kernel/index.js';
import { claimFile } from '../storage/index.js';

/** The folder of one ecosystem: database, the CA file for clients, the token of the control API. */
export interface DataDirectory {
  readonly path: string;
  readonly databaseFile: string;
  readonly caFile: string;
  readonly controlTokenFile: string;
  readonly controlToken: string;
  /** Where `sandbank explain` and friends find the running sandbox. */
  readonly readyFile: string;
  /** The same folder with a token that others have, too; its file is written. */
  withControlToken(token: string): DataDirectory;
  release(): void;
}

/** Where the database of a data directory lies. While a reset is under way the world is the one of before. */
export function databaseFileOf(path: string): string {
  return join(path, 'sandbank.db');
}

/** Opens or creates the folder and claims it: two sandboxes never share one. */
export function openDataDirectory(options: { readonly path: string; readonly ephemeral: boolean }): DataDirectory {
  const path = options.ephemeral ? mkdtempSync(join(tmpdir(), 'sandbank-')) : options.path;
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const letGo = claim(path);
  const controlTokenFile = join(path, 'control-token');
  const readyFile = join(path, 'ready.json');
  const directory: DataDirectory = {
    path,
    databaseFile: databaseFileOf(path),
    caFile: join(path, 'ca.pem'),
    controlTokenFile,
    controlToken: controlTokenOf(controlTokenFile),
    readyFile,
    withControlToken: (token) => {
      if (token !== readFileSync(controlTokenFile, 'utf8').trim())
        writeFileSync(controlTokenFile, token, { mode: 0o600 });
      return { ...directory, controlToken: token };
    },
    release: () => {
      rmSync(readyFile, { force: true });
      letGo();
      if (options.ephemeral) rmSync(path, { recursive: true, force: true });
    },
  };
  return directory;
}

/** Whoever works on a stopped data directory claims this file, so that no sandbox starts on it meanwhile. */
export function lockFileOf(path: string): string {
  return join(path, 'sandbank.lock');
}

/** Two sandboxes never share a folder. The claim ends with the process, also by `kill -9`; the pid file only tells who. */
function claim(path: string): () => void {
  const pidFile = join(path, 'sandbank.pid');
  const release = claimFile(lockFileOf(path));
  if (!release) {
    const owner = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : 'unknown';
    const who =
      owner === String(process.pid) ? 'This process already runs a sandbox' : `Process ${owner} runs a sandbox`;
    throw new SandbankError('configuration.invalid', `${who} in ${path}.`, {
      exitCode: 5,
      expected: 'a data directory of its own',
      actual: path,
    });
  }
  writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
  return () => {
    rmSync(pidFile, { force: true });
    release();
  };
}

/** Read or made. An empty file is what a crash between its creation and its first byte leaves. */
function controlTokenOf(file: string): string {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept !== '') return kept;
  const token = randomBytes(24).toString('base64url');
  writeFileSync(file, token, { mode: 0o600 });
  return token;
}
