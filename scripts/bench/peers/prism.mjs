/**
 * Prism with a fixed answer. It is no dependency: 185 packages for one number. The first run installs it into a folder of
 * its own beside the system's temporary files, and later runs find it there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { startServer } from '../servers.mjs';

export const PRISM_VERSION = '5.14.2';

export function installPrism() {
  const folder = join(tmpdir(), `sandbank-bench-prism-${PRISM_VERSION}`);
  const script = join(folder, 'node_modules/@stoplight/prism-cli/dist/index.js');
  if (existsSync(script)) return script;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', `@stoplight/prism-cli@${PRISM_VERSION}`];
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('Prism could not be installed; --without-prism leaves it out');
  return script;
}

/** Serves the whole document, with `page` as the example of the list of transactions. */
export async function startPrism({ script, document, page, folder, port }) {
  const described = parse(readFileSync(document, 'utf8'), { maxAliasCount: 1_000 });
  const answer = described.components.responses['TransactionsRead'];
  const [{ schema }] = Object.values(answer.content);
  answer.content = { 'application/json': { schema, example: page } };
  delete answer.headers;
  const file = join(folder, 'prism.yaml');
  writeFileSync(file, stringify(described, { aliasDuplicateObjects: false }));
  return startServer({
    script,
    args: ['mock', '--port', String(port), '--host', '127.0.0.1', file],
    readyLine: (line) => (line.includes('Prism is listening') ? port : undefined),
  });
}
