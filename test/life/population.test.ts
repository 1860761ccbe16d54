import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { readStatement, type StatementLine } from '../../src/bank/index.js';
import { createRandom, dateOf, instant, MS_PER_DAY, parseInstant } from '../../src/kernel/index.js';
import {
  drawRealism,
  loadWorld,
  measureRealism,
  settlePopulation,
  type Realism,
  type SettledPopulation,
} from '../../src/life/index.js';
import { asText, liveAt, type LivedBank, type Statement } from './lived-bank.js';

const WORLD = loadWorld('fixtures');
const NOW = '2026-11-25T09:00:00Z';

interface Wish {
  readonly customers: number;
  readonly months: number;
  readonly seed?: number;
}

/** Adds drawn customers to a bank where the personas live. */
function populate({ bank, storage, clock }: LivedBank, wish: Wish): Promise<SettledPopulation> {
  return settlePopulation({ bank, storage, clock, world: WORLD, random: createRandom(1), ...wish });
}

/** Drawn customers are nobody's persona. */
async function drawn(lived: LivedBank): Promise<readonly Statement[]> {
  return (await lived.statements()).filter(({ persona }) => persona === '');
}

async function populated(wish: Wish & { readonly now?: string; readonly bank?: string }): Promise<LivedBank> {
  const { now = NOW, bank = 'bramble', ...population } = wish;
  const lived = await liveAt({ now, months: 1, bank });
  await populate(lived, population);
  return lived;
}

