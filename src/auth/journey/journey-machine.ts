import type { Bank } from '../../bank/index.js';
import { recordCheck } from '../checks.js';
import { grantAccess } from './grant-access.js';
import { createMoves, type JourneyMoves } from './journey-moves.js';
import type { JourneyOutcome } from './journey-step.js';
import type { JourneyStore } from './journey-store.js';
import { endedBy, JourneyEnded, type JourneyOptions, type Loaded } from './load-journey.js';
import { isNamed, shownText } from './show-step.js';

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
  /** A payment whose account the client named goes straight to its confirmation. */
  const payFrom = async (loaded: Loaded, partyId: string): Promise<JourneyOutcome> => {
    const named = loaded.consent.subject.kind === 'payment' ? loaded.consent.subject.instruction.debtor : undefined;
    if (named === undefined) return moveTo(loaded, { step: 'accounts', partyId });
    const offered = await consents.eligibleAccounts(loaded.state.authorisationId);
    const account = offered.find((one) => one.eligible && isNamed(one, named));
    recordCheck(options.recorder, account !== undefined, {
      name: 'the account named for the payment is one the customer can pay from',
      expected: 'an eligible account of the customer who logged in',
      actual: `${named.scheme} ${named.identification}`,
      remedy: 'Name an account of this customer, or none: then the customer chooses.',
    });
    if (!account) {
      await decisions.refuse(loaded, 'debtor-not-of-psu');
      const message = 'The account named for this payment is not one you can pay from.';
      throw new JourneyEnded('debtor-not-of-psu', message, loaded.interaction.returnTo);
    }
    await consents.chooseAccounts(loaded.state.authorisationId, [account.account.id]);
    return challenge(loaded, { step: 'confirm', partyId });
  };

  return {
    show: moves.show,
    ...decisions,
    login: (loaded, { username, password }) =>
      attempt(loaded, async () => {
        const { partyId = '' } = await consents.authenticate(loaded.state.authorisationId, {
          customerNumber: username.trim(),
          password,
        });
        return isPayment(loaded) ? payFrom(loaded, partyId) : challenge(loaded, { step: 'code', partyId });
      }),
    code: (loaded, code) =>
      attempt(loaded, async () => {
        await consents.answerChallenge(loaded.state.authorisationId, digitsOf(code));
        return moveTo(loaded, { step: 'accounts' });
      }),
    resend: (loaded) =>
      attempt(loaded, async () => {
        await consents.sendChallenge(loaded.state.authorisationId);
        return moveTo(loaded, { step: loaded.state.step });
      }),
    accounts: (loaded, accounts) =>
      attempt(loaded, async () => {
        await consents.chooseAccounts(loaded.state.authorisationId, accounts);
        return isPayment(loaded) ? challenge(loaded, { step: 'confirm' }) : moveTo(loaded, { step: 'review' });
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
  const { provider } = options;
  const { consents } = options.bank;
  return {
    async refuse(loaded, why) {
      const { visit, state } = loaded;
      if (!(await store.advance(visit.uid, state.step, { step: 'done' }))) return moves.show(loaded);
      try {
        await consents.refuse(state.authorisationId, why);
      } catch (error) {
        throw await endedBy(error, visit, options);
      }
      const redirectTo = await provider.interactionResult(visit.request, visit.response, {
        error: 'access_denied',
        error_description: 'the customer did not agree',
      });
      return { outcome: 'done', redirectTo };
    },
    async approve(loaded, from) {
      const { visit, state, client, interaction, consent } = loaded;
      if (!(await store.advance(visit.uid, from, { step: 'done' }))) return moves.show(loaded);
      try {
        const partyId = state.partyId ?? '';
        // Before the approval: whoever revokes the consent in the next moment is to find the grant that goes with it.
        const result = await grantAccess({ consent, client, interaction, partyId }, options);
        await consents.approve(state.authorisationId, await shownText(loaded, options));
        return { outcome: 'done', redirectTo: await provider.interactionResult(visit.request, visit.response, result) };
      } catch (error) {
        throw await endedBy(error, visit, options);
      }
    },
  };
}

/** Everything that moves money is approved by its code; the rest is reviewed. */
function isPayment({ consent }: Loaded): boolean {
  return consent.subject.kind === 'payment' || consent.subject.kind === 'recurring-payment';
}

/** Codes are read out and typed in groups. */
function digitsOf(code: string): string {
  return code.replace(/\s/g, '');
}
