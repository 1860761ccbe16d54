/** A start with a world that is there already, and what it holds in memory when nobody calls, beside bare oidc-provider. */
import { setTimeout as wait } from 'node:timers/promises';

import { median } from './load.mjs';
import { portOf, startServer } from './servers.mjs';
import { startSandbank } from './world.mjs';

const IDLE_MS = 2_000;

export async function benchStart({ dataDir, rounds }) {
  const figures = { ours: [], provider: [] };
  await (await startSandbank(dataDir)).stop();
  for (let round = 0; round < rounds; round += 1) {
    figures.ours.push(await oneStart(() => startSandbank(dataDir)));
    const script = new URL('peers/provider.mjs', import.meta.url);
    figures.provider.push(await oneStart(() => startServer({ script, readyLine: portOf })));
  }
  const summary = (list) => ({
    cpuMs: median(list.map(({ cpuMs }) => cpuMs)),
    readyMs: median(list.map(({ readyMs }) => readyMs)),
    rssMb: median(list.map(({ rssMb }) => rssMb)),
  });
  return { ours: summary(figures.ours), provider: summary(figures.provider) };
}

async function oneStart(start) {
  const server = await start();
  const { cpuUs } = await server.usage();
  await wait(IDLE_MS);
  const { rssBytes } = await server.usage();
  await server.stop();
  return { cpuMs: cpuUs / 1_000, readyMs: server.readyMs, rssMb: rssBytes / 2 ** 20 };
}
