import { Command, InvalidArgumentError } from 'commander';

import { generatePopulation, type GenerateOptions } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';
import { createProgress } from '../progress.js';
import { report } from './report.js';

interface GenerateFlags extends Omit<GenerateOptions, 'onProgress'> {
  readonly report?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

const MOST_CUSTOMERS = 1_000_000;
const MOST_MONTHS = 120;

/** `sandbank generate`: a bank full of customers. */
export function generateCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('generate')
    .description('Fill a bank with drawn customers and write their histories')
    .requiredOption('--customers <n>', 'how many drawn customers the bank shall have', whole(1, MOST_CUSTOMERS))
    .option('--months <n>', 'how far back their histories reach', whole(1, MOST_MONTHS), 24)
    .option('--bank <id>', 'the bank (default: the first)')
    .option('--seed <n>', 'another population than that of the world', whole(0, 999_999_999))
    .option('--data-dir <folder>', 'data directory of a sandbox that is stopped, or a new one (default .sandbank)')
    .option('--database <url>', 'postgres://… instead of the embedded one')
    .option('--clock <clock>', 'of a new world: system, or frozen:<ISO date-time>')
    .option('--report', 'measure afterwards how real they look')
    .option('--out <file>', 'with --report: draw it as a page, .svg or .html')
    .option('--json', 'print one JSON line')
    .addHelpText('after', '\nExample:\n  sandbank generate --customers 10000 --months 24 --report --out report.svg')
    .action(async (flags: GenerateFlags) => {
      const output = context.output(flags);
      const progress = createProgress(output, { isTerminal: process.stderr.isTTY });
      const began = process.uptime();
      const { report: wantsReport, out, json, ...options } = flags;
      const generated = await generatePopulation({
        ...options,
        onProgress: ({ customers, of, transactions }) => {
          progress(
            customers / of,
            `${Math.floor(customers).toLocaleString('en')} of ${of.toLocaleString('en')} customers, ${transactions.toLocaleString('en')} transactions`,
          );
        },
      });
      const seconds = process.uptime() - began;
      const rate = {
        seconds: Math.round(seconds * 10) / 10,
        customersPerSecond: Math.round(generated.customers / seconds),
        transactionsPerSecond: Math.round(generated.transactions / seconds),
      };
      const { bank, customers, accounts, transactions, customerNumbers, password } = generated;
      const count = (value: number): string => value.toLocaleString('en');
      output.done(
        `${output.good('ready')} in ${seconds.toFixed(1)} s: ${count(rate.customersPerSecond)} customers/s, ${count(rate.transactionsPerSecond)} transactions/s`,
      );
      output.data(
        { event: 'generated', bank, customers, accounts, transactions, ...rate, customerNumbers, password },
        [
          `${bank.name} has ${count(customers)} more customers with ${count(accounts)} accounts and ${count(transactions)} transactions.`,
          ...(customerNumbers
            ? [`Logins: customer numbers ${customerNumbers.first} to ${customerNumbers.last}, password ${password}`]
            : []),
        ].join('\n'),
      );
      if (wantsReport === true) {
        const { bank: bankId, dataDir, database } = flags;
        await report(output, {
          ...(bankId !== undefined && { bank: bankId }),
          ...(dataDir !== undefined && { dataDir }),
          ...(database !== undefined && { database }),
          ...(out !== undefined && { out }),
          ...(json !== undefined && { json }),
        });
      }
      settle(0);
    });
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${String(least)} to ${String(most)}.`);
  };
}
