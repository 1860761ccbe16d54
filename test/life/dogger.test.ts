import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { isIban } from '../../src/bank/index.js';
import { dateOf, dayOfWeek, instant, type Instant, parts } from '../../src/kernel/index.js';
import { createWorkingDays } from '../../src/life/calendar.js';
import { germanHolidays } from '../../src/life/holidays.js';
import { asText, liveAt, liveTogether, type LivedBank, type Statement } from './lived-bank.js';

const NOW = '2026-11-25T09:00:00Z';
const DAY_MS = 86_400_000;

describe('24 months of Dogger Bank', () => {
  let lived: LivedBank;
  let statements: readonly Statement[];
  const of = (persona: string, product: string): Statement => {
    const found = statements.find((one) => one.persona === persona && one.product === product);
    if (!found) throw new Error(`no account ${product} of ${persona}`);
    return found;
  };
  const count = ({ lines }: Statement, code: string): number =>
    lines.filter(({ detail }) => detail.code === code).length;
  const texts = ({ lines }: Statement): readonly string[] => lines.map(({ detail }) => detail.text);

  beforeAll(async () => {
    lived = await liveAt({ now: NOW, months: 24, bank: 'dogger' });
    statements = await lived.statements();
  });
  afterAll(() => lived.storage.close());

  test('the books balance in euro, and every running balance is the sum so far', async () => {
    const trial = await lived.bank.trialBalance();
    expect(trial.currencies).toEqual([{ currency: 'EUR', sumMinor: 0n }]);
    expect(trial.differences).toEqual([]);
    expect(trial.postings).toBeGreaterThan(20_000);
    for (const { lines, bookedMinor } of statements) {
      let sum = 0n;
      for (const line of lines) expect(line.balanceMinor).toBe((sum += line.amountMinor));
      expect(bookedMinor).toBe(sum);
    }
  });

  test('nobody is ever below the arranged limit, and no line comes before an earlier one', () => {
    for (const { lines, limitMinor } of statements) {
      for (const [index, { balanceMinor, bookedAt }] of lines.entries()) {
        expect(balanceMinor).toBeGreaterThanOrEqual(-limitMinor);
        expect(bookedAt).toBeGreaterThanOrEqual(lines[index - 1]?.bookedAt ?? 0);
      }
    }
  });

  test('wages and pensions come on German working days only', () => {
    const { isWorkingDay } = createWorkingDays(germanHolidays);
    const paid = statements.flatMap(({ lines }) =>
      lines.filter(({ detail }) => ['salary', 'payroll', 'pension'].includes(detail.code)),
    );
    expect(paid.length).toBeGreaterThan(350);
    expect(paid.map(({ bookedAt }) => dateOf(bookedAt)).filter((date) => !isWorkingDay(date))).toEqual([]);
  });

  test('every account and every counterparty has an IBAN that checks; the own ones are of the bank', async () => {
    const elsewhere = new Set<string>();
    const { accounts, parties } = lived.bank;
    for (const party of await parties.list()) {
      for (const { identifiers, currency, product } of await accounts.ofParty(party.id)) {
        const [iban, bban, ...others] = identifiers;
        expect([currency, iban?.scheme, bban?.scheme]).toEqual(['EUR', 'iban', 'bban']);
        expect(others.map(({ scheme }) => scheme)).toEqual(product.type === 'credit-card' ? ['pan'] : []);
        expect(iban?.identification).toMatch(/^DE\d{2}90040050[1-9]\d{9}$/);
        expect(isIban(iban?.identification ?? '')).toBe(true);
        expect(bban?.identification).toBe(iban?.identification.slice(4));
      }
    }
    for (const { lines } of statements) {
      for (const { detail } of lines) {
        const { scheme, identification } = detail.counterparty ?? {};
        if (identification === undefined) continue;
        expect(scheme).toBe('iban');
        expect([identification, isIban(identification)]).toEqual([identification, true]);
        if (!identification.startsWith('90040050', 4)) elsewhere.add(identification);
      }
    }
    expect(elsewhere.size).toBeGreaterThan(20);
    for (const iban of elsewhere) expect(iban).toMatch(/^DE\d{2}99/);
  });

  test('statements speak German, with umlauts', () => {
    const renter = of('salaried-renter', 'giro');
    expect(texts(renter)).toEqual(
      expect.arrayContaining([
        'Saldovortrag',
        'Lohn/Gehalt Auenwald Versandhaus GmbH',
        'SEPA-Lastschrift Stadtwerke Pleißental',
        'Dauerauftrag Franziska Brückner',
        'Überweisung Jonas Weiß',
        'Kartenzahlung Grünkorn Markt//Leipzig',
        'Geldautomat Leipzig',
      ]),
    );
    expect(renter.lines.some(({ detail: { code, text } }) => code === 'rent' && text.startsWith('Miete '))).toBe(true);
    const english = /SALARY|CASH MACHINE|INTEREST|BALANCE|ONLINE|REFUND|PAYMENT|MONTHLY/;
    for (const { lines } of statements) {
      for (const { detail } of lines) expect(`${detail.text} ${detail.reference ?? ''}`).not.toMatch(english);
    }
  });

  test('each persona does what its story says', () => {
    const renter = of('salaried-renter', 'giro');
    expect([count(renter, 'salary'), count(renter, 'rent')]).toEqual([24, 24]);
    const student = of('student-in-overdraft', 'giro-jung');
    expect([count(student, 'benefit'), count(student, 'rent'), count(student, 'interest-charged')]).toEqual([
      24, 24, 8,
    ]);
    expect(student.lines.filter(({ balanceMinor }) => balanceMinor < 0n).length).toBeGreaterThan(300);
    const couple = of('joint-couple', 'giro-gemeinsam');
    expect([count(couple, 'rent'), count(couple, 'transfer-in')]).toEqual([24, 48]);
    const family = of('family-with-mortgage', 'giro-gemeinsam');
    expect([count(family, 'salary'), count(family, 'benefit'), count(family, 'mortgage-payment')]).toEqual([
      48, 24, 24,
    ]);
    expect(count(of('family-with-mortgage', 'kreditkarte'), 'card-payment')).toBeGreaterThan(300);
    expect(count(of('freelancer', 'geschaeftskonto'), 'invoice')).toBeGreaterThan(60);
    expect(count(of('freelancer', 'tagesgeld'), 'tax')).toBe(8);
    const company = of('small-company', 'geschaeftskonto');
    expect([count(company, 'payroll'), count(company, 'tax'), count(company, 'fee')]).toEqual([8 * 24, 24, 24]);
    expect(count(of('pensioner', 'giro'), 'pension')).toBe(48);
    expect(of('new-empty-account', 'giro').lines).toEqual([]);
  });

  test('an employee of the company is paid by it, and both sides name each other by IBAN', () => {
    const lukas = statements.find(({ holderName }) => holderName === 'Lukas Grün');
    const salaries = lukas?.lines.filter(({ detail }) => detail.code === 'salary') ?? [];
    expect(salaries).toHaveLength(24);
    expect(salaries[0]?.detail).toMatchObject({ text: 'Lohn/Gehalt Möwenwerft GmbH', reference: 'Lohn/Gehalt' });
    const paid = of('small-company', 'geschaeftskonto').lines.find(
      ({ bookedAt, detail }) => bookedAt === salaries[0]?.bookedAt && detail.counterparty?.name === 'Lukas Grün',
    );
    expect(paid?.amountMinor).toBe(-(salaries[0]?.amountMinor ?? 0n));
  });

  test('shops that close on Sundays sell nothing then', () => {
    const sales = statements.flatMap(({ lines }) =>
      lines.filter(({ detail }) => detail.code === 'card-payment' && detail.merchant?.categoryCode === '5411'),
    );
    expect(sales.length).toBeGreaterThan(1_000);
    expect(sales.some(({ bookedAt }) => dayOfWeek(dateOf(bookedAt)) === 6)).toBe(true);
    expect(sales.filter(({ bookedAt }) => dayOfWeek(dateOf(bookedAt)) === 0)).toEqual([]);
  });

  test('interest is booked once a quarter, over a year of 360 days', () => {
    const { lines } = of('pensioner', 'sparkonto');
    const booked = lines.filter(({ detail }) => detail.code === 'interest-paid');
    expect(booked.map(({ bookedAt }) => parts(dateOf(bookedAt)).slice(1))).toEqual(
      [1, 4, 7, 10, 1, 4, 7, 10].map((month) => [month, 1]),
    );
    const [, second, third] = booked;
    if (!second || !third) throw new Error('three quarters of interest');
    let minorDays = 0n;
    for (let close = startOf(second.bookedAt); close < startOf(third.bookedAt); close = instant(close + DAY_MS)) {
      const closing = instant(close + 5 * 3_600_000);
      minorDays += lines.filter(({ bookedAt }) => bookedAt <= closing).at(-1)?.balanceMinor ?? 0n;
    }
    expect(Number(third.amountMinor)).toBe(Math.floor((Number(minorDays) * 0.0125) / 360 + 0.5));
  });

  test('a mortgage payment says in German what was interest and what principal', () => {
    const [, payment] = of('family-with-mortgage', 'baufinanzierung').lines;
    const [, interest, principal] =
      /^Zinsen (\d+,\d\d) Tilgung (\d+,\d\d)$/
        .exec(payment?.detail.reference ?? '')
        ?.map((one) => one.replace(',', '')) ?? [];
    expect(Number(interest) + Number(principal)).toBe(184_000);
    expect(payment?.amountMinor).toBe(BigInt(principal ?? ''));
  });

  test('balances stay plausible', () => {
    const ends = ({ lines }: Statement): readonly number[] => [
      ...new Map(
        lines.map(({ bookedAt, balanceMinor }) => [dateOf(bookedAt).slice(0, 7), Number(balanceMinor) / 100]),
      ).values(),
    ];
    for (const end of ends(of('student-in-overdraft', 'giro-jung'))) {
      expect(end).toBeGreaterThanOrEqual(-500);
      expect(end).toBeLessThan(900);
    }
    for (const end of ends(of('small-company', 'geschaeftskonto'))) {
      expect(end).toBeGreaterThan(0);
      expect(end).toBeLessThan(50_000);
    }
    for (const end of ends(of('salaried-renter', 'giro'))) expect(end).toBeLessThan(3_500);
  });

  test('customers can be found with the logins of their files', async () => {
    const customers = await lived.bank.parties.testCustomers();
    expect(customers.map(({ customerNumber }) => customerNumber)).toEqual(
      Array.from({ length: 12 }, (_, index) => String(20_000_001 + index)),
    );
    expect(customers[0]).toMatchObject({ name: 'Franziska Brückner', password: 'pflaumenkuchen-1' });
  });
});

