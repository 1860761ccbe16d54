import { element, INK, line, rectangle, text, type Box } from './svg.js';

export interface Panel {
  readonly title: string;
  /** One line that says how to read it. */
  readonly note: string;
}

const PAD = 22;
const HEADER = 62;
const AXIS = 26;

/** A panel with its words, and the room within it for a chart. */
export function panel(box: Box, { title, note }: Panel, draw: (room: Box) => string): string {
  const room = {
    x: box.x + PAD,
    y: box.y + HEADER,
    width: box.width - 2 * PAD,
    height: box.height - HEADER - PAD + 4,
  };
  return element(
    'g',
    { role: 'img', 'aria-label': `${title}. ${note}` },
    rectangle(box, INK.panel, { rx: 10, stroke: INK.edge }),
    text({ x: box.x + PAD, y: box.y + 29 }, title, { size: 16, weight: 600, fill: INK.text }),
    text({ x: box.x + PAD, y: box.y + 48 }, note),
    draw(room),
  );
}

export interface Column {
  readonly label: string;
  readonly value: number;
  /** Drawn in the other colour. */
  readonly isMarked?: boolean;
  /** What it would be elsewhere: a dot. */
  readonly expected?: number;
  /** Above the column; every column's where all have one. */
  readonly caption?: string;
}

export interface ColumnsOptions {
  /** Every how many-th label is written. */
  readonly labelEvery?: number;
  /** A level worth a line across. */
  readonly level?: number;
}

/** Standing columns over labels. */
export function columns(room: Box, items: readonly Column[], options: ColumnsOptions = {}): string {
  const { labelEvery = 1, level } = options;
  const hasCaptions = items.some(({ caption }) => caption !== undefined);
  const top = room.y + (hasCaptions ? 16 : 4);
  const bottom = room.y + room.height - AXIS;
  const most = Math.max(...items.flatMap(({ value, expected = 0 }) => [value, expected]), level ?? 0, 1e-9);
  const step = room.width / items.length;
  const width = Math.min(46, step * 0.72);
  const height = (value: number): number => ((bottom - top) * value) / most;
  const parts = items.map(({ label, value, isMarked, expected, caption }, index) => {
    const middle = room.x + step * (index + 0.5);
    const bar = rectangle(
      { x: middle - width / 2, y: bottom - height(value), width, height: height(value) },
      isMarked === true ? INK.other : INK.main,
      { rx: Math.min(3, width / 4) },
    );
    const dot =
      expected === undefined
        ? ''
        : element('circle', {
            cx: middle,
            cy: bottom - height(expected),
            r: 5,
            fill: INK.panel,
            stroke: INK.other,
            'stroke-width': 2.5,
          });
    const above =
      caption === undefined
        ? ''
        : text(
            { x: middle, y: bottom - height(Math.max(value, expected ?? 0)) - (expected === undefined ? 6 : 10) },
            caption,
            {
              size: 11,
              fill: INK.text,
              anchor: 'middle',
            },
          );
    const below =
      index % labelEvery === 0 ? text({ x: middle, y: bottom + 17 }, label, { size: 11, anchor: 'middle' }) : '';
    return bar + dot + above + below;
  });
  const across =
    level === undefined
      ? ''
      : line(
          { x: room.x, y: bottom - height(level) },
          { x: room.x + room.width, y: bottom - height(level) },
          INK.other,
          {
            'stroke-dasharray': '4 4',
            'stroke-width': 1.5,
          },
        );
  const ground = line({ x: room.x, y: bottom }, { x: room.x + room.width, y: bottom }, INK.edge, { 'stroke-width': 1 });
  return parts.join('') + across + ground;
}

export interface Pair {
  readonly label: string;
  readonly ours: number;
  readonly theirs: number;
}

const NAME_WIDTH = 150;
const VALUE_WIDTH = 46;

/** Lying bars in pairs: what we have over what the survey found. Shares of one. */
export function pairs(
  room: Box,
  items: readonly Pair[],
  words: { readonly ours: string; readonly theirs: string },
): string {
  const legend = 24;
  const step = (room.height - legend) / items.length;
  const bar = Math.min(11, step * 0.34);
  const most = Math.max(...items.flatMap(({ ours, theirs }) => [ours, theirs]));
  const left = room.x + NAME_WIDTH;
  const width = (value: number): number => ((room.width - NAME_WIDTH - VALUE_WIDTH) * value) / most;
  const rows = items.map(({ label, ours, theirs }, index) => {
    const middle = room.y + step * (index + 0.5);
    return [
      text({ x: left - 12, y: middle + 4 }, label, { size: 12.5, fill: INK.text, anchor: 'end' }),
      rectangle({ x: left, y: middle - bar - 0.5, width: width(ours), height: bar }, INK.main, { rx: 2 }),
      rectangle({ x: left, y: middle + 0.5, width: width(theirs), height: bar }, INK.soft, { rx: 2 }),
      text({ x: left + width(ours) + 6, y: middle - 2 }, percent(ours), { size: 10.5, fill: INK.text }),
      text({ x: left + width(theirs) + 6, y: middle + bar - 0.5 }, percent(theirs), { size: 10.5 }),
    ].join('');
  });
  const y = room.y + room.height - 4;
  const key = [
    rectangle({ x: left, y: y - 10, width: 12, height: 10 }, INK.main, { rx: 2 }),
    text({ x: left + 18, y: y - 1 }, words.ours, { fill: INK.text }),
    rectangle({ x: left + 150, y: y - 10, width: 12, height: 10 }, INK.soft, { rx: 2 }),
    text({ x: left + 168, y: y - 1 }, words.theirs, { fill: INK.text }),
  ];
  return rows.join('') + key.join('');
}

export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}
