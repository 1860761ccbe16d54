import type { RealismReport } from '../sandbox/index.js';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const NAME = 16;

/** The measured realism as plain text. */
export function realismText({ realism }: RealismReport): string {
  const { bank, spending, overdraft, income, currentBalance, savingsBalance, firstDigits, runningBalances } = realism;
  const amount = (value: number): string => `${Math.round(value).toLocaleString('en')} ${bank.currency}`;
  const deciles = (name: string, { median, deciles: nine }: typeof income): string =>
    `${name.padEnd(NAME)}median ${amount(median)}; deciles ${nine.map((one) => Math.round(one).toLocaleString('en')).join('  ')}`;
  const spent = [...spending.divisions]
    .sort((a, b) => b.survey - a.survey)
    .map(
      ({ division, share, survey }) =>
        `${division.padEnd(NAME)}${percent(share)}  survey ${percent(survey)}  ${points(share - survey)}`,
    );
  return [
    `${realism.customers.toLocaleString('en')} customers of ${bank.name}, ${realism.accounts.toLocaleString('en')} accounts, ${realism.transactions.toLocaleString('en')} transactions, ${realism.from} to ${realism.to}`,
    '',
    ...spent,
    '',
    `${'weekdays'.padEnd(NAME)}${realism.weekdays.map((share, index) => `${DAYS[index] ?? ''} ${percent(share).trim()}`).join('  ')}`,
    `${'overdraft'.padEnd(NAME)}${percent(overdraft.mean).trim()} of current accounts on an average day, ${percent(overdraft.ever).trim()} at least once`,
    deciles('income', income),
    deciles('current account', currentBalance),
    deciles('savings', savingsBalance),
    `${'first digits'.padEnd(NAME)}${firstDigits.shares.map((share, index) => `${String(index + 1)}: ${percent(share).trim()}`).join('  ')}`,
    `${''.padEnd(NAME)}mean deviation from Benford ${firstDigits.meanDeviation.toFixed(4)}, chi-squared a line ${firstDigits.chiSquaredPerLine.toFixed(4)}`,
    `${'balances'.padEnd(NAME)}${runningBalances.lines.toLocaleString('en')} running balances derived again, ${String(runningBalances.wrong)} wrong`,
    '',
    `Survey: ${spending.source}`,
  ].join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(7);
}

function points(difference: number): string {
  return `${difference < 0 ? '' : '+'}${(difference * 100).toFixed(1)}`;
}