describe('the lives at Dogger Bank', () => {
  test('are the same with the same seed, and go on where history stopped', async () => {
    const dogger = { bank: 'dogger', now: '2026-05-20T09:00:00Z', months: 2 };
    const first = await liveAt(dogger);
    const same = await liveAt(dogger);
    const goesOn = await liveAt({ ...dogger, now: '2026-04-20T09:00:00Z', months: 1 });
    goesOn.clock.moveTo(first.clock.now());
    await goesOn.bank.schedules.runDue(first.clock.now());
    const text = asText(await first.statements());
    expect(asText(await same.statements())).toBe(text);
    expect(asText(await goesOn.statements())).toBe(text);
    for (const { storage } of [first, same, goesOn]) await storage.close();
  });

  test('go on beside those at Bramble Bank in one database, and touch none of them', async () => {
    const options = { now: '2026-05-20T09:00:00Z', months: 1 };
    const alone = await liveAt(options);
    const [bramble, dogger] = await liveTogether(options, ['bramble', 'dogger']);
    if (!bramble || !dogger) throw new Error('two banks');
    expect(asText(await bramble.statements())).toBe(asText(await alone.statements()));
    for (const [{ bank }, currency] of [
      [bramble, 'GBP'],
      [dogger, 'EUR'],
    ] as const) {
      const trial = await bank.trialBalance();
      expect([trial.currencies, trial.differences]).toEqual([[{ currency, sumMinor: 0n }], []]);
    }
    const until = instant(bramble.clock.now() + 3 * DAY_MS);
    for (const { bank, clock } of [bramble, dogger]) {
      if (clock.now() < until) clock.moveTo(until);
      expect(await bank.schedules.runDue(until)).toHaveLength(3);
    }
    for (const { bank } of [bramble, dogger]) expect((await bank.trialBalance()).differences).toEqual([]);
    await Promise.all([alone.storage.close(), bramble.storage.close()]);
  });
});

function startOf(at: Instant): Instant {
  return instant(at - (at % DAY_MS));
}
