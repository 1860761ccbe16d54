/** GET transactions, 100 rows: ours with everything on, beside peers that serve the same bytes with nothing on. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

import { createLoad, median, percentile } from './load.mjs';
import { installPrism, startPrism } from './peers/prism.mjs';
import { portOf, startServer } from './servers.mjs';
import { shifting } from './sizes.mjs';
import { createCaller, pagesOf, requestOf, startSandbank } from './world.mjs';

const CONNECTIONS = 10;

/** Every target in every round, so that what else the machine does falls on all of them. */
export async function benchPages({ folder, rounds, requests, withPrism, nodeArgs }) {
  const ours = await startSandbank(join(folder, 'world'), { args: ['--seed', '1'], nodeArgs });
  const caller = await createCaller({ status: ours.ready, customer: () => false });
  const pages = await pagesOf(caller);
  const file = join(folder, 'page.json');
  writeFileSync(file, JSON.stringify(pages.body));
  const peer = (name) => new URL(`peers/${name}.mjs`, import.meta.url);
  const servers = {
    'raw node:http, prepared bytes': await startServer({ script: peer('raw'), args: [file], readyLine: portOf }),
    'Express 5, JSON.stringify': await startServer({ script: peer('express'), args: [file], readyLine: portOf }),
    ...(withPrism && {
      'Prism, fixed example': await startPrism({
        script: installPrism(),
        document: resolve('openapi/uk-obie/4.0/account-info.yaml'),
        page: pages.body,
        folder,
        port: await freePort(),
      }),
    }),
  };
  const targets = [
    target('Sandbank, the same page again and again', ours, new URL(ours.ready.mtlsOrigin).origin, {
      next: requestOf(pages.first, caller.readToken),
      connect: caller.connect,
    }),
    target('Sandbank, never the same page twice', ours, new URL(ours.ready.mtlsOrigin).origin, {
      next: shifting(pages, caller.readToken, 'fromBookingDateTime'),
      connect: caller.connect,
    }),
    ...Object.entries(servers).map(([name, server]) =>
      target(name, server, `http://127.0.0.1:${server.ready}`, {
        next: requestOf(pages.first.replace(/^.*(?=\/accounts\/)/, ''), 'bench'),
      }),
    ),
  ];
  try {
    for (const one of targets) await one.round(Math.ceil(requests / 2));
    for (const one of targets) one.figures.length = 0;
    for (let round = 0; round < rounds; round += 1) for (const one of targets) await one.round(requests);
    return { bytes: pages.bytes, rows: targets.map(summary) };
  } finally {
    await Promise.all(targets.map(({ close }) => close()));
    await caller.close();
    await Promise.all([ours, ...Object.values(servers)].map(({ stop }) => stop()));
  }
}

function target(name, server, origin, { next, connect }) {
  const [single, many] = [1, CONNECTIONS].map((connections) => createLoad(origin, { connections, connect }));
  const figures = [];
  return {
    name,
    figures,
    round: async (requests) => {
      const alone = await single.run({ requests: Math.ceil(requests / 2), next });
      const before = await server.usage();
      const together = await many.run({ requests, next });
      const after = await server.usage();
      figures.push({
        cpuUs: (after.cpuUs - before.cpuUs) / requests,
        perSecond: together.perSecond,
        p50: percentile(alone.latencies, 0.5),
        p99: percentile(alone.latencies, 0.99),
        rssMb: after.rssBytes / 2 ** 20,
      });
    },
    close: () => Promise.all([single.close(), many.close()]),
  };
}

function summary({ name, figures }) {
  const of = (key) => median(figures.map((one) => one[key]));
  return { name, cpuUs: of('cpuUs'), perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), rssMb: of('rssMb') };
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
