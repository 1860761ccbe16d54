import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import {
  assertReadable,
  contrast,
  darkColours,
  markSvg,
  SANDBANK_THEME,
  STYLESHEET,
  SURFACES,
  themeStylesheet,
  type Theme,
} from '../../src/web/kit/index.js';

type BankFile = { readonly id: string; readonly name: string; readonly brand: Omit<Theme, 'id' | 'name'> };

const BANKS = readdirSync('fixtures/banks').map((id): Theme => {
  const { name, brand } = parse(readFileSync(`fixtures/banks/${id}/bank.yaml`, 'utf8')) as BankFile;
  return { id, name, ...brand };
});

describe.each([SANDBANK_THEME, ...BANKS].map((theme) => [theme.id, theme] as const))('the theme %s', (_id, theme) => {
  test('can be read in the light', () => {
    expect(() => assertReadable(theme)).not.toThrow();
    for (const ground of [theme.brandTint, SURFACES.light.paper, SURFACES.light.ground]) {
      expect(contrast(SURFACES.light.ink, ground)).toBeGreaterThan(7);
      expect(contrast(theme.brand, ground)).toBeGreaterThan(4.5);
    }
  });

  test('can be read in the dark, on buttons as on paper and tint', () => {
    const { fill, fillHover, tint } = darkColours(theme);
    for (const ground of [tint, SURFACES.dark.paper, SURFACES.dark.ground]) {
      expect(contrast(SURFACES.dark.ink, ground)).toBeGreaterThan(7);
      expect(contrast(SURFACES.dark.muted, ground)).toBeGreaterThan(4.5);
      expect(contrast(fill, ground)).toBeGreaterThan(4.5);
    }
    expect(contrast(SURFACES.dark.ground, fill)).toBeGreaterThan(4.5);
    expect(contrast(SURFACES.dark.ground, fillHover)).toBeGreaterThan(4.5);
  });

  test('brings no address, so that nothing is fetched from elsewhere', () => {
    expect(themeStylesheet(theme)).not.toMatch(/url\(|@import/);
    expect(markSvg(theme).replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|<image/);
  });
});

test('a theme that is hard to read is refused with the colour and the ratio', () => {
  expect(() => assertReadable({ ...SANDBANK_THEME, brand: '#8fd3ff' })).toThrow(
    /theme sandbank: white on brand .*#8fd3ff.* contrast of 1\.\d+/,
  );
  expect(() => assertReadable({ ...SANDBANK_THEME, brandTint: '#7d98a1' })).toThrow(/brandTint/);
});

test('contrast is that of WCAG', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('#ffffff', '#777777')).toBe(contrast('#777777', '#ffffff'));
});

test('the stylesheet uses only custom properties that it or the theme sets, and loads nothing', () => {
  const set = new Set(
    [...`${STYLESHEET}${themeStylesheet(SANDBANK_THEME)}`.matchAll(/(--[a-z-]+)\s*:/g)].map(([, name]) => name),
  );
  const used = new Set([...STYLESHEET.matchAll(/var\((--[a-z-]+)\)/g)].map(([, name]) => name));
  expect([...used].filter((name) => !set.has(name))).toEqual([]);
  expect(STYLESHEET).not.toMatch(/url\(|@import|@font-face|undefined/);
});
