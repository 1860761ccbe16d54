import { resolve } from 'node:path';

import { Command } from 'commander';

import { connectToSandbox, type ControlClient, type Tpp } from '../../sandbox/index.js';
import { accountJourney } from '../demo/account-journey.js';
import { paymentJourney } from '../demo/payment-journey.js';
import type { DemoStage } from '../demo/stage.js';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output.js';

interface DemoFlags {
  readonly dataDir: string;
  readonly json?: boolean;
}

/** `sandbank demo`: one account journey and one payment, by a client that nobody here wrote. */
export function demoCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('demo')
    .description('Run an account journey and a payment against the running sandbox, step by step')
    .option('--data-dir <folder>', 'data directory of the running sandbox', '.sandbank')
    .option('--json', 'print one JSON line a step')
    .action(async (flags: DemoFlags) => {
      const output = context.output(flags);
      const control = connectToSandbox(resolve(flags.dataDir));
      try {
        await runDemo(control, output);
        settle(0);
      } finally {
        await control.close();
      }
    });
}

async function runDemo(control: ControlClient, output: Output): Promise<void> {
  const bank = control.ready.banks[0];
  const standard = bank?.standards[0];
  if (!bank || !standard) throw new Error('the sandbox has no bank');
  const stage: DemoStage = { control, output, bank, step: createStepper(output) };
  output.say(output.strong(`A third party meets ${bank.name}`));
  const tpp = await stage.step(
    'Become a third party: directory, certificates, registration',
    () => control.post<Tpp>('/tpps', { name: 'Demo Budget App', banks: [bank.id] }),
    (made) => `client ${made.registrations[0]?.clientId ?? ''}`,
  );
  // Its libraries are heavy, and every command would load them.
  const { createThirdParty } = await import('../demo/third-party.js');
  const thirdParty = await createThirdParty({ tpp, bank: bank.id, baseUrl: standard.baseUrl, caPem: control.caPem });
  try {
    output.say();
    output.say(output.strong('Account information'));
    await accountJourney(stage, thirdParty);
    output.say();
    output.say(output.strong('Payment initiation'));
    await paymentJourney(stage, thirdParty);
  } finally {
    await thirdParty.close();
  }
  output.say();
  output.say(`Done. Every check of every request is kept: ${output.strong('npx sandbank explain <interaction id>')}`);
}

function createStepper(output: Output): DemoStage['step'] {
  let count = 0;
  return async (title, work, tell) => {
    count += 1;
    const label = `${String(count).padStart(2)}  ${title}`;
    output.progress(label);
    const value = await work();
    const told = tell(value);
    output.done(`${output.good('ok')} ${label}\n       ${output.quiet(told)}`);
    if (output.json) output.data({ step: count, title, result: told }, '');
    return value;
  };
}
