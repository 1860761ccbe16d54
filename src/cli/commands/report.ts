import { writeFileSync } from 'node:fs';

import { Command } from 'commander';

import { reportRealism, type ReportOptions } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output.js';
import { createProgress } from '../progress.js';
import { realismText } from '../realism-text.js';

interface ReportFlags extends ReportOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** `sandbank report`: how like real ones are the drawn customers? */
export function reportCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('report')
    .description('Measure how real the drawn customers of a bank look, and draw it')
    .option('--bank <id>', 'the bank (default: the first)')
    .option('--data-dir <folder>', 'data directory of a sandbox that is stopped (default .sandbank)')
    .option('--database <url>', 'postgres://… instead of the embedded one')
    .option('--out <file>', 'draw it: a page as .svg or .html')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', '\nExample:\n  sandbank report --bank bramble --out report.svg')
    .action(async (flags: ReportFlags) => {
      await report(context.output(flags), flags);
      settle(0);
    });
}

export async function report(output: Output, flags: ReportFlags): Promise<void> {
  const progress = createProgress(output, { isTerminal: process.stderr.isTTY });
  const { out, json: _json, ...options } = flags;
  const measured = await reportRealism({
    ...options,
    onProgress: (part) => {
      progress(part, 'reading every line');
    },
  });
  output.done(`${output.good('measured')} every line of the drawn customers`);
  if (out !== undefined) {
    writeFileSync(out, out.endsWith('.html') ? measured.html : measured.svg);
    output.say(`drawn in ${out}`);
  }
  output.data(
    { event: 'realism', ...measured.realism, ...(out !== undefined && { file: out }) },
    realismText(measured),
  );
}
