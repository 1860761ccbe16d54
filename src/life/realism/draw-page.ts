import { columns, pairs, panel, percent, type Column } from './charts.js';
import type { Distribution } from './distribution.js';
import { BENFORD } from './benford.js';
import type { Realism } from './realism.js';
import { element, INK, rectangle, text, type Box } from './svg.js';

const WIDTH = 1240;
const MARGIN = 40;
const GAP = 22;
const HALF = (WIDTH - 2 * MARGIN - GAP) / 2;
const TILES_AT = 130;
const TILE_HEIGHT = 84;
const PANELS_AT = TILES_AT + TILE_HEIGHT + GAP;
const ROW = 252;

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** What the divisions of a survey are called on the page. */
const DIVISIONS: Readonly<Record<string, string>> = {
  food: 'Food and drinks',
  clothing: 'Clothing, shoes',
  housing: 'Housing, energy',
  household: 'Household goods',
  health: 'Health',
  transport: 'Transport',
  communication: 'Communication',
  recreation: 'Recreation, culture',
  education: 'Education',
  restaurants: 'Restaurants, hotels',
  other: 'Other',
};

/** One page as SVG: what the drawn customers look like, beside what is known of real ones. */
export function drawRealism(realism: Realism): string {
  const tall = 2 * ROW + GAP;
  const at = (column: 0 | 1, row: number, height: number): Box => ({
    x: MARGIN + column * (HALF + GAP),
    y: PANELS_AT + row * (ROW + GAP),
    width: HALF,
    height,
  });
  const height = PANELS_AT + 5 * (ROW + GAP) + 26;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${String(WIDTH)} ${String(height)}`,
      width: WIDTH,
      height,
      'font-family': "'Inter', 'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', sans-serif",
      role: 'document',
    },
    element('title', {}, `Drawn customers of ${realism.bank.name}`),
    rectangle({ x: 0, y: 0, width: WIDTH, height }, INK.page),
    heading(realism),
    tiles(realism),
    spendingPanel(at(0, 0, tall), realism),
    weekdayPanel(at(1, 0, ROW), realism),
    monthDayPanel(at(1, 1, ROW), realism),
    seasonPanel(at(0, 2, ROW), realism),
    digitsPanel(at(1, 2, ROW), realism),
    distributionPanel(at(0, 3, ROW), 'Income a month', realism.income, realism),
    distributionPanel(at(1, 3, ROW), 'On the current account, at the end', realism.currentBalance, realism),
    distributionPanel(at(0, 4, ROW), 'On savings accounts, at the end', realism.savingsBalance, realism),
    overdraftPanel(at(1, 4, ROW), realism),
    text({ x: MARGIN, y: height - 18 }, `Survey: ${realism.spending.source}; ${realism.spending.unit}.`, { size: 11 }),
  );
}

/** The page for a browser. */
export function asHtml(svg: string, title: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>body{margin:0;background:${INK.page}}svg{display:block;margin:0 auto;max-width:100%;height:auto}</style>
</head><body>${svg}</body></html>
`;
}

function heading({ bank, customers, transactions, accounts, from, to }: Realism): string {
  const facts = [`${grouped(accounts)} accounts`, `${grouped(transactions)} transactions`, `${from} to ${to}`];
  return (
    text({ x: MARGIN, y: 66 }, `${grouped(customers)} drawn customers of ${bank.name}`, {
      size: 30,
      weight: 700,
      fill: INK.text,
    }) + text({ x: MARGIN, y: 96 }, facts.join('   ·   '), { size: 15 })
  );
}

function tiles(realism: Realism): string {
  const { runningBalances, overdraft, firstDigits, income, spending, bank } = realism;
  const gap = Math.max(...spending.divisions.map(({ share, survey }) => Math.abs(share - survey)));
  const facts = [
    [grouped(runningBalances.wrong), `of ${grouped(runningBalances.lines)} balances wrong`],
    [money(income.median, bank.currency), 'median income a month'],
    [percent(overdraft.mean), 'of current accounts overdrawn'],
    [(firstDigits.meanDeviation * 100).toFixed(2), 'points off Benford on average'],
    [(gap * 100).toFixed(1), 'points off the survey at most'],
  ] as const;
  const width = (WIDTH - 2 * MARGIN - (facts.length - 1) * GAP) / facts.length;
  return facts
    .map(([figure, words], index) => {
      const x = MARGIN + index * (width + GAP);
      return (
        rectangle({ x, y: TILES_AT, width, height: TILE_HEIGHT }, INK.panel, { rx: 10, stroke: INK.edge }) +
        text({ x: x + 18, y: TILES_AT + 42 }, figure, { size: 26, weight: 700, fill: INK.main }) +
        text({ x: x + 18, y: TILES_AT + 66 }, words)
      );
    })
    .join('');
}

