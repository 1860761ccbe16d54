import { SandbankError } from '../../kernel/index.js';
import type { Authorisation, ConsentSubject } from '../../bank/index.js';
import type { Preferences } from './lodged.js';
import { notSupported } from './refusals.js';
import type { BankSettings, ScaApproach } from './settings.js';

/** What an approach is chosen by. */
export interface ApproachInput {
  readonly subject: ConsentSubject;
  readonly settings: BankSettings;
  readonly preferences: Preferences;
  readonly redirectUri: string | undefined;
  /** The customer's secret came with the start: that is the embedded approach and no other. */
  readonly hasSecret?: boolean;
}

/**
 * How the customer is going to authorise: what the third party prefers where the bank has it, or else the bank's own
 * order. A redirect needs an address to come back to, and where the customer picks accounts somebody must show them to
 * her, which the third party cannot do (embedded). Throws `header.missing`, `authorisation.wrong-state`,
 * PARAMETER_NOT_SUPPORTED.
 *
 * To the third party both kinds of redirect are one wish (TPP-Redirect-Preferred), of which the bank's order takes the
 * first. OAuth2 needs no TPP-Redirect-URI, since the authorization request has its own: whoever sends none, of a bank that
 * has both, is given that.
 */
export function chooseApproach(input: ApproachInput): ScaApproach {
  const { settings, preferences, redirectUri, hasSecret = false } = input;
  const offered = settings.scaApproaches;
  const possible = possibleOf(input);
  const redirect = possible.find(isRedirect);
  if (redirectUri === undefined && offered.includes('redirect') && !redirect && preferences.redirect === true) {
    throw noAddress();
  }
  const [first] = possible;
  if (hasSecret) {
    if (possible.includes('embedded')) return 'embedded';
    throw new SandbankError('authorisation.wrong-state', 'The customer authenticates at the bank, not here.', {
      expected: possible.join(', '),
      actual: 'embedded',
    });
  }
  if (first === undefined) {
    if (offered.includes('redirect')) throw noAddress();
    throw notSupported('access', 'This bank cannot let the customer pick accounts here: name them.');
  }
  if (preferences.redirect === true && redirect) return redirect;
  if (preferences.decoupled === true && possible.includes('decoupled')) return 'decoupled';
  const isRefused = (approach: ScaApproach): boolean =>
    (preferences.redirect === false && isRedirect(approach)) ||
    (preferences.decoupled === false && approach === 'decoupled');
  return possible.find((approach) => !isRefused(approach)) ?? first;
}

/** By which of the two a run is gone through whose customer leaves for the bank. */
export function kindOfRedirect(input: ApproachInput): ScaApproach | undefined {
  return possibleOf(input).find(isRedirect);
}

/** What a run of the bank is in. */
export function modeOf(approach: ScaApproach): Authorisation['mode'] {
  return approach === 'oauth2' ? 'redirect' : approach;
}

function isRedirect(approach: ScaApproach): boolean {
  return modeOf(approach) === 'redirect';
}

function possibleOf({ subject, settings, redirectUri }: ApproachInput): readonly ScaApproach[] {
  const picksAccounts = subject.kind === 'account-access' && (subject.choice ?? 'by-customer') === 'by-customer';
  return settings.scaApproaches.filter(
    (approach) => (approach !== 'redirect' || redirectUri !== undefined) && (approach !== 'embedded' || !picksAccounts),
  );
}

function noAddress(): SandbankError {
  return new SandbankError('header.missing', 'A redirect needs an address to come back to.', {
    path: 'TPP-Redirect-URI',
  });
}
