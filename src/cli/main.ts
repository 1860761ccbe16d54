import { Command, CommanderError } from 'commander';

import { isSandbankError } from '../kernel/index.js';
import { readConfig } from '../sandbox/index.js';
import { backupCommand } from './commands/backup.js';
import { clockCommand } from './commands/clock.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { generateCommand } from './commands/generate.js';
import { reportCommand } from './commands/report.js';
import { snapshotCommand } from './commands/snapshot.js';
import { startCommand } from './commands/start.js';
import { tppCommand } from './commands/tpp.js';
import { verifyCommand } from './commands/verify.js';
import type { CommandContext } from './command-context.js';
import { createOutput } from './output.js';

/** Beside these an error may bring its own: 4 not ready, 5 port or file in use. */
const EXIT = { ok: 0, failed: 1, usage: 2, configuration: 3 } as const;

/** Runs the command line and answers with the exit code. Catches everything: the one place of the CLI that does. */
export async function main(argv: readonly string[]): Promise<number> {
  const context: CommandContext = {
    output: ({ json }) =>
      createOutput(json === true, {
        out: process.stdout,
        err: process.stderr,
        colours: process.stderr.isTTY && process.stderr.hasColors(),
      }),
  };
  const program = new Command('sandbank')
    .description('A bank in a box: an open banking ecosystem in one process.')
    .version(readConfig({}).version)
    .showHelpAfterError('Add --help to see what is possible.')
    .exitOverride();
  let code: number = EXIT.ok;
  const settle = (result: number): void => {
    code = result;
  };
  for (const command of [
    startCommand,
    generateCommand,
    reportCommand,
    demoCommand,
    tppCommand,
    clockCommand,
    explainCommand,
    doctorCommand,
    verifyCommand,
    snapshotCommand,
    backupCommand,
  ]) {
    program.addCommand(inherit(command(context, settle)));
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return explainFailure(error, argv.includes('--json'));
  }
}

/** Sub-commands do not take over exitOverride by themselves. */
function inherit(command: Command): Command {
  command.exitOverride().showHelpAfterError('Add --help to see what is possible.');
  for (const child of command.commands) inherit(child);
  return command;
}

function explainFailure(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (isSandbankError(error)) {
    const { message, details, code } = error;
    if (json)
      process.stdout.write(
        `${JSON.stringify({ event: 'error', code, message, expected: details.expected, actual: details.actual })}\n`,
      );
    process.stderr.write(`sandbank: ${message}\n`);
    if (details.expected !== undefined) process.stderr.write(`  expected: ${details.expected}\n`);
    if (details.actual !== undefined) process.stderr.write(`  found:    ${details.actual}\n`);
    if (typeof details['exitCode'] === 'number') return details['exitCode'];
    return code === 'configuration.invalid' ? EXIT.configuration : EXIT.failed;
  }
  process.stderr.write(`sandbank: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failed;
}
