import { SandbankError } from '../../kernel/index.js';
import type { Authorisation, ConsentSubject } from '../../bank/index.js';
import type { Preferences } from './lodged.js';
import { notSupported } from './refusals.js';
import type { BankSettings } from './settings.js';

type Mode = Authorisation['mode'];

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
 */
export function chooseApproach(input: ApproachInput): Mode {
  const { settings, preferences, redirectUri, hasSecret = false } = input;
  const offered = settings.scaApproaches;
  if (redirectUri === undefined && offered.includes('redirect') && preferences.redirect === true) throw noAddress();
  const possible = possibleOf(input);
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
  if (preferences.redirect === true && possible.includes('redirect')) return 'redirect';
  if (preferences.decoupled === true && possible.includes('decoupled')) return 'decoupled';
  const refused: readonly Mode[] = [
    ...(preferences.redirect === false ? (['redirect'] as const) : []),
    ...(preferences.decoupled === false ? (['decoupled'] as const) : []),
  ];
  return possible.find((mode) => !refused.includes(mode)) ?? first;
}

function possibleOf({ subject, settings, redirectUri }: ApproachInput): readonly Mode[] {
  const picksAccounts = subject.kind === 'account-access' && (subject.choice ?? 'by-customer') === 'by-customer';
  return settings.scaApproaches.filter(
    (mode) => (mode !== 'redirect' || redirectUri !== undefined) && (mode !== 'embedded' || !picksAccounts),
  );
}

function noAddress(): SandbankError {
  return new SandbankError('header.missing', 'A redirect needs an address to come back to.', {
    path: 'TPP-Redirect-URI',
  });
}
