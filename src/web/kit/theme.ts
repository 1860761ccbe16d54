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

/** A theme as custom properties, served as a file of its own since the CSP admits no inline style. */
export function themeStylesheet(theme: Theme): string {
  return `:root{--brand:${theme.brand};--brand-dark:${theme.brandDark};--brand-tint:${theme.brandTint};--accent:${theme.accent}}\n`;
}

/** Throws a plain sentence when white text on the brand colour would be hard to read. */
export function assertReadable(theme: Theme): void {
  for (const [name, colour] of [
    ['brand', theme.brand],
    ['brandDark', theme.brandDark],
  ] as const) {
    const ratio = contrast(colour, '#ffffff');
    if (ratio < 4.5) {
      throw new RangeError(
        `theme ${theme.id}: ${name} ${colour} has a contrast of ${ratio.toFixed(2)} with white; 4.5 is the least`,
      );
    }
  }
}

/** WCAG 2.2 contrast ratio of two #rrggbb colours. */
export function contrast(first: string, second: string): number {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const channel = (index: number): number => {
    const value = Number.parseInt(colour.slice(1 + index * 2, 3 + index * 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
}
