import type { AccountIdentifier, Authorisation, Bank, Consent } from '../../bank/index.js';
import { recordCheck } from '../checks.js';
import { JourneyEnded } from './journey-ended.js';
import { createMoves, type JourneyMoves } from './journey-moves.js';
import type { JourneyOutcome } from './journey-step.js';
import type { JourneyStore } from './journey-store.js';
import { endedBy, type JourneyOptions, type Loaded } from './load-journey.js';
import { shownText } from './show-step.js';

/** What each form does, once it is known to be genuine and of the step that is due. */
export interface JourneyMachine extends Pick<JourneyMoves, 'show'>, Decisions {
  login(loaded: Loaded, form: { readonly username: string; readonly password: string }): Promise<JourneyOutcome>;
  code(loaded: Loaded, code: string): Promise<JourneyOutcome>;
  resend(loaded: Loaded): Promise<JourneyOutcome>;
  accounts(loaded: Loaded, accounts: readonly string[]): Promise<JourneyOutcome>;
  confirm(loaded: Loaded, code: string): Promise<JourneyOutcome>;
}

interface Decisions {
  approve(loaded: Loaded, from: 'review' | 'confirm'): Promise<JourneyOutcome>;
  refuse(loaded: Loaded, why: Parameters<Bank['consents']['refuse']>[1]): Promise<JourneyOutcome>;
}

export function createMachine(options: JourneyOptions, store: JourneyStore): JourneyMachine {
  const { consents } = options.bank;
  const moves = createMoves(options, store);
  const decisions = createDecisions(options, { store, moves });
  const { attempt, moveTo } = moves;

  /** To the code of an account journey, or the confirmation of a payment. */
  const challenge = async (
    loaded: Loaded,
    to: { readonly step: 'code' | 'confirm'; readonly partyId?: string },
  ): Promise<JourneyOutcome> => {
    await consents.sendChallenge(loaded.state.authorisationId);
    return moveTo(loaded, to);
  };
  /** With accounts that the consent names or settles there is nothing to choose. */
  const afterLogin = async (loaded: Loaded, run: Authorisation): Promise<JourneyOutcome> => {
    const partyId = run.partyId ?? '';
    const named = namedAccount(loaded.consent);
    if (named !== undefined) {
      recordCheck(options.recorder, run.status !== 'failed', {
        name: 'the account named for the payment is one the customer can pay from',
        expected: 'an eligible account of the customer who logged in',
        actual: `${named.scheme} ${named.identification}`,
        remedy: 'Name an account of this customer, or none: then the customer chooses.',
      });
    }
    if (run.status === 'failed') {
      const returnTo = await endRun(loaded, store);
      throw named === undefined
        ? new JourneyEnded('no-eligible-account', 'None of your accounts can be used for this.', returnTo)
        : new JourneyEnded(
            'debtor-not-of-psu',
            'The account named for this payment is not one you can pay from.',
            returnTo,
          );
    }
    if (!movesMoney(loaded)) return challenge(loaded, { step: 'code', partyId });
    return run.accounts.length > 0
      ? challenge(loaded, { step: 'confirm', partyId })
      : moveTo(loaded, { step: 'accounts', partyId });
  };

  return {
    show: moves.show,
    ...decisions,
    login: (loaded, { username, password }) =>
      attempt(loaded, async () => {
        const run = await consents.authenticate(loaded.state.authorisationId, {
          customerNumber: username.trim(),
          password,
        });
        return afterLogin(loaded, run);
      }),
    code: (loaded, code) =>
      attempt(loaded, async () => {
        const { accounts } = await consents.answerChallenge(loaded.state.authorisationId, digitsOf(code));
        return moveTo(loaded, { step: accounts.length > 0 ? 'review' : 'accounts' });
      }),
    resend: (loaded) =>
      attempt(loaded, async () => {
        await consents.sendChallenge(loaded.state.authorisationId);
        return moveTo(loaded, { step: loaded.state.step });
      }),
    accounts: (loaded, accounts) =>
      attempt(loaded, async () => {
        await consents.chooseAccounts(loaded.state.authorisationId, accounts);
        return movesMoney(loaded) ? challenge(loaded, { step: 'confirm' }) : moveTo(loaded, { step: 'review' });
      }),
    confirm: (loaded, code) =>
      attempt(loaded, async () => {
        await consents.answerChallenge(loaded.state.authorisationId, digitsOf(code));
        return decisions.approve(loaded, 'confirm');
      }),
  };
}

function createDecisions(
  options: JourneyOptions,
  { store, moves }: { readonly store: JourneyStore; readonly moves: JourneyMoves },
): Decisions {
  const { consents } = options.bank;
  return {
    async refuse(loaded, why) {
      const { visit, state, opened } = loaded;
      if (!(await store.advance(visit.uid, state.step, { step: 'done' }))) return moves.show(loaded);
      try {
        await consents.refuse(state.authorisationId, why);
      } catch (error) {
        throw await endedBy(error, opened, options);
      }
      return { outcome: 'done', redirectTo: await opened.refused() };
    },
    async approve(loaded, from) {
      const { visit, state, opened, consent } = loaded;
      if (!(await store.advance(visit.uid, from, { step: 'done' }))) return moves.show(loaded);
      try {
        const sendOn = await opened.prepareApproval({
          consent,
          authorisationId: state.authorisationId,
          partyId: state.partyId ?? '',
        });
        await consents.approve(state.authorisationId, await shownText(loaded, options));
        return { outcome: 'done', redirectTo: await sendOn() };
      } catch (error) {
        throw await endedBy(error, opened, options);
      }
    },
  };
}

/** Everything that moves money is approved by its code; the rest is reviewed. */
function movesMoney({ consent }: Loaded): boolean {
  return !['account-access', 'funds-check'].includes(consent.subject.kind);
}

/** The account that the client named to pay from. */
function namedAccount({ subject }: Consent): AccountIdentifier | undefined {
  switch (subject.kind) {
    case 'payment':
    case 'periodic-payment':
      return subject.instruction.debtor;
    case 'bulk-payment':
      return subject.instructions[0]?.debtor;
    case 'account-access':
    case 'basket':
    case 'recurring-payment':
    case 'funds-check':
      return undefined;
  }
}

/** The run failed by itself at the login: the journey is over, and its client hears what it hears of a no. */
async function endRun({ visit, state, opened }: Loaded, store: JourneyStore): Promise<string> {
  await store.advance(visit.uid, state.step, { step: 'done' });
  return opened.refused();
}

/** Codes are read out and typed in groups. */
function digitsOf(code: string): string {
  return code.replace(/\s/g, '');
}
