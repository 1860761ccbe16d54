import type { Authorisation } from '../../bank/index.js';
import type { ScaApproach } from './settings.js';

export type Links = Readonly<Record<string, { readonly href: string }>>;

/** A run as far as it says what comes next. */
export type RunState = Pick<Authorisation, 'mode' | 'status' | 'needsConfirmation'>;

/**
 * What the third party can do next in a run (1.3.12, 4.12): the one place where a state becomes links. `address` is that
 * of the authorisation, to which every step is a PUT. A step on the customer's own device leaves nothing but to look.
 */
export function nextSteps(
  run: RunState,
  at: {
    readonly address: string;
    /** A page of the bank. */
    readonly redirect?: string;
    /** Metadata of the authorization server. */
    readonly oauth?: string;
  },
): Links {
  const step = stepOf(run);
  return {
    ...(at.redirect !== undefined && needsCustomer(run) && { scaRedirect: { href: at.redirect } }),
    ...(at.oauth !== undefined && needsCustomer(run) && { scaOAuth: { href: at.oauth } }),
    ...(step !== undefined && { [step]: { href: at.address } }),
    scaStatus: { href: at.address },
  };
}

/** How a run is begun that the bank has not begun itself: with what the approach needs first. */
export function startStep(
  approach: ScaApproach,
  at: { readonly address: string; readonly isIdentified: boolean },
): Links {
  return { [startName(approach, at.isIdentified)]: { href: at.address } };
}

function startName(approach: ScaApproach, isIdentified: boolean): string {
  switch (approach) {
    case 'redirect':
    case 'oauth2':
      return 'startAuthorisation';
    case 'decoupled':
      return isIdentified ? 'startAuthorisation' : 'startAuthorisationWithPsuIdentification';
    case 'embedded':
      return 'startAuthorisationWithPsuAuthentication';
  }
}

function stepOf({ mode, status, needsConfirmation }: RunState): string | undefined {
  // From the beginning, so that the third party knows that its customer will bring a code along.
  if (mode === 'redirect') return needsConfirmation === true && isOpen({ status }) ? 'confirmation' : undefined;
  if (mode === 'decoupled') return status === 'received' ? 'updatePsuIdentification' : undefined;
  switch (status) {
    case 'received':
    case 'psu-identified':
      return 'updatePsuAuthentication';
    case 'authenticated':
      return 'selectAuthenticationMethod';
    case 'method-selected':
    case 'challenged':
      return 'authoriseTransaction';
    case 'unconfirmed':
    case 'finalised':
    case 'failed':
    case 'exempted':
      return undefined;
  }
}

/** The customer has not done her part yet. */
export function needsCustomer(run: Pick<RunState, 'status'>): boolean {
  return isOpen(run) && run.status !== 'unconfirmed';
}

export function isOpen({ status }: Pick<RunState, 'status'>): boolean {
  return status !== 'finalised' && status !== 'failed' && status !== 'exempted';
}
