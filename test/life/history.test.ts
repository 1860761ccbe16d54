import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { dateOf, dayOfWeek, instant, parseInstant, parts, type Instant } from '../../src/kernel/index.js';
import { createWorkingDays } from '../../src/life/calendar.js';
import { englishHolidays } from '../../src/life/holidays.js';
import { asText, liveAt, type LivedBank, type Statement } from './lived-bank.js';

const NOW = '2026-11-25T09:00:00Z';

describe('24 months of Bramble Bank', () => {
  let lived: LivedBank;
  let statements: readonly Statement[];
  const of = (persona: string, product: string): Statement => {
    const found = statements.find((one) => one.persona === persona && one.product === product);
    if (!found) throw new Error(`no account ${product} of ${persona}`);
    return found;
  };
  const count = (statement: Statement, code: string): number =>
    statement.lines.filter(({ detail }) => detail.code === code).length;

  beforeAll(async () => {
    lived = await liveAt({ now: NOW, months: 24 });
    statements = await lived.statements();
  });
  afterAll(() => lived.storage.close());

  test('every running balance is the sum of the postings so far, to the penny', () => {
    for (const { lines, bookedMinor } of statements) {
      let sum = 0n;
      for (const line of lines) {
        sum += line.amountMinor;
        expect(line.balanceMinor).toBe(sum);
      }
      expect(bookedMinor).toBe(sum);
    }
  });

  test('the books balance', async () => {
    const trial = await lived.bank.trialBalance();
    expect(trial.currencies).toEqual([{ currency: 'GBP', sumMinor: 0n }]);
    expect(trial.differences).toEqual([]);
    expect(trial.postings).toBeGreaterThan(20_000);
  });

  test('nobody is ever below the arranged limit', () => {
    for (const { lines, limitMinor } of statements) {
      for (const { balanceMinor } of lines) expect(balanceMinor).toBeGreaterThanOrEqual(-limitMinor);
    }
  });

  test('nothing is booked in the future, and nothing before an earlier line', () => {
    const now = parseInstant(NOW) as Instant;
    for (const { lines } of statements) {
      for (const [index, { bookedAt }] of lines.entries()) {
        expect(bookedAt).toBeLessThanOrEqual(now);
        expect(bookedAt).toBeGreaterThanOrEqual(lines[index - 1]?.bookedAt ?? 0);
      }
    }
  });

  test('salaries and payrolls come on working days only', () => {
    const { isWorkingDay } = createWorkingDays(englishHolidays);
    const paid = statements.flatMap(({ lines }) =>
      lines.filter(({ detail }) => ['salary', 'payroll'].includes(detail.code)),
    );
    expect(paid.length).toBeGreaterThan(300);
    for (const { bookedAt } of paid) {
      expect([0, 6]).not.toContain(dayOfWeek(dateOf(bookedAt)));
      expect(isWorkingDay(dateOf(bookedAt))).toBe(true);
    }
  });

  test('each persona does what its story says', () => {
    const renter = of('salaried-renter', 'everyday');
    expect([count(renter, 'salary'), count(renter, 'rent')]).toEqual([24, 24]);
    const student = of('student-in-overdraft', 'student');
    expect([count(student, 'benefit'), count(student, 'rent')]).toEqual([6, 6]);
    expect(count(student, 'interest-charged')).toBeGreaterThan(20);
    const couple = of('joint-couple', 'joint');
    expect([count(couple, 'rent'), count(couple, 'transfer-in')]).toEqual([24, 48]);
    const family = of('family-with-mortgage', 'joint');
    expect([count(family, 'salary'), count(family, 'mortgage-payment')]).toEqual([48, 24]);
    expect(count(of('family-with-mortgage', 'nest-egg'), 'interest-paid')).toBe(24);
    const studio = of('freelancer', 'business');
    expect(count(studio, 'invoice')).toBeGreaterThan(40);
    expect([count(of('freelancer', 'saver'), 'tax'), count(studio, 'fee')]).toEqual([4, 24]);
    const company = of('small-company', 'business');
    expect([count(company, 'payroll'), count(company, 'tax')]).toEqual([9 * 24, 24]);
    expect(count(of('small-company', 'business-reserve'), 'tax')).toBe(8);
    const pensioner = of('pensioner', 'everyday');
    expect(count(pensioner, 'pension')).toBe(26 + 24);
    expect(count(pensioner, 'cash-withdrawal')).toBeGreaterThan(50);
    expect(of('new-empty-account', 'everyday').lines).toEqual([]);
    expect(statements.some((statement) => count(statement, 'refund') > 0)).toBe(true);
  });

  test('a mortgage payment is split into interest and principal, and the loan falls by the principal', () => {
    const loan = of('family-with-mortgage', 'home-loan');
    const [, payment] = loan.lines;
    const [, interest, principal] =
      /INTEREST (\d+\.\d\d) PRINCIPAL (\d+\.\d\d)/.exec(payment?.detail.reference ?? '') ?? [];
    expect(Number(interest) + Number(principal)).toBeCloseTo(1142.36, 2);
    expect(payment?.amountMinor).toBe(BigInt(String(principal).replace('.', '')));
  });

  test('savings interest is the daily balances times the rate over 365, rounded half up', () => {
    const { lines } = of('salaried-renter', 'saver');
    const booked = lines.filter(({ detail }) => detail.code === 'interest-paid').slice(0, 2);
    const [first, second] = booked;
    if (!first || !second) throw new Error('two months of interest');
    const isBooking = (date: string): boolean => parts(dateOf(parseInstant(date) as Instant))[2] === 1;
    let minorDays = 0n;
    // A day closes at 05:00; the day on which interest is booked counts with it, for the month that begins.
    for (let close = startOf(first.bookedAt); close < startOf(second.bookedAt); close = instant(close + 86_400_000)) {
      const closing = instant(close + 5 * 3_600_000);
      minorDays += lines.filter(({ bookedAt }) => bookedAt <= closing).at(-1)?.balanceMinor ?? 0n;
    }
    expect(isBooking(dateOf(second.bookedAt))).toBe(true);
    const exact = (Number(minorDays) * 0.0315) / 365;
    expect(Number(second.amountMinor)).toBe(Math.floor(exact + 0.5));
  });

  test('an employee of the company is paid by it, and both sides name each other', () => {
    const daniel = statements.find(({ holderName }) => holderName === 'MR D J REID');
    const salaries = daniel?.lines.filter(({ detail }) => detail.code === 'salary') ?? [];
    expect(salaries).toHaveLength(24);
    const [salary] = salaries;
    const paid = of('small-company', 'business').lines.find(
      ({ bookedAt, detail }) => bookedAt === salary?.bookedAt && detail.counterparty?.name === 'MR D J REID',
    );
    expect(paid?.amountMinor).toBe(-(salary?.amountMinor ?? 0n));
    expect(salary?.detail.counterparty?.name).toBe('LARKRISE BAKERY LTD');
  });

  test('balances stay plausible: the student hovers around zero, the company keeps its float', () => {
    const monthEnds = ({ lines }: Statement): readonly number[] => {
      const ends = new Map<string, number>();
      for (const { bookedAt, balanceMinor } of lines)
        ends.set(dateOf(bookedAt).slice(0, 7), Number(balanceMinor) / 100);
      return [...ends.values()];
    };
    for (const end of monthEnds(of('student-in-overdraft', 'student'))) {
      expect(end).toBeGreaterThanOrEqual(-500);
      expect(end).toBeLessThan(700);
    }
    for (const end of monthEnds(of('small-company', 'business'))) {
      expect(end).toBeGreaterThan(4_000);
      expect(end).toBeLessThan(45_000);
    }
    for (const end of monthEnds(of('freelancer', 'everyday'))) expect(end).toBeLessThan(8_000);
    for (const end of monthEnds(of('salaried-renter', 'everyday'))) expect(end).toBeLessThan(3_500);
  });

  test('settling again changes nothing', async () => {
    expect(await lived.settleAgain()).toMatchObject({ days: 0, entries: 0 });
  });

  test('customers can be found with the logins of their files', async () => {
    const customers = await lived.bank.parties.testCustomers();
    const amelia = customers.find(({ customerNumber }) => customerNumber === '10000001');
    expect(amelia).toMatchObject({ name: 'Ms Amelia Clarke', password: 'blackberry-jam', persona: 'salaried-renter' });
    expect(customers).toHaveLength(12);
  });
});

