import { resolve } from 'node:path';

import { Command } from 'commander';

import { verifyDataDirectory, type VerificationCheck } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output.js';

interface VerifyFlags {
  readonly dataDir: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `sandbank verify`: is every penny where it must be? */
export function verifyCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('verify')
    .description('Derive every balance, payment and hold again, and say what does not fit')
    .option('--data-dir <folder>', 'data directory of a sandbox, running or stopped', '.sandbank')
    .option('--all', 'show the claims that hold, too')
    .option('--json', 'print the claims as JSON')
    .addHelpText('after', '\nEnds with 1 where anything does not hold. Amounts are in minor units.')
    .action(async (flags: VerifyFlags) => {
      const output = context.output(flags);
      const { ok, checks } = await verifyDataDirectory(resolve(flags.dataDir));
      const shown = flags.all === true ? checks : checks.filter((check) => !check.ok);
      const lines = shown.map((check) => describe(check, output));
      const count = String(checks.length);
      const broken = String(checks.filter((check) => !check.ok).length);
      lines.push(ok ? output.good(`all ${count} claims hold`) : output.bad(`${broken} of ${count} claims do not hold`));
      output.data({ ok, checks }, lines.join('\n'));
      settle(ok ? 0 : 1);
    });
}

function describe({ name, ok, faults = [] }: VerificationCheck, output: Output): string {
  const lines = [`${ok ? output.good('holds ') : output.bad('broken')} ${name}`];
  for (const { where, expected, actual } of faults) {
    lines.push(`       ${where}`, `         expected  ${expected}`, `         found     ${actual}`);
  }
  return lines.join('\n');
}
