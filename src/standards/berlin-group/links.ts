import type { Authorisation } from '../../bank/index.js';

export type Links = Readonly<Record<string, { readonly href: string }>>;

/** A run as far as it says what comes next. */
export type RunState = Pick<Authorisation, 'mode' | 'status'>;

/**
 * What the third party can do next in a run (1.3.12, 4.12): the one place where a state becomes links. `address` is that
 * of the authorisation, to which every step is a PUT. A step on the customer's own device leaves nothing but to look.
 */
export function nextSteps(run: RunState, at: { readonly address: string; readonly redirect?: string }): Links {
  const step = stepOf(run);
  return {
    ...(at.redirect !== undefined && isOpen(run) && { scaRedirect: { href: at.redirect } }),
    ...(step !== undefined && { [step]: { href: at.address } }),
    scaStatus: { href: at.address },
  };
}

/** How a run is begun that the bank has not begun itself: with what the approach needs first. */
export function startStep(
  mode: Authorisation['mode'],
  at: { readonly address: string; readonly isIdentified: boolean },
): Links {
  return { [startName(mode, at.isIdentified)]: { href: at.address } };
}

function startName(mode: Authorisation['mode'], isIdentified: boolean): string {
  switch (mode) {
    case 'redirect':
      return 'startAuthorisation';
    case 'decoupled':
      return isIdentified ? 'startAuthorisation' : 'startAuthorisationWithPsuIdentification';
    case 'embedded':
      return 'startAuthorisationWithPsuAuthentication';
  }
}

function stepOf({ mode, status }: RunState): string | undefined {
  if (mode === 'redirect') return undefined;
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
    case 'finalised':
    case 'failed':
    case 'exempted':
      return undefined;
  }
}

export function isOpen({ status }: Pick<RunState, 'status'>): boolean {
  return status !== 'finalised' && status !== 'failed' && status !== 'exempted';
}
