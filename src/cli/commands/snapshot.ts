import { resolve } from 'node:path';

import { Command } from 'commander';

import { connectToSandbox, type ControlClient, type Snapshot } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output.js';

interface SnapshotFlags {
  readonly dataDir: string;
  readonly json?: boolean;
}

/** `sandbank snapshot save|load|list|delete`: worlds to come back to. */
export function snapshotCommand(context: CommandContext, settle: (code: number) => void): Command {
  const command = new Command('snapshot').description('Save the world of a running sandbox, and come back to it');
  const verb = (
    name: string,
    description: string,
    run: (control: ControlClient, output: Output, snapshot: string) => Promise<void>,
  ): void => {
    const [word = name] = name.split(' ');
    command
      .command(name)
      .description(description)
      .option('--data-dir <folder>', 'data directory of the running sandbox', '.sandbank')
      .option('--json', 'print the answer as JSON')
      .action(async (...given: readonly unknown[]) => {
        const [snapshot, flags] = (word === 'list' ? ['', given[0]] : given) as [string, SnapshotFlags];
        const control = connectToSandbox(resolve(flags.dataDir));
        try {
          await run(control, context.output(flags), snapshot);
          settle(0);
        } finally {
          await control.close();
        }
      });
  };
  verb(
    'save <name>',
    'Save the world as it is now; one of the same name is replaced',
    async (control, output, name) => {
      const saved = await control.post<Snapshot>('/snapshots', { name });
      output.data(saved, `saved ${describe(saved)}`);
    },
  );
  verb(
    'load <name>',
    'Put a saved world in the place of the present one; clients stay registered',
    async (control, output, name) => {
      const status = await control.post<{ clock: { now: string } }>(`/snapshots/${encodeURIComponent(name)}/load`);
      output.data(status, `loaded ${name}; business time is ${status.clock.now}`);
    },
  );
  verb('list', 'List saved worlds, oldest first', async (control, output) => {
    const { snapshots } = await control.get<{ snapshots: readonly Snapshot[] }>('/snapshots');
    output.data({ snapshots }, snapshots.length === 0 ? 'No snapshot so far.' : snapshots.map(describe).join('\n'));
  });
  verb('delete <name>', 'Forget a saved world', async (control, output, name) => {
    await control.delete(`/snapshots/${encodeURIComponent(name)}`);
    output.data({ deleted: name }, `deleted ${name}`);
  });
  return command;
}

function describe({ name, savedAt, now, bytes }: Snapshot): string {
  return `${name.padEnd(24)}${(bytes / 1e6).toFixed(1).padStart(8)} MB  saved ${savedAt}, business time ${now}`;
}
