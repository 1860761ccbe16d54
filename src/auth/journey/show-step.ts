import type { EligibleAccount } from '../../bank/index.js';
import { assert, MS_PER_SECOND, unreachable } from '../../kernel/index.js';
import { formToken } from './form-token.js';
import type { JourneyState } from './journey-store.js';
import type { JourneyStep, ShownAccount } from './journey-step.js';
import type { JourneyOptions, Loaded } from './load-journey.js';

/** What the screen of the step that is due needs. */
export async function toStep(loaded: Loaded, options: JourneyOptions): Promise<JourneyStep> {
  const { state, visit, consent } = loaded;
  const base = {
    uid: visit.uid,
    csrf: formToken(options.formSecret, visit.uid),
    asker: await askerOf(loaded, options),
    view: options.viewOf(consent),
    ...(state.problem !== undefined && { problem: state.problem }),
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
        choice: consent.subject.kind === 'payment' ? 'one' : 'many',
        accounts: offered,
      };
    case 'review':
      return { ...base, step: 'review', accounts: chosen };
    case 'confirm': {
      const [account] = chosen;
      assert(account, 'a payment is confirmed with its account');
      return { ...base, step: 'confirm', account, ...sent };
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

async function askerOf({ client, interaction }: Loaded, { directory }: JourneyOptions): Promise<JourneyStep['asker']> {
  const { authority, name } = await directory.organisation(client.organisationId);
  const link = (claim: string): string | undefined => {
    const value = client.statement[claim];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [logoUri, policyUri, tosUri] = ['software_logo_uri', 'software_policy_uri', 'software_tos_uri'].map(link);
  return {
    name: client.name,
    organisation: name,
    registration: `${authority.id} ${authority.registrationId}`,
    ...(logoUri !== undefined && { logoUri }),
    ...(policyUri !== undefined && { policyUri }),
    ...(tosUri !== undefined && { tosUri }),
    redirectOrigin: new URL(String(interaction.params['redirect_uri'])).origin,
  };
}

/** Kept as evidence of what was agreed. */
export async function shownText({ state, consent }: Loaded, options: JourneyOptions): Promise<string> {
  const authorisation = await options.bank.consents.authorisation(state.authorisationId);
  const shown = {
    view: options.viewOf(consent),
    accounts: authorisation.accounts,
    at: Math.floor(options.wall.now() / MS_PER_SECOND),
  };
  return JSON.stringify(shown, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

export function isNamed(
  { account }: EligibleAccount,
  named: { readonly scheme: string; readonly identification: string },
): boolean {
  return account.identifiers.some(
    ({ scheme, identification }) => scheme === named.scheme && identification === named.identification,
  );
}
