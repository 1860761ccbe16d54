import { startSandbox, type NewTpp, type Sandbox, type SandboxOptions } from '../../src/index.js';
import { createThirdParty, type ThirdParty } from './third-party.js';

/** Business time of test worlds: a working day's morning, so that little falls due by itself while a test looks. */
export const MORNING = 'frozen:2026-06-16T09:00:00Z';

/** A small world of its own, with a clock that only the test moves and every answer held against its document. */
export function startTestSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({
    ephemeral: true,
    seed: 1,
    historyMonths: 3,
    clock: MORNING,
    validateResponses: true,
    ...options,
  });
}

/** A third party registered at Bramble Bank, or another one that speaks UK Open Banking, ready to call it. */
export async function newThirdParty(
  sandbox: Sandbox,
  input: Partial<NewTpp> = {},
  bank = 'bramble',
): Promise<ThirdParty> {
  const tpp = await sandbox.createTpp({ name: 'Lantern Budgets', banks: [bank], ...input });
  return createThirdParty({ tpp, status: sandbox.status, caPem: sandbox.caPem, bank });
}
