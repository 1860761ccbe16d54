import type { Authorisation, Bank, Consent } from '../bank/index.js';
import { SandbankError } from '../kernel/index.js';

/** A question in a customer's app that she has not answered. */
export interface Question {
  readonly run: Authorisation;
  readonly consent: Consent;
}

/** What waits for a customer's answer in her app, the newest first. */
export async function questionsFor(bank: Bank, partyId: string): Promise<readonly Question[]> {
  const asked = (await bank.messages.inbox(partyId)).flatMap(({ authorisationId }) => authorisationId ?? []);
  const questions: Question[] = [];
  for (const id of new Set(asked)) {
    const run = await bank.consents.authorisation(id);
    if (run.mode !== 'decoupled' || run.status !== 'challenged' || run.partyId !== partyId) continue;
    questions.push({ run, consent: await bank.consents.get(run.consentId) });
  }
  return questions;
}

/** Her answer: a yes is at once the approval of what the question said. Throws `authorisation.wrong-state`. */
export async function answerOnPhone(
  { bank, viewOf }: { readonly bank: Bank; viewOf(consent: Consent): unknown },
  answer: {
    readonly authorisationId: string;
    readonly partyId: string;
    readonly decision: 'approve' | 'refuse';
    /** To pay from, or to share, where neither the client nor the consent settled it. */
    readonly accounts?: readonly string[];
  },
): Promise<void> {
  const { authorisationId, partyId, decision } = answer;
  const known = (await questionsFor(bank, partyId)).find(({ run }) => run.id === authorisationId);
  if (!known) {
    throw new SandbankError('authorisation.wrong-state', 'No such question waits in the app of this customer.');
  }
  const { run, consent } = known;
  if (decision === 'approve' && run.accounts.length === 0) {
    const eligible = (await bank.consents.eligibleAccounts(run.id)).filter((one) => one.eligible);
    const offered = eligible.map(({ account }) => account.id);
    const isAccess = consent.subject.kind === 'account-access';
    await bank.consents.chooseAccounts(run.id, answer.accounts ?? (isAccess ? offered : offered.slice(0, 1)));
  }
  await bank.consents.answerDecoupled(run.id, decision);
  if (decision === 'refuse') return;
  const shown = { view: viewOf(consent), purpose: run.purpose };
  await bank.consents.approve(
    run.id,
    JSON.stringify(shown, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}
