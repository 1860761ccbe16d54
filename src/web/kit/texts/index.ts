import { DE } from './de.js';
import { EN, type Texts } from './en.js';

export { EN, type Texts } from './en.js';

const CATALOGUE: Readonly<Record<string, Texts>> = { en: EN, de: DE };

/**
 * The texts for a reader: the language she asked for, else the first of her browser's that the bank has, else English
 * (or the bank's first). `offered` are the languages of the bank's file; a bank with English alone is never asked.
 */
export function chooseTexts(
  offered: readonly string[],
  wish: { readonly asked?: string | undefined; readonly accepted?: string | undefined },
): Texts {
  const known = offered.filter((language) => CATALOGUE[language] !== undefined);
  const wanted = [wish.asked ?? '', ...acceptedLanguages(wish.accepted ?? ''), 'en'];
  const chosen = wanted.find((language) => known.includes(language)) ?? known[0] ?? 'en';
  return CATALOGUE[chosen] ?? EN;
}

/** Primary subtags by weight, the preferred first (RFC 9110, 12.5.4). */
function acceptedLanguages(header: string): readonly string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((part, index) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
      return { language: range.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight), index };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .map(({ language }) => language);
}
