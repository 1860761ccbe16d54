import { resolve } from 'node:path';

import { Command } from 'commander';

import { diagnose } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';

/** `sandbank doctor`: is everything as it must be, and if not, what mends it? */
export function doctorCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('doctor')
    .description('Check this machine and the running sandbox')
    .option('--data-dir <folder>', 'data directory of the sandbox', '.sandbank')
    .option('--json', 'print the findings as JSON')
    .action(async (flags: { readonly dataDir: string; readonly json?: boolean }) => {
      const output = context.output(flags);
      const findings = await diagnose(resolve(flags.dataDir));
      const text = findings
        .map(({ name, ok, detail, remedy }) => {
          const mark = ok ? output.good('ok     ') : output.bad('problem');
          return `${mark} ${name}: ${detail}${ok || remedy === undefined ? '' : `\n        ${remedy}`}`;
        })
        .join('\n');
      const allWell = findings.every(({ ok }) => ok);
      output.data({ ok: allWell, findings }, text);
      settle(allWell ? 0 : 1);
    });
}
