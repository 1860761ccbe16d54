import type { JSX } from 'preact';

import type { Theme } from './theme.js';

/**
 * Marks are drawn here, so that no image is fetched: a bramble (five berries and a leaf) for Bramble Bank, and waves
 * over a sandbank for everything else.
 */
const SHAPES: Readonly<Record<string, { readonly light: readonly string[]; readonly accent: readonly string[] }>> = {
  bramble: {
    light: [
      'M16 11a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
      'M9.6 14a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
      'M22.4 14a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
      'M12.8 19.6a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
      'M19.2 19.6a4 4 0 1 1 0 8a4 4 0 0 1 0-8z',
    ],
    accent: [
      'M16 10.5C11 10 9.5 6.5 9.5 3.5C13.5 3.5 16 6 16 10.5z',
      'M16 10.5C21 10 22.5 6.5 22.5 3.5C18.5 3.5 16 6 16 10.5z',
    ],
  },
  sandbank: {
    light: [
      'M2 15c3-3.4 6-3.4 9.3 0s6.400 3.400 9.400 0s6-3.400 9.300 0v4c-3.300-3.400-6.300-3.400-9.300 0s-6.100 3.400-9.400 0s-6.300-3.400-9.300 0z',
    ],
    accent: ['M2 27c4-6.500 9-8 14-8s10 1.500 14 8z'],
  },
};

function shapesOf(theme: Theme): { readonly light: readonly string[]; readonly accent: readonly string[] } {
  return SHAPES[theme.id] ?? SHAPES['sandbank'] ?? { light: [], accent: [] };
}

export function BankMark({ theme }: { readonly theme: Theme }): JSX.Element {
  const shapes = shapesOf(theme);
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      {shapes.light.map((path) => (
        <path key={path} class="stop-brand" d={path} />
      ))}
      {shapes.accent.map((path) => (
        <path key={path} class="stop-accent" d={path} />
      ))}
    </svg>
  );
}

/** The same mark as a file, on the brand colour, for the browser's tab. */
export function markSvg(theme: Theme): string {
  const shapes = shapesOf(theme);
  const paths = [
    ...shapes.light.map((path) => `<path fill="#fff" d="${path}"/>`),
    ...shapes.accent.map((path) => `<path fill="${theme.accent}" d="${path}"/>`),
  ].join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 40 40"><rect x="-4" y="-4" width="40" height="40" rx="9" fill="${theme.brand}"/>${paths}</svg>`;
}
