import { SandbankError } from '../../kernel/index.js';
import type { Authorisation, ConsentSubject } from '../../bank/index.js';
import type { Call } from '../standard.js';
import { settingsOf } from './settings.js';
import { notSupported } from './refusals.js';

/**
 * How the customer is going to authorise: what the third party prefers where the bank has it, or else the bank's own
 * order. A redirect needs an address to come back to, and where the customer picks accounts somebody must show them to
 * her, which the third party cannot do (embedded). Throws `header.missing`, PARAMETER_NOT_SUPPORTED.
 */
export function chooseApproach(
  call: Pick<Call, 'headers' | 'settings'>,
  { subject, redirectUri }: { readonly subject: ConsentSubject; readonly redirectUri: string | undefined },
): Authorisation['mode'] {
  const { headers } = call;
  const offered = settingsOf(call).scaApproaches;
  const wantsRedirect = flag(headers['tpp-redirect-preferred']);
  const wantsDecoupled = flag(headers['tpp-decoupled-preferred']);
  if (redirectUri === undefined && offered.includes('redirect') && (wantsRedirect === true || offered.length === 1)) {
    throw new SandbankError('header.missing', 'A redirect needs TPP-Redirect-URI.', { path: 'TPP-Redirect-URI' });
  }
  const picksAccounts = subject.kind === 'account-access' && (subject.choice ?? 'by-customer') === 'by-customer';
  const possible = offered.filter(
    (mode) => (mode !== 'redirect' || redirectUri !== undefined) && (mode !== 'embedded' || !picksAccounts),
  );
  const [first] = possible;
  if (first === undefined) {
    if (offered.includes('redirect')) {
      throw new SandbankError('header.missing', 'This needs a redirect, and so TPP-Redirect-URI.', {
        path: 'TPP-Redirect-URI',
      });
    }
    throw notSupported('access', 'This bank cannot let the customer pick accounts here: name them.');
  }
  if (wantsRedirect === true && possible.includes('redirect')) return 'redirect';
  if (wantsDecoupled === true && possible.includes('decoupled')) return 'decoupled';
  const refused = [
    ...(wantsRedirect === false ? ['redirect'] : []),
    ...(wantsDecoupled === false ? ['decoupled'] : []),
  ];
  return possible.find((mode) => !refused.includes(mode)) ?? first;
}

/** Headers are texts: only these two words are told apart (the document refuses others). */
export function flag(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value.toLowerCase() === 'true';
}
