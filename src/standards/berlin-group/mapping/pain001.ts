import { SandbankError } from '../../../kernel/index.js';
import { type AccountIdentifier, type ConsentSubject, type PaymentInstruction } from '../../../bank/index.js';
import {
  sepaFindings,
  type CreditTransfer,
  type CreditTransferInitiation,
  type MessageAccount,
  type PaymentInformation,
} from '../../kit/iso20022/index.js';
import { RAIL_OF_PRODUCT } from '../codes.js';
import { notSupported } from '../refusals.js';
import { invalid, missing, type WireObject } from './fields.js';
import { fromStandingOrder, type PaymentContext } from './payment-request.js';

const ROOT = '/Document/CstmrCdtTrfInitn';

/**
 * What is to be paid, of a pain.001: one payment block, since a resource has one payer and one day. A periodic payment has
 * its terms beside the message. Throws `field.*` (the rules of SEPA included), `payment.*`.
 */
export function fromInitiation(
  initiation: CreditTransferInitiation,
  context: PaymentContext & { readonly terms?: WireObject },
): ConsentSubject {
  const [payment, ...further] = initiation.payments;
  if (!payment) throw missing(`${ROOT}/PmtInf`);
  if (further.length > 0) throw notSupported(`${ROOT}/PmtInf[2]`, 'One order has one payment block here.');
  checkScheme(initiation, context);
  const instructions = payment.transfers.map((transfer, position) =>
    toInstruction(payment, transfer, { ...context, path: `${ROOT}/PmtInf[1]/CdtTrfTxInf[${position + 1}]` }),
  );
  if (context.service === 'bulk-payments') {
    return { kind: 'bulk-payment', instructions, batchBooking: payment.batchBooking ?? false };
  }
  const [instruction] = instructions;
  if (!instruction || instructions.length > 1) throw invalid(`${ROOT}/PmtInf[1]`, 'a block with one transfer');
  if (context.service === 'payments') return { kind: 'payment', instruction };
  if (!context.terms) throw missing('json_standingorderType');
  const { executionDate: _ofTheTerms, ...repeated } = instruction;
  return { kind: 'periodic-payment', instruction: repeated, schedule: fromStandingOrder(context.terms) };
}

function checkScheme(initiation: CreditTransferInitiation, { product }: PaymentContext): void {
  if (product !== 'sepa-credit-transfers' && product !== 'instant-sepa-credit-transfers') return;
  const findings = sepaFindings(initiation, { instant: product === 'instant-sepa-credit-transfers' });
  const [first] = findings;
  if (first) {
    throw new SandbankError(first.code, first.message, {
      ...(first.path !== undefined && { path: first.path }),
      findings,
    });
  }
}

function toInstruction(
  payment: PaymentInformation,
  transfer: CreditTransfer,
  { path, product, today, orderReference }: PaymentContext & { readonly path: string },
): PaymentInstruction {
  if (transfer.transferCurrency !== undefined) {
    throw notSupported(`${path}/Amt/EqvtAmt`, 'Amounts are stated in the currency that is transferred.');
  }
  if (!transfer.creditorAccount) throw missing(`${path}/CdtrAcct`);
  const name = transfer.creditor?.name;
  if (name === undefined) throw missing(`${path}/Cdtr/Nm`);
  const { unstructured, structured } = transfer.remittance;
  const reference = unstructured[0] ?? structured[0]?.creditorReference?.reference;
  const day = payment.executionDate;
  return {
    amount: transfer.amount,
    creditor: { ...toIdentifier(transfer.creditorAccount), name },
    debtor: toIdentifier(payment.debtorAccount),
    endToEndId: transfer.endToEndId,
    instructionId: transfer.instructionId ?? orderReference,
    ...(reference !== undefined && reference !== '' && { reference }),
    rail: RAIL_OF_PRODUCT[product],
    ...(day !== today && { executionDate: day }),
  };
}

function toIdentifier({
  scheme,
  identification,
}: MessageAccount): Pick<AccountIdentifier, 'scheme' | 'identification'> {
  return { scheme: scheme === 'iban' ? 'iban' : 'bban', identification };
}
