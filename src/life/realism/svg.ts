/** Colours of the page: light, with enough contrast to read (WCAG 2.2, 1.4.3). */
export const INK = {
  page: '#fbfaf7',
  panel: '#ffffff',
  edge: '#e5e2da',
  grid: '#eceae4',
  text: '#22303a',
  quiet: '#5d6a73',
  main: '#1d6f78',
  soft: '#9cc5c4',
  other: '#d9773d',
} as const;

type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escaped(value)}"`,
  );
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

export interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export function text(at: { readonly x: number; readonly y: number }, words: string, style: TextStyle = {}): string {
  const { size = 12, weight = 400, fill = INK.quiet, anchor = 'start' } = style;
  const attributes = { ...at, 'font-size': size, 'font-weight': weight, fill, 'text-anchor': anchor };
  return element('text', attributes, escaped(words));
}

export function rectangle(
  { x, y, width, height }: Box,
  fill: string,
  more: Readonly<Record<string, string | number>> = {},
): string {
  return element('rect', { x, y, width: Math.max(0, width), height: Math.max(0, height), fill, ...more });
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function line(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  stroke: string,
  more: Readonly<Record<string, string | number>> = {},
): string {
  return element('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke, ...more });
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
