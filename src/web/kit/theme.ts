/** The look of one bank. Colours are checked for contrast when the theme is made, not when somebody complains. */
export interface Theme {
  readonly id: string;
  readonly name: string;
  readonly tagline: string;
  /** Header and primary buttons; must carry white text at 4.5:1 (WCAG 1.4.3). */
  readonly brand: string;
  /** A darker shade for hover and headings. */
  readonly brandDark: string;
  /** A pale tint for panels. */
  readonly brandTint: string;
  /** A second colour for the mark. */
  readonly accent: string;
}

/** The sandbox's own pages. */
export const SANDBANK_THEME: Theme = {
  id: 'sandbank',
  name: 'Sandbank',
  tagline: 'A bank in a box',
  brand: '#0f4c5c',
  brandDark: '#0a3642',
  brandTint: '#eef5f6',
  accent: '#e0a458',
};

/** Text and surfaces that do not depend on the bank, by the reader's preferred scheme. */
export const SURFACES = {
  light: { ink: '#1c2430', muted: '#56606e', paper: '#ffffff', ground: '#f4f5f7' },
  dark: { ink: '#e9edf2', muted: '#a7b1be', paper: '#1a2029', ground: '#11161c' },
} as const;

/** A theme as custom properties, served as a file of its own since the CSP admits no inline style. */
export function themeStylesheet(theme: Theme): string {
  const dark = darkColours(theme);
  const light = `--brand:${theme.brand};--fill:${theme.brand};--fill-hover:${theme.brandDark};--on-fill:#ffffff;--link:${theme.brand};--brand-ink:${theme.brandDark};--brand-tint:${theme.brandTint};--accent:${mix(theme.accent, '#ffffff', 0.25)}`;
  const shaded = `--fill:${dark.fill};--fill-hover:${dark.fillHover};--on-fill:${SURFACES.dark.ground};--link:${dark.fill};--brand-ink:${dark.fill};--brand-tint:${dark.tint}`;
  return `:root{${light}}\n@media (prefers-color-scheme:dark){:root{${shaded}}}\n`;
}

/** On dark paper the brand colour is lightened until it can be read on paper and tint alike. */
export function darkColours({ brand }: Theme): {
  readonly fill: string;
  readonly fillHover: string;
  readonly tint: string;
} {
  const tint = mix(SURFACES.dark.paper, brand, 0.3);
  let share = 0;
  while (contrast(mix(brand, '#ffffff', share), tint) < 6 && share < 1) share += 0.05;
  const fill = mix(brand, '#ffffff', share);
  return { fill, fillHover: mix(fill, '#ffffff', 0.35), tint };
}

/** Throws a plain sentence when text in the colours of the theme would be hard to read (WCAG 2.2, 1.4.3: 4.5 to 1). */
export function assertReadable(theme: Theme): void {
  const pairs = [
    ['white on brand', '#ffffff', theme.brand],
    ['white on brandDark', '#ffffff', theme.brandDark],
    ['brandDark on brandTint', theme.brandDark, theme.brandTint],
    ['quiet text on brandTint', SURFACES.light.muted, theme.brandTint],
  ] as const;
  for (const [name, text, ground] of pairs) {
    const ratio = contrast(text, ground);
    if (ratio < 4.5) {
      throw new RangeError(
        `theme ${theme.id}: ${name} (${text} on ${ground}) has a contrast of ${ratio.toFixed(2)}; 4.5 is the least`,
      );
    }
  }
}

/** WCAG 2.2 contrast ratio of two #rrggbb colours. */
export function contrast(first: string, second: string): number {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** `share` of the second colour in the first, 0 to 1. */
function mix(first: string, second: string, share: number): string {
  const [from, to] = [channels(first), channels(second)];
  return `#${from
    .map((value, index) => Math.round(value + ((to[index] ?? 0) - value) * share))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}

function channels(colour: string): readonly number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour)
    .map((value) => value / 255)
    .map((value) => (value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
