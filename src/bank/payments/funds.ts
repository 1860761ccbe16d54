import { assert, SandbankError, type Money } from '../../kernel/index.js';
import type { PaymentModules } from './payment-modules.js';
import { takenOf, termsOf } from './payment-terms.js';
import { debtorAccountIdOf, instructionOf } from './submit-payment.js';

/** Is the money of a payment there? Under a mandate that of `amount`. */
export async function fundsAvailable(
  modules: PaymentModules,
  { consentId, amount }: { readonly consentId: string; readonly amount?: Money },
): Promise<boolean> {
  const { storage, clock, accounts, consents } = modules;
  const consent = await consents.get(consentId);
  const isMandate = consent.subject.kind === 'recurring-payment';
  const instruction = isMandate ? undefined : instructionOf(consent);
  const accountId = debtorAccountIdOf(consent);
  if (consent.status !== 'authorised' || accountId === undefined) {
    throw new SandbankError('consent.wrong-status', 'Funds are confirmed for an authorised payment only.', {
      expected: 'authorised',
      actual: consent.status,
    });
  }
  if (!instruction) {
    assert(amount, 'funds under a mandate are asked for by amount');
    return fundsAvailableOn(modules, { accountId, amount });
  }
  const debtor = await accounts.get(accountId);
  const terms = await termsOf(storage.read, modules, { instruction, debtor, at: clock.now() });
  return fundsAvailableOn(modules, { accountId, amount: takenOf(terms, instruction) });
}

export async function fundsAvailableOn(
  { accounts }: Pick<PaymentModules, 'accounts'>,
  { accountId, amount }: { readonly accountId: string; readonly amount: Money },
): Promise<boolean> {
  if ((await accounts.get(accountId)).status === 'closed') return false;
  const { currency, availableMinor, overdraftLimitMinor } = await accounts.balance(accountId);
  return currency === amount.currency && availableMinor + overdraftLimitMinor >= amount.amountMinor;
}
