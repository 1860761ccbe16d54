import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS, readSettings } from '../../../src/standards/berlin-group/settings.js';

describe('berlin-group settings', () => {
  test('what a bank does not say is as the defaults are', () => {
    expect(readSettings(undefined)).toEqual(DEFAULT_SETTINGS);
    expect(readSettings({})).toEqual(DEFAULT_SETTINGS);
    expect(
      readSettings({ scaApproaches: ['embedded'], xml: false, payments: { payments: ['target-2-payments'] } }),
    ).toEqual({
      ...DEFAULT_SETTINGS,
      scaApproaches: ['embedded'],
      xml: false,
      payments: { payments: ['target-2-payments'], 'bulk-payments': [], 'periodic-payments': [] },
    });
  });

  test.each([
    ['a list', []],
    ['an unknown key', { colour: 'blue' }],
    ['an approach that is none', { scaApproaches: ['telepathy'] }],
    ['no approach', { scaApproaches: [] }],
    ['an approach twice', { scaApproaches: ['redirect', 'redirect'] }],
    ['an unknown start', { authorisationStart: 'late' }],
    ['an unknown product', { payments: { payments: ['pigeons'] } }],
    ['an unknown service', { payments: { gifts: [] } }],
    ['no frequency', { maximumFrequencyPerDay: 0 }],
    ['a life in words', { consentLifetimeDays: 'long' }],
    ['a flag in words', { xml: 'yes' }],
  ])('refuses %s', (_what, raw) => {
    expect(() => readSettings(raw)).toThrow(expect.objectContaining({ code: 'configuration.invalid' }));
  });
});
