import { Command, InvalidArgumentError } from 'commander';

import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output.js';

interface StartFlags extends Omit<SandboxOptions, 'log' | 'fixturesDir'> {
  readonly fixtures?: string;
  readonly json?: boolean;
  readonly log?: 'silent' | 'info' | 'debug';
}

/** `sandbank start`: runs until Ctrl-C. */
export function startCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('start')
    .description('Start the ecosystem and keep it running')
    .option('--port <n>', 'port of the public TLS listener; 0 takes any free one (default 8443)', port)
    .option('--mtls-port <n>', 'port of the listener that asks for a client certificate (default 8444)', port)
    .option('--http-port <n>', 'port of the plain-http home page, loopback only (default 8080)', port)
    .option('--listen-port <n>', 'port to bind where a proxy stands at --port: several processes on one database', port)
    .option('--listen-mtls-port <n>', 'the same for --mtls-port', port)
    .option('--host <address>', 'address to bind (default 127.0.0.1 and ::1)')
    .option('--data-dir <folder>', 'where the ecosystem lives (default .sandbank)')
    .option('--database <url>', 'postgres://user:password@host/name instead of the embedded one; may be shared')
    .option('--ephemeral', 'a throw-away ecosystem on free ports')
    .option('--seed <n>', 'same seed, same world (default 1)', wholeNumber)
    .option('--clock <clock>', 'system, or frozen:<ISO date-time> (default system)')
    .option('--history-months <n>', 'how far back the histories of customers reach (default 24)', wholeNumber)
    .option('--fixtures <folder>', 'banks, customers and merchants of your own (default those of the package)')
    .option('--validate-responses', 'check every answer against its OpenAPI document')
    .option('--log <level>', 'JSON request log on standard error: silent, info, debug (default silent)')
    .option('--json', 'print one JSON line when ready')
    .addHelpText(
      'after',
      '\nExamples:\n  sandbank start\n  sandbank start --ephemeral --port 0 --json\n  sandbank start --clock frozen:2026-01-31T09:00:00Z --seed 7',
    )
    .action(async ({ fixtures, ...flags }: StartFlags) => {
      const output = context.output(flags);
      output.progress('starting: certificates, customers and two years of their history');
      const sandbox = await startSandbox({ ...flags, ...(fixtures !== undefined && { fixturesDir: fixtures }) });
      output.done(`${output.good('ready')} in ${process.uptime().toFixed(1)} s`);
      await announce(sandbox, output);
      await untilStopped(sandbox, output);
      settle(0);
    });
}

async function announce(sandbox: Sandbox, output: Output): Promise<void> {
  const { status } = sandbox;
  const ready = { event: 'ready', pid: process.pid, ...status };
  if (output.json) {
    output.data(ready, '');
    return;
  }
  const rows: [string, string][] = [
    ['Home page', status.httpOrigin],
    ['Browsers', status.publicOrigin],
    ['With client certificate', status.mtlsOrigin],
    ['Directory', status.directory.issuer],
    ['CA to trust', status.caFile],
    ['Control token', status.controlTokenFile],
    ['Business time', `${status.clock.now} (${status.clock.mode})`],
  ];
  output.say();
  for (const [name, value] of rows) output.say(`  ${name.padEnd(24)}${value}`);
  for (const bank of status.banks) {
    output.say();
    output.say(`  ${output.strong(bank.name)}`);
    output.say(`  ${'Address'.padEnd(24)}${bank.issuer}`);
    for (const standard of bank.standards) {
      output.say(`  ${`${standard.id} ${standard.version}`.padEnd(24)}${standard.baseUrl}`);
    }
    output.say();
    output.say(
      `  ${output.quiet('Customer number'.padEnd(18))}${output.quiet('Password'.padEnd(24))}${output.quiet('Test customer')}`,
    );
    for (const customer of await sandbox.bank(bank.id).customers()) {
      const persona = customer.persona === undefined ? '' : output.quiet(`  ${customer.persona.replaceAll('-', ' ')}`);
      output.say(
        `  ${customer.customerNumber.padEnd(18)}${customer.password.padEnd(24)}${customer.name.padEnd(24)}${persona}`,
      );
    }
  }
  output.say();
  output.say(`  Next, in another terminal:  ${output.strong('npx sandbank demo')}`);
  output.say(`  ${output.quiet('Ctrl-C stops; the world is kept and continues at the next start.')}`);
}

/** The first signal stops in order, the second at once. */
function untilStopped(sandbox: Sandbox, output: Output): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(130);
      stopping = true;
      output.say('\nstopping');
      sandbox.stop().then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

function port(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
