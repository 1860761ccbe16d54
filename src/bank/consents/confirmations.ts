import { SandbankError } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { takeEffect } from './approve.js';
import { advanceAuthorisation, wrongState } from './authorisation-transitions.js';
import { selectAuthorisation, type PendingApproval, type StoredAuthorisation } from './authorisation-rows.js';
import { drawConfirmationCode, hashCode, isCode } from './challenge.js';
import { addEvidence, wallOf, type ConsentsOptions } from './change-consent.js';
import type { Authorisation } from './consent.js';
import { failRun, loadScene, saveRun, type Scene } from './run-scene.js';

/**
 * A code for the browser to take along, so that the client can prove that its customer came back to it and to nobody
 * else. Undefined where nothing waits for one. Another code makes the one before it worthless and wins neither time nor
 * tries.
 */
export async function issueConfirmation(
  tx: SqlTransaction,
  options: ConsentsOptions,
  id: string,
): Promise<string | undefined> {
  const stored = await selectAuthorisation(tx, options.bank.id, id);
  const pending = pendingOf(stored);
  if (!pending || pending.expiresAt <= wallOf(options).now()) return undefined;
  const code = drawConfirmationCode();
  await saveRun(tx, options, { ...stored, pending: { ...pending, code: hashCode(code) } });
  return code;
}

/**
 * The client's confirmation: a right code lets the customer's yes take effect in the same transaction. What is returned
 * and not thrown is a refusal whose count, or whose end of the run, has to be committed.
 */
export async function confirmRun(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<Authorisation | SandbankError> {
  const scene = await loadScene(tx, options, id);
  const { stored } = scene;
  if (stored.pending?.attemptsLeft === 0) return lockedError();
  const pending = pendingOf(stored);
  if (!pending) throw wrongState('confirm', stored.run.status);
  if (pending.expiresAt <= wallOf(options).now()) {
    await end(tx, options, scene);
    return new SandbankError('challenge.expired', 'The time to confirm this authorisation is over. It has ended.');
  }
  if (pending.code && isCode(code, pending.code)) return confirm(tx, options, { scene, pending });
  const attemptsLeft = pending.attemptsLeft - 1;
  const counted = { ...stored, pending: { ...pending, attemptsLeft } };
  await note(tx, options, stored.run, 'wrong confirmation code');
  if (attemptsLeft === 0) {
    await end(tx, options, { ...scene, stored: counted });
    return lockedError();
  }
  await saveRun(tx, options, counted);
  return new SandbankError('challenge.invalid', 'This confirmation code is wrong.', { attemptsLeft });
}

async function confirm(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { scene, pending }: { readonly scene: Scene; readonly pending: PendingApproval },
): Promise<Authorisation> {
  const { pending: _over, ...stored } = scene.stored;
  const run = { ...stored.run, status: advanceAuthorisation(stored.run.status, 'confirm') };
  await note(tx, options, run, 'confirmed by the client');
  await takeEffect(tx, options, { scene: { ...scene, stored: { ...stored, run } }, shown: pending.shown });
  return run;
}

/** Her yes is void: nobody may ever have sent her, or somebody else has her browser. */
async function end(tx: SqlTransaction, options: ConsentsOptions, scene: Scene): Promise<void> {
  const { decision: _void, ...stored } = scene.stored;
  await failRun(tx, options, { scene: { ...scene, stored }, why: 'authentication-failed' });
}

function note(tx: SqlTransaction, options: ConsentsOptions, run: Authorisation, what: string): Promise<void> {
  return addEvidence(tx, options, { consentId: run.consentId, actor: 'client', what, channel: 'api' });
}

function pendingOf({ run, decision, pending }: StoredAuthorisation): PendingApproval | undefined {
  return run.status === 'unconfirmed' && decision === 'approved' ? pending : undefined;
}

function lockedError(): SandbankError {
  return new SandbankError('challenge.locked', 'Too many wrong confirmation codes. The authorisation has ended.');
}
