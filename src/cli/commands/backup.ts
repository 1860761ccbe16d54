import { resolve } from 'node:path';

import { Command } from 'commander';

import { backUp } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';

/** `sandbank backup FILE`: the whole world in one file, while it runs. */
export function backupCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('backup')
    .description('Copy the database of a sandbox, running or stopped, and verify the copy')
    .argument('<file>', 'where to; a file that is there already is not replaced')
    .option('--data-dir <folder>', 'data directory of the sandbox', '.sandbank')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nThe file holds keys and tokens: keep it to yourself. To go back to it, stop the sandbox and put it in the place of\nsandbank.db in its data directory.',
    )
    .action(async (file: string, flags: { readonly dataDir: string; readonly json?: boolean }) => {
      const output = context.output(flags);
      const { bytes, claims } = await backUp(resolve(flags.dataDir), resolve(file));
      output.data(
        { file: resolve(file), bytes, claims },
        `${resolve(file)}: ${(bytes / 1e6).toFixed(1)} MB, all ${String(claims)} claims hold`,
      );
      settle(0);
    });
}
