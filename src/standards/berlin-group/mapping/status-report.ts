import { assert, type Instant } from '../../../kernel/index.js';
import { ISO_REJECTIONS, type BankProfile, type Consent, type PaymentOrder } from '../../../bank/index.js';
import {
  readCreditTransferInitiation,
  writeStatusReport,
  type GroupStatus,
  type StatusReason,
  type TransferStatus,
} from '../../kit/iso20022/index.js';
import { orderStatusOf, transactionStatusOf, type WireTransactionStatus } from '../codes.js';
import { lodgedOf } from '../lodged.js';

/** The version of pain.002 in use is older than some of the codes: they are told as the nearest one it has. */
const TRANSFER_STATUS: Readonly<Record<Exclude<WireTransactionStatus, 'PART'>, TransferStatus>> = {
  RCVD: 'PDNG',
  PATC: 'PDNG',
  ACTC: 'ACTC',
  ACCP: 'ACCP',
  ACSP: 'ACSP',
  ACSC: 'ACSC',
  ACCC: 'ACSC',
  RJCT: 'RJCT',
  CANC: 'RJCT',
};

/** An authorised user has cancelled the order. */
const CANCELLED = 'DS02';

function groupStatusOf(status: WireTransactionStatus): GroupStatus {
  return status === 'RCVD' || status === 'PART' ? status : TRANSFER_STATUS[status];
}

/** What became of an order in XML, as pain.002. */
export function toStatusReport(
  consent: Consent,
  context: {
    readonly orders: readonly PaymentOrder[];
    readonly profile: BankProfile;
    readonly messageId: string;
    readonly now: Instant;
  },
): string {
  const { orders, profile, messageId, now } = context;
  const { xml } = lodgedOf(consent);
  assert(xml !== undefined, 'an order in XML is kept');
  const initiation = readCreditTransferInitiation(xml);
  const [payment] = initiation.payments;
  assert(payment, 'an order in XML has a payment block');
  const status = transactionStatusOf(consent, orders);
  const isPeriodic = consent.subject.kind === 'periodic-payment';
  return writeStatusReport({
    messageId,
    createdAt: now,
    debtorAgent: { bic: profile.bic },
    original: {
      messageId: initiation.messageId,
      createdAt: initiation.createdAt,
      numberOfTransfers: payment.transfers.length,
    },
    status: groupStatusOf(status),
    ...(orders.length === 0 && status === 'CANC' && { reasons: [{ reason: { code: CANCELLED } }] }),
    payments: [
      {
        paymentInformationId: payment.paymentInformationId,
        ...(orders.length > 0 &&
          !isPeriodic && {
            transfers: payment.transfers.map((transfer, position) => {
              const order = orders[position];
              assert(order, `an order for transfer ${position}`);
              return {
                ...(transfer.instructionId !== undefined && { instructionId: transfer.instructionId }),
                endToEndId: transfer.endToEndId,
                ...statusOf(order),
                reference: order.id,
                amount: transfer.amount,
              };
            }),
          }),
      },
    ],
  });
}

function statusOf(order: PaymentOrder): {
  readonly status: TransferStatus;
  readonly reasons?: readonly StatusReason[];
} {
  const status = orderStatusOf(order);
  assert(status !== 'PART', 'PART is of several orders');
  const code = order.rejection ? ISO_REJECTIONS[order.rejection] : status === 'CANC' ? CANCELLED : undefined;
  return { status: TRANSFER_STATUS[status], ...(code !== undefined && { reasons: [{ reason: { code } }] }) };
}
