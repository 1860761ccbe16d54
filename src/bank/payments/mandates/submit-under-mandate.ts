import { dateOf, SandbankError } from '../../../kernel/index.js';
import type { SqlTransaction } from '../../../storage/index.js';
import type { Consent, PaymentInstruction, PaymentMandate } from '../../consents/index.js';
import type { PaymentModules } from '../payment-modules.js';
import type { PaymentOrder } from '../payment-order.js';
import { countOrdersOf } from '../payment-rows.js';
import { refuseUnsupported } from '../rails/rail-checks.js';
import { debtorOf, placeOrder } from '../submit-payment.js';
import { refuseOutsideMandate } from './mandate-checks.js';
import { useOf } from './mandate-use.js';

/**
 * Makes an order of what the client asks for, under limits that its customer agreed to. What the limits leave is read in
 * the transaction that writes the order: payments at once cannot pass them together.
 */
export async function submitUnderMandate(
  tx: SqlTransaction,
  modules: PaymentModules,
  submission: { readonly consent: Consent; readonly instruction: PaymentInstruction; readonly wire: string },
): Promise<PaymentOrder> {
  const { consent, instruction, wire } = submission;
  const mandate = mandateOf(consent);
  refuseNotInForce(consent);
  const at = modules.clock.now();
  const debtor = await debtorOf(tx, modules, consent);
  refuseUnsupported(modules.profile, { instruction, product: 'single', today: dateOf(at) });
  refuseOutsideMandate({ consent, mandate, instruction, at, uses: await useOf(tx, { consent, mandate, at }) });
  const position = await countOrdersOf(tx, consent);
  return placeOrder(tx, modules, { consent, instruction, debtor, wire, position, at });
}

/** Throws `consent.mismatch` where the consent is no mandate. */
export function mandateOf({ subject }: Pick<Consent, 'subject'>): PaymentMandate {
  if (subject.kind === 'recurring-payment') return subject.mandate;
  throw new SandbankError('consent.mismatch', 'This consent is not for recurring payments.', {
    expected: 'a mandate',
    actual: subject.kind,
  });
}

function refuseNotInForce({ status }: Consent): void {
  switch (status) {
    case 'authorised':
      return;
    case 'expired':
      throw new SandbankError('consent.expired', 'This mandate has expired.');
    case 'revoked':
      throw new SandbankError('consent.revoked', 'This mandate has been revoked.');
    default:
      throw new SandbankError('consent.wrong-status', `A mandate that is ${status} pays nothing.`, {
        expected: 'authorised',
        actual: status,
      });
  }
}
