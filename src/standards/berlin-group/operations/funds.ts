import type { AccountIdentifier, Consent } from '../../../bank/index.js';
import type { Call, Operation } from '../../standard.js';
import { lodgedOf } from '../lodged.js';
import { fromReference, type AccountReference } from '../mapping/account-reference.js';
import type { WireObject } from '../mapping/fields.js';
import { amountOf } from '../mapping/payment-request.js';
import { refusal } from '../refusals.js';
import { VERSION_ID } from '../version.js';
import type { FundsConsentRequest } from './funds-consents.js';

interface FundsRequest {
  readonly account: AccountReference;
  readonly cardNumber?: string;
  readonly instructedAmount: WireObject;
}

export const fundsOperations: Readonly<Record<string, Operation>> = {
  checkAvailabilityOfFunds: {
    policy: { access: { grant: 'certificate', roles: ['CBPII'] } },
    async handle(call) {
      const { account, cardNumber, instructedAmount } = call.body as FundsRequest;
      const wanted = fromReference(account, 'account');
      const amount = amountOf(instructedAmount, 'instructedAmount');
      const accountId = await activatedAccount(call, wanted, cardNumber);
      return { status: 200, body: { fundsAvailable: await call.bank.payments.fundsAvailableOn(accountId, amount) } };
    },
  },
};

/**
 * The customer agreed to be asked about for this third party: the call does not say by which consent. Throws
 * NO_PIIS_ACTIVATION, and CARD_INVALID where she agreed to it for another card.
 */
async function activatedAccount(
  call: Call,
  wanted: AccountIdentifier,
  cardNumber: string | undefined,
): Promise<string> {
  const own = await call.bank.consents.listByClient(call.client.clientId);
  const active = own.filter((consent) => consent.standard === VERSION_ID && isFor(consent, wanted));
  const fitting = active.find((consent) => {
    const { cardNumber: agreed } = (lodgedOf(consent).request ?? {}) as Partial<FundsConsentRequest>;
    return agreed === undefined || cardNumber === undefined || agreed === cardNumber;
  });
  const linked = fitting?.accounts.find(({ unlinkedAt }) => unlinkedAt === undefined);
  if (linked) return linked.accountId;
  if (active.length > 0) {
    throw refusal('field.invalid', 'CARD_INVALID', {
      message: 'The customer registered another card.',
      path: 'cardNumber',
    });
  }
  throw refusal('field.invalid', 'NO_PIIS_ACTIVATION', {
    message: 'The customer has not agreed to questions about this account.',
    path: 'account',
  });
}

function isFor({ status, subject }: Consent, wanted: AccountIdentifier): boolean {
  if (status !== 'authorised' || subject.kind !== 'funds-check') return false;
  return subject.account.scheme === wanted.scheme && subject.account.identification === wanted.identification;
}
