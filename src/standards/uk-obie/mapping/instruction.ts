import { SandbankError, type Instant } from '../../../kernel/index.js';
import type { PaymentInstruction } from '../../../bank/index.js';
import { domesticRailsOf, type DomesticRail } from '../codes.js';
import { accountsOf, amountOf, INITIATION, referenceOf, requireServable } from './instruction-parts.js';
import type { PaymentConsentRequest } from './payment-wire.js';

/** What is to be paid, in words of the core. Throws what the bank cannot pay, with the field it is about. */
export function fromPaymentConsentRequest(
  request: PaymentConsentRequest,
  context: { readonly now: Instant; readonly currency: string },
): PaymentInstruction {
  const { Initiation } = request.Data;
  requireServable(request, context.now);
  const { rail, referenceLength } = servableRail(Initiation.LocalInstrument, domesticRailsOf(context));
  const accounts = accountsOf(Initiation);
  const amount = amountOf(Initiation);
  if (amount.currency !== context.currency) {
    throw new SandbankError('payment.unsupported-currency', `Domestic payments are made in ${context.currency}.`, {
      path: `${INITIATION}.InstructedAmount.Currency`,
      expected: context.currency,
      actual: amount.currency,
    });
  }
  const reference = referenceOf(Initiation, referenceLength);
  return {
    amount,
    ...accounts,
    endToEndId: Initiation.EndToEndIdentification,
    instructionId: Initiation.InstructionIdentification,
    ...(reference !== undefined && { reference }),
    rail,
  };
}

function servableRail(localInstrument: string | undefined, servable: readonly DomesticRail[]): DomesticRail {
  const found = servable.find(({ instrument }) => localInstrument === undefined || localInstrument === instrument);
  if (found) return found;
  throw new SandbankError('payment.unsupported-rail', `This bank does not pay by ${localInstrument}.`, {
    path: `${INITIATION}.LocalInstrument`,
    expected: `${servable.map(({ instrument }) => instrument).join(', ')}, or none`,
    actual: localInstrument ?? '',
  });
}
