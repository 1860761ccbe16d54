import { resolve } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { connectToSandbox, type ClockMoved, type ControlClient, type SandboxStatus } from '../../sandbox/index.js';
import { describeMoved } from '../clock-table.js';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output.js';

interface ClockFlags {
  readonly dataDir: string;
  readonly json?: boolean;
  readonly items?: number;
}

type Clock = SandboxStatus['clock'];

/** `sandbank clock`: shows business time, moves it, lets it run at a speed or stand still. */
export function clockCommand(context: CommandContext, settle: (code: number) => void): Command {
  const withControl = async (
    flags: ClockFlags,
    work: (control: ControlClient, output: Output) => Promise<void>,
  ): Promise<void> => {
    const control = connectToSandbox(resolve(flags.dataDir));
    try {
      await work(control, context.output(flags));
      settle(0);
    } finally {
      await control.close();
    }
  };
  const moving = (command: Command, move: (control: ControlClient, argument: string) => Promise<ClockMoved & Clock>) =>
    withFlags(command)
      .option('--items <n>', 'how many of the things that happened to list (at most 100)', readItems, 20)
      .action(async (...args: unknown[]) => {
        // Commander hands over the arguments, then the options, then the command.
        const flags = args.at(-2) as ClockFlags;
        const [argument] = args;
        await withControl(flags, async (control, output) => {
          const moved = await move(control, typeof argument === 'string' ? argument : '');
          output.data(moved, describeMoved(moved, output, flags.items ?? 0));
        });
      });

  return new Command('clock')
    .description('Show business time, move it, let it run at a speed or stand still')
    .addCommand(
      withFlags(new Command('show').description('Say what time it is for the banks, and how it goes')).action(
        (flags: ClockFlags) =>
          withControl(flags, async (control, output) => {
            const clock = await control.get<Clock>('/clock');
            output.data(clock, describeClock(clock));
          }),
      ),
      { isDefault: true },
    )
    .addCommand(
      withFlags(new Command('freeze').description('Stand still from now on')).action((flags: ClockFlags) =>
        withControl(flags, async (control, output) => {
          const clock = await control.put<Clock>('/clock', { mode: 'frozen' });
          output.data(clock, describeClock(clock));
        }),
      ),
    )
    .addCommand(
      moving(
        new Command('set').description('Move forward to an instant, never back').argument('<instant>', 'ISO 8601'),
        (control, instant) => control.put('/clock', { now: instant }),
      ),
    )
    .addCommand(
      moving(
        new Command('advance')
          .description('Move forward by a duration')
          .argument('<duration>', 'ISO 8601 duration: P90D, P1M, PT2H'),
        (control, duration) => control.post('/clock/advance', { duration }),
      ),
    )
    .addCommand(
      moving(new Command('next').description('Move forward to the next thing that falls due'), (control) =>
        control.post('/clock/advance', { to: 'next' }),
      ),
    )
    .addCommand(
      withFlags(
        new Command('run')
          .description('Run, with all due work done on the way')
          .argument('[speed]', 'business seconds in a second, at most 86400; 1 follows the clock of the machine', '1'),
      ).action((speed: string, flags: ClockFlags) =>
        withControl(flags, async (control, output) => {
          const clock = await control.put<Clock>('/clock', { mode: 'running', speed: readSpeed(speed) });
          output.data(clock, describeClock(clock));
        }),
      ),
    );
}

function withFlags(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'data directory of the running sandbox', '.sandbank')
    .option('--json', 'print the answer as JSON');
}

function describeClock({ now, mode, speed, stopped }: Clock): string {
  const pace = {
    frozen: 'stands still until you move it',
    system: 'runs with the clock of this machine',
    running: `runs at ${String(speed)} times real speed`,
  }[mode];
  return `${now}  ${pace}${stopped === undefined ? '' : `\n${stopped}`}`;
}

function readSpeed(text: string): number {
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new InvalidArgumentError('A speed is a number above 0.');
}

function readItems(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 0 to 100.');
}