function spendingPanel(box: Box, { spending }: Realism): string {
  const items = [...spending.divisions]
    .sort((a, b) => b.survey - a.survey)
    .map(({ division, share, survey }) => ({ label: DIVISIONS[division] ?? division, ours: share, theirs: survey }));
  const words = {
    title: 'What money is spent on',
    note: 'Shares of all spending, beside those of a public household survey',
  };
  return panel(box, words, (room) => pairs(room, items, { ours: 'these customers', theirs: 'the survey' }));
}

function weekdayPanel(box: Box, { weekdays }: Realism): string {
  const items = DAYS.map((label, index): Column => {
    const value = weekdays[index] ?? 0;
    return { label, value, isMarked: index > 4, caption: percent(value) };
  });
  return panel(box, { title: 'Card payments by weekday', note: 'Shares of the week; the weekend is marked' }, (room) =>
    columns(room, items),
  );
}

function monthDayPanel(box: Box, { daysOfMonth, paydays }: Realism): string {
  const most = Math.max(...paydays);
  const busiest = paydays.map((share) => share > 0.4 * most);
  const items = daysOfMonth.map((value, index): Column => ({
    label: String(index + 1),
    value,
    isMarked: busiest[index] === true,
  }));
  const note = 'Card spending compared with the average day; days on which most are paid are marked';
  return panel(box, { title: 'Through the month', note }, (room) => columns(room, items, { labelEvery: 2, level: 1 }));
}

function seasonPanel(box: Box, { months }: Realism): string {
  const items = months.map(({ month, level }): Column => {
    const name = MONTHS[Number(month.slice(5, 7)) - 1] ?? '';
    const label = name === 'Jan' ? `${name} ${month.slice(2, 4)}` : name;
    return { label, value: level, isMarked: name === 'Dec' };
  });
  const note = 'Card spending a day, compared with the average month; December is marked';
  return panel(box, { title: 'Through the year', note }, (room) =>
    columns(room, items, { labelEvery: months.length > 14 ? 2 : 1, level: 1 }),
  );
}

function digitsPanel(box: Box, { firstDigits }: Realism): string {
  const items = firstDigits.shares.map((value, index): Column => ({
    label: String(index + 1),
    value,
    expected: BENFORD[index] ?? 0,
    caption: percent(value, 0),
  }));
  return panel(
    box,
    { title: 'First digits of amounts', note: 'All booked amounts; the rings are Benford’s law' },
    (room) => columns(room, items),
  );
}

function distributionPanel(box: Box, title: string, values: Distribution, { bank }: Realism): string {
  const { deciles, median, bins, count } = values;
  const [low, high] = [deciles[0] ?? 0, deciles[8] ?? 0];
  const inWords = (amount: number): string => money(amount, bank.currency);
  const note = `Median ${inWords(median)}; eight of ten between ${inWords(low)} and ${inWords(high)}`;
  const items = bins.map(({ from, count: own }, index): Column => {
    const label = `${index === bins.length - 1 ? '≥ ' : ''}${compact(from)}`;
    return { label, value: own / Math.max(1, count), isMarked: from < 0 };
  });
  return panel(box, { title, note }, (room) => columns(room, items));
}

function overdraftPanel(box: Box, { overdraft }: Realism): string {
  const { months, mean, ever } = overdraft;
  const items = months.map(({ month, share }): Column => {
    const name = MONTHS[Number(month.slice(5, 7)) - 1] ?? '';
    return { label: name === 'Jan' ? `${name} ${month.slice(2, 4)}` : name, value: share };
  });
  const note = `On an average day of each month; ${percent(mean)} overall, and ${percent(ever, 0)} at least once`;
  return panel(box, { title: 'Current accounts in overdraft', note }, (room) =>
    columns(room, items, {
      labelEvery: months.length > 14 ? 2 : 1,
      level: mean,
    }),
  );
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}

function money(amount: number, currency: string): string {
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency, maximumFractionDigits: 0 }).format(amount);
}

function compact(amount: number): string {
  return Math.abs(amount) >= 1000 ? `${String(amount / 1000)}k` : String(amount);
}
