import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  bought,
  createExchange,
  exchangeMigrations,
  formatRate,
  middleRate,
  parseRate,
  RATE_ONE,
  soldFor,
  type Exchange,
  type ReferenceRates,
} from '../../../src/bank/index.js';
import {
  createClock,
  createIdScheme,
  dateOf,
  MS_PER_DAY,
  plusDays,
  plusMs,
  type LocalDate,
} from '../../../src/kernel/index.js';
import { countersMigrations } from '../../../src/storage/index.js';
import { openTemporaryStorage, PROFILE, START } from '../sample-bank.js';

const RATES: ReferenceRates = {
  base: 'EUR',
  perBase: { GBP: parseRate('0.8724')!, JPY: parseRate('180.65')! },
  seed: '1',
};
const GBP_EUR = { sell: 'GBP', buy: 'EUR' } as const;

describe('a rate', () => {
  test('is an exact decimal of at most ten places, greater than zero', () => {
    expect(formatRate(parseRate('1.1352')!)).toBe('1.1352');
    expect(formatRate(parseRate('30615')!)).toBe('30615');
    expect(formatRate(parseRate('0.0000000001')!)).toBe('0.0000000001');
    for (const text of ['0', '0.0', '', '1.', '.5', '-1', '1e3', '1.00000000001', ' 1'])
      expect(parseRate(text)).toBeUndefined();
  });

  test('converts between currencies of two, no and three decimals, in the bank’s favour', () => {
    expect(bought({ amountMinor: 100n, currency: 'EUR' }, parseRate('180.65')!, 'JPY')).toEqual({
      amountMinor: 180n,
      currency: 'JPY',
    });
    expect(soldFor({ amountMinor: 180n, currency: 'JPY' }, parseRate('180.65')!, 'EUR')).toEqual({
      amountMinor: 100n,
      currency: 'EUR',
    });
    expect(bought({ amountMinor: 1n, currency: 'EUR' }, parseRate('0.4381')!, 'BHD')).toEqual({
      amountMinor: 4n,
      currency: 'BHD',
    });
  });

  test('never gives back more than was put in, there and back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 16n }),
        fc.constantFrom('EUR', 'JPY', 'BHD'),
        (amountMinor, rate, currency) => {
          const put = { amountMinor, currency: 'GBP' };
          const got = bought(put, rate, currency);
          expect(soldFor(got, rate, 'GBP').amountMinor).toBeLessThanOrEqual(amountMinor);
          // And what is sold for an amount buys at least that amount.
          const wanted = { amountMinor, currency };
          expect(bought(soldFor(wanted, rate, 'GBP'), rate, currency).amountMinor).toBeGreaterThanOrEqual(amountMinor);
        },
      ),
    );
  });
});

describe('reference rates', () => {
  const day = '2026-01-05' as LocalDate;

  test('are the same for the same seed, currency and day, and others on other days and with other seeds', () => {
    const rate = middleRate(RATES, GBP_EUR, day);
    expect(middleRate({ ...RATES }, GBP_EUR, day)).toBe(rate);
    expect(middleRate(RATES, GBP_EUR, plusDays(day, 1))).not.toBe(rate);
    expect(middleRate({ ...RATES, seed: '2' }, GBP_EUR, day)).not.toBe(rate);
  });

  test('move by less than one percent from one day to the next, and stay within three of the reference', () => {
    const reference = (RATE_ONE * RATE_ONE) / RATES.perBase['GBP']!;
    for (let index = 0; index < 1_000; index += 1) {
      const [today, tomorrow] = [plusDays(day, index), plusDays(day, index + 1)];
      const [now, next] = [middleRate(RATES, GBP_EUR, today), middleRate(RATES, GBP_EUR, tomorrow)];
      expect(Number(next - now) / Number(now)).toBeLessThan(0.01);
      expect(Number(now - next) / Number(now)).toBeLessThan(0.01);
      expect(Math.abs(Number(now) / Number(reference) - 1)).toBeLessThan(0.03);
    }
  });

  test('of two currencies that are not the base are those of both with it', () => {
    const cross = middleRate(RATES, { sell: 'GBP', buy: 'JPY' }, day);
    const yen = middleRate(RATES, { sell: 'EUR', buy: 'JPY' }, day);
    const pound = middleRate(RATES, { sell: 'EUR', buy: 'GBP' }, day);
    expect(cross).toBe((yen * RATE_ONE) / pound);
  });
});