describe.each([
  [
    'bramble',
    {
      rare: ['UNIVERSAL CREDIT', 'CHILD BENEFIT', 'CHARGEBACK', 'REFUND'],
      foreign: /^(?:EUR|USD|SEK) \d+\.\d\d AT \d+\.\d{4}$/,
    },
  ],
  [
    'dogger',
    {
      rare: ['Arbeitslosengeld', 'Kindergeld', 'Rückbelastung nach Reklamation', 'Erstattung'],
      foreign: /^\d+,\d\d (?:CHF|CZK|DKK|GBP), Kurs \d+,\d{4}$/,
    },
  ],
])('300 drawn customers of %s over 12 months', (bankId, words) => {
  let lived: LivedBank;
  let realism: Realism;
  let statements: readonly Statement[];

  beforeAll(async () => {
    lived = await populated({ customers: 300, months: 12, bank: bankId });
    realism = await measureRealism({ bank: lived.bank, sql: lived.storage.read, world: WORLD });
    statements = await drawn(lived);
  }, 120_000);
  afterAll(() => lived.storage.close());

  test('spend on each division what a household survey found, within 4 points', () => {
    expect(realism.spending.known).toBeGreaterThan(0.99);
    const off = realism.spending.divisions.filter(({ share, survey }) => Math.abs(share - survey) > 0.04);
    expect(off).toEqual([]);
  });

  test('pay by card more on Saturdays than on weekdays, and more after payday than before', () => {
    const [monday = 0, , , , , saturday = 0] = realism.weekdays;
    expect(saturday / monday).toBeGreaterThan(1.15);
    expect(saturday / monday).toBeLessThan(1.6);
    const mean = (from: number, to: number) =>
      realism.daysOfMonth.slice(from - 1, to).reduce((sum, level) => sum + level, 0) / (to - from + 1);
    expect(mean(1, 8) / mean(20, 26)).toBeGreaterThan(1.05);
  });

  test('spend most in December', () => {
    const most = realism.months.reduce((a, b) => (a.level > b.level ? a : b));
    expect(most.month).toBe('2025-12');
  });

  test('are overdrawn now and then: 2 to 15 of a hundred accounts on an average day', () => {
    expect(realism.overdraft.mean).toBeGreaterThan(0.02);
    expect(realism.overdraft.mean).toBeLessThan(0.15);
    expect(realism.overdraft.ever).toBeGreaterThan(realism.overdraft.mean);
  });

  test('earn unequally: the richest tenth at least 2.5 times the poorest', () => {
    const { deciles, median } = realism.income;
    expect(median).toBeGreaterThan(1_800);
    expect(median).toBeLessThan(3_200);
    expect((deciles[8] ?? 0) / (deciles[0] ?? 1)).toBeGreaterThan(2.5);
    expect((deciles[8] ?? 0) / (deciles[0] ?? 1)).toBeLessThan(6);
  });

  test('follow Benford’s law: mean deviation of first digits below 0.015, chi-squared a line below 0.02', () => {
    expect(realism.firstDigits.count).toBeGreaterThan(200_000);
    expect(realism.firstDigits.meanDeviation).toBeLessThan(0.015);
    expect(realism.firstDigits.chiSquaredPerLine).toBeLessThan(0.02);
  });

  test('have running balances that derive again, all of them, and books that balance', async () => {
    expect(realism.runningBalances).toEqual({ lines: realism.transactions, wrong: 0 });
    const trial = await lived.bank.trialBalance();
    expect([trial.differences, trial.unbalancedEntries]).toEqual([[], 0]);
    expect(trial.currencies.map(({ sumMinor }) => sumMinor)).toEqual([0n]);
  });

  test('stay within their limits, and no line comes before an earlier one', () => {
    expect(statements).toHaveLength(realism.accounts);
    const late = instant((parseInstant(NOW) ?? 0) + 1);
    for (const { lines, limitMinor } of statements) {
      for (const [index, { balanceMinor, bookedAt }] of lines.entries()) {
        if (balanceMinor < -limitMinor) throw new Error(`${String(balanceMinor)} below ${String(limitMinor)}`);
        if (bookedAt >= late || bookedAt < (lines[index - 1]?.bookedAt ?? 0)) throw new Error('out of time');
      }
    }
  });

  test('lose jobs, have children, dispute payments and send things back', () => {
    const said = new Set(statements.flatMap(({ lines }) => lines.map(({ detail }) => detail.reference)));
    for (const word of words.rare) expect([word, said.has(word)]).toEqual([word, true]);
    const codes = new Set(statements.flatMap(({ lines }) => lines.map(({ detail }) => detail.code)));
    for (const code of [
      'cash-withdrawal',
      'interest-charged',
      'interest-paid',
      'mortgage-payment',
      'rent',
      'refund',
    ] as const)
      expect([code, codes.has(code)]).toEqual([code, true]);
  });

  test('pay abroad in other currencies, with the rate on the line and a fee after it', () => {
    const abroad = statements.flatMap(({ lines }) =>
      lines.flatMap((line, index) =>
        words.foreign.test(line.detail.reference ?? '') ? [[line, lines[index + 1]]] : [],
      ),
    );
    expect(abroad.length).toBeGreaterThan(500);
    for (const [paid, fee] of abroad) {
      expect(fee?.detail.code).toBe('fee');
      expect(fee?.detail.reference).toBe(paid?.detail.text);
      expect(Number(fee?.amountMinor) / Number(paid?.amountMinor)).toBeCloseTo(
        bankId === 'bramble' ? 0.0275 : 0.0175,
        1,
      );
    }
  });

  test('pay credit cards off, or a share of them for interest', () => {
    const cards = statements.filter(({ product }) => product === 'card' || product === 'kreditkarte');
    const charged = cards.filter(({ lines }) => lines.some(({ detail }) => detail.code === 'interest-charged'));
    expect(charged.length).toBeGreaterThan(5);
    expect(charged.length).toBeLessThan(cards.length * 0.7);
    const unpaid = cards.filter(({ lines }) => !lines.some(({ detail }) => detail.code === 'transfer-in'));
    expect(unpaid.length).toBeLessThan(cards.length / 20);
  });

  test('can be drawn as one page', () => {
    const svg = drawRealism(realism);
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 1240 \d+"/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    for (const title of ['What money is spent on', 'First digits of amounts', 'Current accounts in overdraft'])
      expect(svg).toContain(title);
  });
});

