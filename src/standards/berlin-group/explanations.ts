import type { Authorisation, Consent } from '../../bank/index.js';
import type { Call } from '../standard.js';
import { wordingFor } from './wording.js';

/** Why an authorisation failed, for the customer and for the third party. */
export interface WhyFailed {
  readonly psuMessage?: string;
  readonly tppMessage?: readonly { readonly category: 'ERROR'; readonly code: string; readonly text: string }[];
}

/**
 * An authorisation fails by itself where the account that the third party named does not serve: without these words
 * nobody could tell why. What the customer did herself (a no, wrong codes) needs none.
 */
export async function whyFailed(call: Call, run: Pick<Authorisation, 'consentId' | 'purpose'>): Promise<WhyFailed> {
  if (run.purpose === 'cancellation') return {};
  const { status, statusReason, subject } = await call.bank.consents.get(run.consentId);
  if (status !== 'rejected') return {};
  const { unfitAccount, foreignAccount } = wordingFor(call);
  switch (statusReason.code) {
    case 'no-eligible-account':
      return told('RESOURCE_BLOCKED', { psuMessage: unfitAccount, text: unfitText(subject.kind) });
    case 'debtor-not-of-psu':
      return told('RESOURCE_UNKNOWN', {
        psuMessage: foreignAccount,
        text: 'The account that was named is not one of the customer who authenticated.',
      });
    default:
      return {};
  }
}

function unfitText(kind: Consent['subject']['kind']): string {
  switch (kind) {
    case 'account-access':
      return 'No account that was asked for is one of the customer that can be shared.';
    case 'funds-check':
      return 'Funds can only be confirmed on a current account that is open; the account that was named is another kind.';
    default:
      return 'The account that was named cannot be paid from: it is closed, or no current account in that currency.';
  }
}

function told(code: string, { psuMessage, text }: { readonly psuMessage: string; readonly text: string }): WhyFailed {
  return { psuMessage, tppMessage: [{ category: 'ERROR', code, text }] };
}