describe('the same code for past and future', () => {
  test('history in one go equals history up to an earlier day that then goes on', async () => {
    const atOnce = await liveAt({ now: '2026-05-20T09:00:00Z', months: 4 });
    const goesOn = await liveAt({ now: '2026-03-20T09:00:00Z', months: 2 });
    const until = parseInstant('2026-05-20T09:00:00Z') as Instant;
    goesOn.clock.moveTo(until);
    const done = await goesOn.bank.schedules.runDue(until);
    expect(done).toHaveLength(61);
    expect(asText(await goesOn.statements())).toBe(asText(await atOnce.statements()));
    await Promise.all([atOnce.storage.close(), goesOn.storage.close()]);
  });

  test('an interrupted first start goes on where it was', async () => {
    const options = { now: '2026-05-20T09:00:00Z', months: 3 };
    const whole = await liveAt(options);
    for (const diesInTransaction of [1, 3]) {
      const interrupted = await liveAt({ ...options, diesInTransaction });
      expect(asText(await interrupted.statements())).toBe(asText(await whole.statements()));
      await interrupted.storage.close();
    }
    await whole.storage.close();
  });

  test('the same seed gives the same transactions, another seed others', async () => {
    const options = { now: '2026-05-20T04:00:00Z', months: 1 };
    const lived = await Promise.all([liveAt(options), liveAt(options), liveAt({ ...options, seed: 2 })]);
    const [first, same, other] = await Promise.all(lived.map(async (one) => asText(await one.statements())));
    expect(same).toBe(first);
    expect(other).not.toBe(first);
    for (const { storage } of lived) await storage.close();
  });

  test('what was booked through an API in the meantime neither stops the day nor is overtaken', async () => {
    const { bank, storage, clock, statements } = await liveAt({ now: '2026-05-20T09:00:00Z', months: 1 });
    const renter = (await bank.parties.testCustomers()).find(({ persona }) => persona === 'salaried-renter');
    const account = await bank.accounts.get(renter?.accounts[0]?.id ?? '');
    const at = parseInstant('2026-05-21T03:30:00Z') as Instant;
    await storage.transaction(async (tx) => {
      const other = await bank.ledger.internal(tx, 'payment-clearing', 'GBP');
      const detail = { code: 'transfer-in', text: 'A GIFT' } as const;
      const postings = [
        { account: account.ledgerAccount, amountMinor: 100n, detail },
        { account: other, amountMinor: -100n },
      ];
      await bank.ledger.post(tx, { bank: 'bramble', currency: 'GBP', bookedAt: at, postings });
    });
    const until = parseInstant('2026-05-23T09:00:00Z') as Instant;
    clock.moveTo(until);
    expect(await bank.schedules.runDue(until)).toHaveLength(3);
    const lines = (await statements()).find(
      ({ persona, product }) => persona === 'salaried-renter' && product === 'everyday',
    )?.lines;
    const gift = lines?.findIndex(({ detail }) => detail.text === 'A GIFT') ?? -1;
    expect(lines?.slice(gift + 1).length).toBeGreaterThan(0);
    expect(lines?.slice(gift + 1).every(({ bookedAt }) => bookedAt >= at)).toBe(true);
    await storage.close();
  });
});

function startOf(at: Instant): Instant {
  return instant(at - (at % 86_400_000));
}
