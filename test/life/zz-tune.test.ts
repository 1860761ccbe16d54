import { test } from '@jest/globals';
import { createBank, bankMigrations, readStatement } from '../../src/bank/index.js';
import { loadWorld, registerLife, settleCustomers } from '../../src/life/index.js';
import { createClock, createIdScheme, createRandom, parseInstant, formatInstant, type Instant } from '../../src/kernel/index.js';
import { countersMigrations, openSqlite } from '../../src/storage/index.js';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
test('tune', async () => {
  let t = Date.now();
  const lap = (n: string) => { console.log(n, Date.now() - t); t = Date.now(); };
  const world = loadWorld('fixtures'); lap('load');
  const storage = openSqlite({ file: join(mkdtempSync(join(tmpdir(), 'life-')), 'a.db'), durability: 'FULL' });
  await storage.migrate([countersMigrations, ...bankMigrations]);
  const seed = Number(process.env['SEED'] ?? 1);
  const clock = createClock({ mode: 'frozen', at: parseInstant('2026-11-25T09:00:00Z') as Instant });
  const bank = createBank({ profile: world.banks[0]!.profile, storage, clock, ids: createIdScheme('k') } as any);
  registerLife(bank, { world, random: createRandom(seed) });
  lap('migr');
  const r = await settleCustomers({ bank, storage, world, random: createRandom(seed), clock, historyMonths: 24 });
  lap('settle ' + JSON.stringify(r));
  const parties = await bank.parties.list();
  const rows: string[] = [];
  const seen = new Set<string>();
  for (const p of parties) for (const a of await bank.accounts.ofParty(p.id)) {
    if (seen.has(a.id)) continue; seen.add(a.id);
    const lines = await readStatement(storage.read, { account: a.ledgerAccount, fromSeq: 1, toSeq: 1e9, direction: 'both', order: 'oldest-first', limit: 1e6 });
    const m = new Map<string, [number, number, number]>();
    const codes: Record<string, number> = {};
    for (const l of lines) { const k = formatInstant(l.bookedAt).slice(2, 7); const b = Number(l.balanceMinor) / 100; const o = m.get(k) ?? [b, b, b]; m.set(k, [Math.min(o[0], b), Math.max(o[1], b), b]); codes[l.detail.code] = (codes[l.detail.code] ?? 0) + 1; }
    rows.push(`${p.persona} ${a.product.id} n=${lines.length}\n  ` + [...m.values()].map(([lo, hi, e]) => `${Math.round(lo)}..${Math.round(hi)}>${Math.round(e)}`).join(' ') + '\n  ' + JSON.stringify(codes));
  }
  console.log(rows.join('\n'));
  t = Date.now();
  clock.moveTo((clock.now() + 30 * 86400000) as Instant);
  console.log((await bank.schedules.runDue(clock.now())).length); lap('30 days');
  const tb = await bank.trialBalance(); lap('trial');
  console.log(tb, await bank.schedules.parked());
});
