import type { Consent } from '../../bank/index.js';
import { assert, MS_PER_SECOND, unreachable } from '../../kernel/index.js';
import { linesOf, type AccessInBasket, type ConsentView } from './consent-view.js';
import { formToken } from './form-token.js';
import type { JourneyState } from './journey-store.js';
import type { JourneyStep, ShownAccount } from './journey-step.js';
import type { JourneyOptions, Loaded } from './load-journey.js';
import { problemText } from './problems.js';

/** What the screen of the step that is due needs. */
export async function toStep(loaded: Loaded, options: JourneyOptions): Promise<JourneyStep> {
  const { state, visit, consent } = loaded;
  const base = {
    uid: visit.uid,
    csrf: formToken(options.formSecret, visit.uid),
    asker: await loaded.opened.asker(consent),
    view: await viewOf(loaded, options),
    ...(state.problem !== undefined && { problem: problemText(state.problem), problemCode: state.problem }),
    ...(state.partyId !== undefined && { partyId: state.partyId }),
  };
  assert(state.step !== 'done', 'a decided journey has no step');
  if (state.step === 'login') return { ...base, step: 'login' };
  const authorisation = await options.bank.consents.authorisation(state.authorisationId);
  const sent = {
    sentTo: authorisation.challenge?.sentTo ?? '',
    attemptsLeft: authorisation.challenge?.attemptsLeft ?? 0,
  };
  if (state.step === 'code') return { ...base, step: 'code', ...sent };
  const offered = await shownAccounts(state, options);
  const chosen = offered.filter(({ account }) => authorisation.accounts.includes(account.id));
  switch (state.step) {
    case 'accounts':
      return {
        ...base,
        step: 'accounts',
        choice: consent.subject.kind === 'account-access' ? 'many' : 'one',
        accounts: offered,
      };
    case 'review':
      return { ...base, step: 'review', accounts: chosen };
    case 'confirm': {
      const [account] = chosen;
      assert(account, 'a payment is confirmed with its account');
      return { ...base, step: 'confirm', account, accounts: chosen, ...sent };
    }
    default:
      return unreachable(state.step);
  }
}

async function shownAccounts(state: JourneyState, { bank }: JourneyOptions): Promise<readonly ShownAccount[]> {
  const offered = await bank.consents.eligibleAccounts(state.authorisationId);
  return Promise.all(
    offered.map(async (one) => ({
      ...one,
      balanceMinor: (await bank.accounts.balance(one.account.id)).availableMinor,
    })),
  );
}

/** Kept as evidence of what was agreed. */
export async function shownText(loaded: Loaded, options: JourneyOptions): Promise<string> {
  const { state } = loaded;
  const authorisation = await options.bank.consents.authorisation(state.authorisationId);
  const shown = {
    view: await viewOf(loaded, options),
    accounts: authorisation.accounts,
    at: Math.floor(options.wall.now() / MS_PER_SECOND),
  };
  return JSON.stringify(shown, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/** What the standard shows of the consent, a basket as all its payments, and a cancellation as one. */
async function viewOf({ consent, opened }: Loaded, options: JourneyOptions): Promise<ConsentView> {
  const view = consent.subject.kind === 'basket' ? await basketOf(consent, options) : options.viewOf(consent);
  if (opened.purpose !== 'cancellation') return view;
  assert(view.kind !== 'account-access' && view.kind !== 'cancellation', 'only what moves money is called back');
  return { kind: 'cancellation', of: view };
}

async function basketOf(consent: Consent, options: JourneyOptions): Promise<ConsentView> {
  assert(consent.subject.kind === 'basket', 'a basket');
  const { members } = consent.subject;
  const consents = await Promise.all(members.map((id) => options.bank.consents.get(id)));
  const views = consents.map((member) => options.viewOf(member));
  const paying = views.filter((view) => view.kind !== 'account-access');
  const debtors = new Set(paying.map((view) => ('debtorAccount' in view ? view.debtorAccount : undefined)));
  const [debtorAccount] = debtors;
  const named = debtors.size > 0 && !debtors.has(undefined);
  return {
    kind: 'basket',
    payments: paying.flatMap(linesOf),
    accesses: consents.flatMap((member, index) => accessIn(member, views[index])),
    ...(named && debtorAccount !== undefined && { debtorAccount: [...debtors].join(', ') }),
  };
}

function accessIn({ subject }: Consent, view: ConsentView | undefined): readonly AccessInBasket[] {
  if (view?.kind !== 'account-access') return [];
  const named = subject.kind === 'account-access' && subject.choice === 'named' ? subject.named : undefined;
  return [{ ...view, ...(named && { accounts: named.map(({ account }) => account.identification) }) }];
}
