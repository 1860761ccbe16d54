/** The same pages of the same customer in a small bank and in a large one. No page is asked for twice. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createLoad, median, percentile } from './load.mjs';
import { createCaller, pagesOf, requestOf, SANDBANK, startSandbank } from './world.mjs';

const HISTORY_MONTHS = 24;

export async function benchSizes({ folder, rounds, requests, customers }) {
  const large = join(folder, 'large');
  const began = performance.now();
  const args = [
    'generate',
    '--data-dir',
    large,
    '--customers',
    String(customers),
    '--months',
    String(HISTORY_MONTHS),
    '--json',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(SANDBANK), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`generate: ${stderr}`);
  const written = JSON.parse(stdout.trim().split('\n').at(-1));
  const seconds = (performance.now() - began) / 1_000;
  const banks = [await openBank('small', join(folder, 'small')), await openBank('large', large)];
  try {
    for (const bank of banks) await bank.round(Math.ceil(requests / 2));
    for (const bank of banks) bank.figures.length = 0;
    for (let round = 0; round < rounds; round += 1) for (const bank of banks) await bank.round(requests);
    const [small, big] = banks.map(({ summary }) => summary());
    return { transactions: written.transactions, seconds, small, large: big };
  } finally {
    for (const bank of banks) await bank.close();
  }
}

async function openBank(name, dataDir) {
  const server = await startSandbank(dataDir);
  const idle = (await server.usage()).rssBytes / 2 ** 20;
  const caller = await createCaller({ status: server.ready, customer: () => false });
  const pages = await pagesOf(caller);
  const load = createLoad(new URL(server.ready.mtlsOrigin).origin, { connections: 1, connect: caller.connect });
  const figures = [];
  const kinds = {
    'date range': shifting(pages, caller.readToken, 'toBookingDateTime'),
    'first page': shifting(pages, caller.readToken, 'fromBookingDateTime'),
    'deep page, again and again': requestOf(pages.deep, caller.readToken),
  };
  return {
    name,
    figures,
    async round(requests) {
      for (const [kind, next] of Object.entries(kinds)) {
        const before = await server.usage();
        const { latencies } = await load.run({ requests, next });
        const after = await server.usage();
        figures.push({ kind, cpuUs: (after.cpuUs - before.cpuUs) / requests, p50: percentile(latencies, 0.5) });
      }
    },
    summary: () => ({
      rssMb: idle,
      kinds: Object.keys(kinds).map((kind) => {
        const own = figures.filter((one) => one.kind === kind);
        return { kind, cpuUs: median(own.map(({ cpuUs }) => cpuUs)), p50: median(own.map(({ p50 }) => p50)) };
      }),
    }),
    close: async () => {
      await load.close();
      await caller.close();
      await server.stop();
    },
  };
}

/** A bound that moves by a second each time: the same hundred rows or so, and never the same question. */
export function shifting(pages, token, parameter) {
  const rows = pages.body.Data.Transaction;
  const start = Date.parse(parameter === 'toBookingDateTime' ? rows[20].BookingDateTime : '2001-01-01T00:00:00Z');
  let asked = 0;
  return () => {
    asked += 1;
    const at = new Date(start + (parameter === 'toBookingDateTime' ? -asked : asked) * 1_000)
      .toISOString()
      .slice(0, 19);
    const path = `${pages.first}?${parameter}=${encodeURIComponent(`${at}+00:00`)}`;
    return requestOf(path, token)();
  };
}
