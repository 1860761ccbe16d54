import { dirname, join } from 'node:path';

import type { Sandbox } from '../../src/index.js';
import { createDirectory, type Directory } from '../../src/directory/index.js';
import { createClock, createIdScheme, instant, parseInstant } from '../../src/kernel/index.js';
import { openSqlite } from '../../src/storage/index.js';

/** The registry office of a running sandbox: what an operator of the directory can do and a third party cannot. */
export interface DirectoryDesk extends Directory {
  /** An assertion that says it was issued so long ago. */
  agedAssertion(softwareId: string, ageMs: number): Promise<string>;
  close(): Promise<void>;
}

/** Opens the directory of the sandbox a second time, over its database; only between requests, never beside them. */
export async function openDirectoryDesk(sandbox: Sandbox): Promise<DirectoryDesk> {
  const { caFile, directory, seed } = sandbox.status;
  const storage = openSqlite({ file: join(dirname(caFile), 'sandbank.db'), durability: 'OFF' });
  const at = parseInstant(sandbox.clock.now());
  if (at === undefined) throw new Error('the clock of the sandbox cannot be read');
  const options = {
    storage,
    clock: createClock({ mode: 'frozen', at }),
    ids: createIdScheme(`sandbank/${String(seed)}`),
    issuer: directory.issuer,
    hosts: [],
  };
  const desk = await createDirectory(options);
  return {
    ...desk,
    agedAssertion: async (softwareId, ageMs) => {
      const past = await createDirectory({ ...options, wall: { now: () => instant(Date.now() - ageMs) } });
      return past.assertion(softwareId);
    },
    close: () => storage.close(),
  };
}
