import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { startCommand } from '../../src/cli/commands/start.js';
import { readPostgresAddress } from '../../src/storage/index.js';

const root = process.cwd();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly network_mode?: string;
}

/** What can be checked without a container engine: that the files are sound and agree with the program. */
describe('containers', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly configs: { readonly proxy: { readonly content: string } };
  };
  const banks = Object.entries(compose.services).filter(([name]) => name.startsWith('bank-'));
  const flag = ({ command = [] }: Service, name: string): string => command[command.indexOf(name) + 1] ?? '';

  test('the commands of docker-compose.yml have the flags that `sandbank start` knows', () => {
    const known = new Set(startCommand({} as never, () => undefined).options.map(({ long }) => long));
    expect(banks).toHaveLength(2);
    for (const [, { command = [] }] of banks) {
      expect(command[0]).toBe('start');
      for (const word of command.filter((one) => one.startsWith('--'))) expect([...known]).toContain(word);
    }
  });

  test('the proxy passes each published port on to each bank, and the banks announce the published ports', () => {
    const { content } = compose.configs.proxy;
    const upstream = (name: string): readonly string[] =>
      [...(new RegExp(`upstream ${name} \\{([^}]*)\\}`).exec(content)?.[1] ?? '').matchAll(/127\.0\.0\.1:(\d+)/g)].map(
        ([, port]) => port ?? '',
      );
    const published = compose.services['proxy']?.ports ?? [];
    for (const [listen, pass, announced, bound] of [
      ['8443', 'browsers', '--port', '--listen-port'],
      ['8444', 'clients', '--mtls-port', '--listen-mtls-port'],
    ] as const) {
      expect(published).toContain(`127.0.0.1:${listen}:${listen}`);
      expect(content).toMatch(new RegExp(`listen ${listen}; proxy_pass ${pass};`));
      expect(upstream(pass)).toEqual(banks.map(([, bank]) => flag(bank, bound)));
      for (const [, bank] of banks) expect(flag(bank, announced)).toBe(listen);
    }
    for (const [, bank] of banks) expect(bank.network_mode).toBe('service:proxy');
  });

  test('the address of the database is one that Sandbank takes', () => {
    for (const [, { environment = {} }] of banks) {
      const address = (environment['SANDBANK_DATABASE'] ?? '').replace(/\$\{\w+:-(\w+)\}/g, '$1');
      expect(readPostgresAddress(address)).toMatchObject({ schema: 'sandbank' });
    }
  });

  test('the image runs the Node of the package, as a user who is not root, with a health check, from files that exist', () => {
    const dockerfile = read('Dockerfile');
    const { engines, files } = JSON.parse(read('package.json')) as { engines: { node: string }; files: string[] };
    const major = /\d+/.exec(engines.node)?.[0];
    for (const [, image] of dockerfile.matchAll(/^FROM node:(\d+)/gm)) expect(image).toBe(major);
    const lines = dockerfile.split('\n').map((line) => line.trim());
    const last = lines.findLastIndex((line) => line.startsWith('USER '));
    expect(lines[last]).toBe('USER node');
    expect(lines.slice(last).some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
    expect(lines.slice(last).some((line) => line.startsWith('ENTRYPOINT ["node", "scripts/sandbank.cjs"]'))).toBe(true);
    const copied = [...dockerfile.matchAll(/^COPY --from=build \/sandbank\/(\S+)/gm)].map(([, path]) => path ?? '');
    for (const path of copied.filter((one) => one !== 'dist' && one !== 'node_modules'))
      expect(existsSync(join(root, path))).toBe(true);
    // What the package needs at run time is in the image.
    const needed = files.filter((file) => !file.startsWith('!') && !file.endsWith('.md'));
    for (const file of needed) expect(copied).toContain(file);
  });
});
