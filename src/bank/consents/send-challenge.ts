import { assert, plusMs } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { basketLinkHash, membersOf } from './baskets.js';
import {
  appText,
  CHALLENGE_MS,
  challengeText,
  drawCode,
  hashCode,
  maskedMobile,
  purposeText,
  type CodeHash,
} from './challenge.js';
import { wallOf, type ConsentsOptions } from './change-consent.js';
import type { Challenge, Consent } from './consent.js';
import { cancellationLinkHash, subjectLinkHash } from './dynamic-link.js';
import { APP_METHOD } from './methods.js';
import type { StoredAuthorisation } from './authorisation-rows.js';

/** What was sent: the challenge as it is told, and what an answer is compared with (a code, or nothing but a yes). */
export interface SentChallenge {
  readonly challenge: Challenge;
  readonly code?: CodeHash;
}

/** Sends a code, or a decoupled run's question. An identified customer who does not exist gets nothing, unnoticed. */
export async function sendTo(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { stored, consent }: { readonly stored: StoredAuthorisation; readonly consent: Consent },
): Promise<SentChallenge> {
  const { run, attemptsLeft } = stored;
  const members = await membersOf(tx, options, consent);
  const purpose = purposeText(consent, run.purpose, members);
  const isInApp = run.mode === 'decoupled' || run.methodId === APP_METHOD;
  const code = run.mode === 'decoupled' ? undefined : drawCode();
  const party = run.partyId === undefined ? undefined : await options.parties.get(run.partyId);
  assert(party ?? run.mode === 'decoupled', 'a signed-in run has a customer');
  if (party && run.partyId !== undefined) {
    const { name } = options.bank;
    await options.messages.send(tx, {
      partyId: run.partyId,
      channel: isInApp ? 'app' : 'sms',
      subject: code === undefined ? 'Please confirm' : 'Your one-time code',
      body: code === undefined ? appText(name, purpose) : challengeText(name, code, purpose),
      ...(code === undefined ? { authorisationId: run.id } : { code }),
    });
  }
  const link = linkOf(consent, members);
  const boundTo = run.purpose === 'cancellation' ? cancellationLinkHash(link) : link;
  const challenge = {
    sentTo: isInApp || !party ? 'the app' : maskedMobile(party.mobile),
    expiresAt: plusMs(wallOf(options).now(), CHALLENGE_MS),
    attemptsLeft,
    ...(link !== '' && { boundTo }),
  };
  return { challenge, ...(code !== undefined && { code: hashCode(code) }) };
}

function linkOf({ subject }: Consent, members: readonly Consent[]): string {
  return subject.kind === 'basket' ? basketLinkHash(members) : subjectLinkHash(subject);
}