describe('a bank that exchanges money', () => {
  const clock = createClock({ mode: 'frozen', at: START });
  let opened: Awaited<ReturnType<typeof openTemporaryStorage>>;
  let exchange: Exchange;
  beforeEach(async () => {
    opened = await openTemporaryStorage();
    await opened.storage.migrate([countersMigrations, exchangeMigrations]);
    const terms = { marginBps: 200, chargeMinor: 700n, quoteValidForMs: 60_000 };
    exchange = createExchange({
      profile: { ...PROFILE, abroad: terms },
      storage: opened.storage,
      clock,
      ids: createIdScheme('x'),
      rates: RATES,
    });
  });
  afterEach(() => opened.close());

  test('buys and sells worse than the middle, by its margin', () => {
    const middle = middleRate(RATES, GBP_EUR, dateOf(START));
    const rate = exchange.rate(GBP_EUR, START);
    expect(formatRate(rate)).toMatch(/^1\.\d{1,5}$/);
    expect(rate).toBeLessThanOrEqual((middle * 98n) / 100n);
    expect(Number(rate) / Number(middle)).toBeCloseTo(0.98, 4);
    const thereAndBack = (exchange.rate(GBP_EUR, START) * exchange.rate({ sell: 'EUR', buy: 'GBP' }, START)) / RATE_ONE;
    expect(thereAndBack).toBeLessThan(RATE_ONE);
  });

  test('refuses a currency without a rate', () => {
    expect(() => exchange.rate({ sell: 'GBP', buy: 'CHF' }, START)).toThrow(
      expect.objectContaining({ code: 'payment.unsupported-currency' }),
    );
  });

  test('stands by a quote until its end, at its rate and for its pair only', async () => {
    const { storage } = opened;
    const quote = await exchange.quote(GBP_EUR);
    const asked = { ...GBP_EUR, id: quote.id, at: plusMs(START, 59_999) };
    expect(quote.validUntil).toBe(plusMs(START, 60_000));
    expect(await exchange.agreed(storage.read, asked)).toBe(quote.rate);
    expect(await exchange.agreed(storage.read, { ...asked, rate: formatRate(quote.rate) })).toBe(quote.rate);
    const refusal = (contract: object) => exchange.agreed(storage.read, { ...asked, ...contract });
    await expect(refusal({ at: plusMs(START, 60_000) })).rejects.toMatchObject({ code: 'payment.quote-expired' });
    await expect(refusal({ rate: '1.5' })).rejects.toMatchObject({
      code: 'payment.quote-unknown',
      details: { actual: '1.5' },
    });
    await expect(refusal({ buy: 'JPY' })).rejects.toMatchObject({ code: 'payment.quote-unknown' });
    await expect(refusal({ id: 'nothing' })).rejects.toMatchObject({ code: 'payment.quote-unknown' });
    // The day's rate has moved on; the quote has not.
    expect(exchange.rate(GBP_EUR, plusMs(START, MS_PER_DAY))).not.toBe(quote.rate);
  });

  test('keeps a quote as it was made', async () => {
    const { id } = await exchange.quote(GBP_EUR);
    await expect(
      opened.storage.transaction((tx) => tx.run('UPDATE exchange_quotes SET rate = 1 WHERE id = ?', [id])),
    ).rejects.toThrow(/what the bank said/);
  });
});