describe('a drawn population', () => {
  const small = { customers: 8, months: 3 };
  const texts = async (lived: LivedBank): Promise<string> => asText(await drawn(lived));

  test('is the same with the same seed, and another with another', async () => {
    const first = await populated(small);
    const text = await texts(first);
    const same = await populated(small);
    expect(await texts(same)).toBe(text);
    const other = await populated({ ...small, seed: 7 });
    expect(await texts(other)).not.toBe(text);
    for (const { storage } of [first, same, other]) await storage.close();
  });

  test('goes on living where its history stopped, exactly as if it had been written later', async () => {
    const later = await populated({ ...small, now: '2026-05-20T09:00:00Z' });
    const goesOn = await populated({ customers: 8, months: 2, now: '2026-04-20T09:00:00Z' });
    goesOn.clock.moveTo(later.clock.now());
    const done = await goesOn.bank.schedules.runDue(later.clock.now());
    expect(done.filter(({ kind }) => kind === 'life.population-day')).toHaveLength(30);
    expect(await texts(goesOn)).toBe(await texts(later));
    for (const { storage } of [later, goesOn]) await storage.close();
  });

  test('grows to the number asked for, and never beyond', async () => {
    const lived = await populated({ customers: 3, months: 1 });
    const before = await texts(lived);
    expect(await populate(lived, { customers: 5, months: 1 })).toMatchObject({
      customers: 2,
      customerNumbers: { first: '50000001', last: '50000005' },
    });
    expect((await texts(lived)).startsWith(before.slice(0, -1))).toBe(true);
    expect(await populate(lived, { customers: 5, months: 1 })).toMatchObject({ customers: 0, transactions: 0 });
    const until = instant(lived.clock.now() + 3 * MS_PER_DAY);
    lived.clock.moveTo(until);
    await lived.bank.schedules.runDue(until);
    for (const { lines } of (await drawn(lived)).filter(({ product }) => product === 'everyday'))
      expect(dateOf(lines.at(-1)?.bookedAt ?? instant(0)) > '2026-11-20').toBe(true);
    await lived.storage.close();
  });

  test('leaves the personas as they are, and out of its numbers', async () => {
    const alone = await liveAt({ now: NOW, months: 1 });
    const together = await populated(small);
    const personas = (await together.statements()).filter(({ persona }) => persona !== '');
    expect(asText(personas)).toBe(asText(await alone.statements()));
    expect(await together.bank.parties.testCustomers()).toHaveLength(12);
    const party = await together.bank.parties.byCustomerNumber('50000008');
    expect(party?.fullLegalName.split(' ').length).toBeGreaterThanOrEqual(3);
    expect(party?.email).toMatch(/^[a-z0-9]+\.[a-z0-9]+\.8@mail\.example$/);
    for (const { storage } of [alone, together]) await storage.close();
  });

  test('goes on spending where a customer paid through an API in between', async () => {
    const lived = await populated({ customers: 2, months: 1 });
    const party = await lived.bank.parties.byCustomerNumber('50000001');
    const [account] = await lived.bank.accounts.ofParty(party?.id ?? '');
    if (!account) throw new Error('an account');
    await lived.storage.transaction(async (tx) => {
      const clearing = await lived.bank.ledger.internal(tx, 'payment-clearing', 'GBP');
      const detail = { code: 'transfer-out', text: 'BY APP' } as const;
      await lived.bank.ledger.post(
        tx,
        {
          bank: 'bramble',
          currency: 'GBP',
          bookedAt: lived.clock.now(),
          postings: [
            { account: account.ledgerAccount, amountMinor: -100n, detail },
            { account: clearing, amountMinor: 100n },
          ],
        },
        { force: true },
      );
    });
    const until = instant(lived.clock.now() + 5 * MS_PER_DAY);
    lived.clock.moveTo(until);
    await lived.bank.schedules.runDue(until);
    expect(await lived.bank.schedules.parked()).toEqual([]);
    const lines: readonly StatementLine[] = await readStatement(lived.storage.read, {
      account: account.ledgerAccount,
      fromSeq: 1,
      toSeq: 1_000_000,
      direction: 'both',
      order: 'newest-first',
      limit: 1_000,
    });
    expect(lines.findIndex(({ detail }) => detail.text === 'BY APP')).toBeGreaterThan(0);
    await lived.storage.close();
  });
});
