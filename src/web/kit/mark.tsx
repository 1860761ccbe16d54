import type { JSX } from 'preact';

import type { Theme } from './theme.js';

function drupelet(x: number, y: number): string {
  return `M${String(x)} ${String(y - 3.5)}a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7z`;
}

/**
 * Marks are drawn here, so that no image is fetched: a bramble (six drupelets and two leaves) for Bramble Bank, and a
 * wave over a sandbank for everything else.
 */
const SHAPES: Readonly<Record<string, { readonly light: readonly string[]; readonly accent: readonly string[] }>> = {
  bramble: {
    light: [
      ...[8.4, 16, 23.6].map((x) => drupelet(x, 14.2)),
      ...[12.2, 19.8].map((x) => drupelet(x, 20.7)),
      drupelet(16, 27.2),
    ],
    accent: [
      'M15.5 9.4C10.5 9.4 7.5 6.6 7 2.2C11.6 2.2 15 4.7 15.5 9.4z',
      'M16.5 9.4C21.5 9.4 24.5 6.6 25 2.2C20.4 2.2 17 4.7 16.5 9.4z',
    ],
  },
  sandbank: {
    light: [
      'M2 15c3-3.4 6-3.4 9.3 0s6.4 3.4 9.4 0s6-3.4 9.3 0v4c-3.3-3.4-6.3-3.4-9.3 0s-6.1 3.4-9.4 0s-6.3-3.4-9.3 0z',
    ],
    accent: ['M2 27c4-6.5 9-8 14-8s10 1.5 14 8z'],
  },
};

function shapesOf(theme: Theme): { readonly light: readonly string[]; readonly accent: readonly string[] } {
  return SHAPES[theme.id] ?? SHAPES['sandbank'] ?? { light: [], accent: [] };
}

export function BankMark({ theme }: { readonly theme: Theme }): JSX.Element {
  const shapes = shapesOf(theme);
  return (
    <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true" focusable="false">
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
