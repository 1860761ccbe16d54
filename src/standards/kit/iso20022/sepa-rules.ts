import type { Finding } from '../../../kernel/index.js';
import type { CreditTransfer, CreditTransferInitiation, PaymentInformation } from './credit-transfer.js';
import { createFindings, type FindingList } from './findings.js';
import type { MessageAccount, MessageParty } from './parties.js';
import type { Remittance } from './remittance.js';

const ROOT = '/Document/CstmrCdtTrfInitn';
const LARGEST_MINOR = 99_999_999_999n;
const LONGEST_NAME = 70;
/** The characters every SEPA bank must understand, without which references do not arrive as they were sent. */
const SEPA_REFERENCE = /^(?!\/)(?!.*\/\/)[A-Za-z0-9/?:().,'+ -]*(?<!\/)$/;

/**
 * What a SEPA credit transfer asks beyond the schema: euro, IBANs, a creditor with a name of at most 70 characters, shared
 * charges, one remittance line, references in the Latin set, and `INST` for instant ones and only for those. Answers what
 * breaks the rules; empty when all is well. (EPC132-08 and EPC121-16, customer-to-bank implementation guidelines.)
 */
export function sepaFindings(
  initiation: CreditTransferInitiation,
  product: { readonly instant: boolean },
): readonly Finding[] {
  const findings = createFindings();
  checkReference(initiation.messageId, `${ROOT}/GrpHdr/MsgId`, findings);
  initiation.payments.forEach((payment, index) => {
    const path = `${ROOT}/PmtInf[${index + 1}]`;
    checkPayment(payment, path, findings);
    payment.transfers.forEach((transfer, position) => {
      const transferPath = `${path}/CdtTrfTxInf[${position + 1}]`;
      checkTransfer(transfer, transferPath, findings);
      checkKind(payment, { transfer, path: transferPath, instant: product.instant }, findings);
    });
  });
  return findings.found;
}

function checkPayment(payment: PaymentInformation, path: string, findings: FindingList): void {
  checkReference(payment.paymentInformationId, `${path}/PmtInfId`, findings);
  checkName(payment.debtor, `${path}/Dbtr`, findings);
  checkIban(payment.debtorAccount, `${path}/DbtrAcct`, findings);
  checkCharges(payment.chargeBearer, `${path}/ChrgBr`, findings);
}

function checkTransfer(transfer: CreditTransfer, path: string, findings: FindingList): void {
  checkReference(transfer.endToEndId, `${path}/PmtId/EndToEndId`, findings);
  if (transfer.instructionId !== undefined) {
    checkReference(transfer.instructionId, `${path}/PmtId/InstrId`, findings);
  }
  checkAmount(transfer, path, findings);
  checkCharges(transfer.chargeBearer, `${path}/ChrgBr`, findings);
  if (transfer.creditor) checkName(transfer.creditor, `${path}/Cdtr`, findings);
  else findings.add('field.missing', `${path}/Cdtr`, 'A SEPA credit transfer names its creditor.');
  if (transfer.creditorAccount) checkIban(transfer.creditorAccount, `${path}/CdtrAcct`, findings);
  else findings.add('field.missing', `${path}/CdtrAcct`, 'A SEPA credit transfer needs the IBAN of the creditor.');
  checkRemittance(transfer.remittance, `${path}/RmtInf`, findings);
}

interface TransferOfProduct {
  readonly transfer: CreditTransfer;
  readonly path: string;
  readonly instant: boolean;
}

function checkKind(payment: PaymentInformation, of: TransferOfProduct, findings: FindingList): void {
  const type = of.transfer.type ?? payment.type;
  const path = of.transfer.type ? `${of.path}/PmtTpInf` : `${of.path.replace(/\/CdtTrfTxInf\[\d+\]$/, '')}/PmtTpInf`;
  const level = type?.serviceLevel;
  if (level && !('code' in level && level.code === 'SEPA')) {
    findings.add('field.invalid', `${path}/SvcLvl/Cd`, 'The service level of a SEPA credit transfer is SEPA.');
  }
  const instrument = type?.localInstrument;
  const isInstant = instrument !== undefined && 'code' in instrument && instrument.code === 'INST';
  if (of.instant && !isInstant) {
    findings.add('field.missing', `${path}/LclInstrm/Cd`, 'An instant credit transfer has the local instrument INST.');
  } else if (!of.instant && isInstant) {
    findings.add('field.invalid', `${path}/LclInstrm/Cd`, 'INST belongs to instant credit transfers.');
  }
}

function checkAmount(transfer: CreditTransfer, path: string, findings: FindingList): void {
  const { amount, transferCurrency } = transfer;
  if (transferCurrency !== undefined) {
    findings.add('field.unexpected', `${path}/Amt/EqvtAmt`, 'SEPA credit transfers state the amount to transfer.');
  } else if (amount.currency !== 'EUR') {
    findings.add('payment.unsupported-currency', `${path}/Amt/InstdAmt/@Ccy`, 'SEPA credit transfers are in EUR.');
  } else if (amount.amountMinor > LARGEST_MINOR) {
    findings.add('payment.amount-invalid', `${path}/Amt/InstdAmt`, 'The amount is larger than 999999999.99.');
  }
}

function checkCharges(bearer: string | undefined, path: string, findings: FindingList): void {
  if (bearer === undefined || bearer === 'SLEV') return;
  findings.add('field.invalid', path, 'Each side pays its own charges in SEPA: SLEV, or nothing.');
}

function checkName(party: MessageParty, path: string, findings: FindingList): void {
  if (party.name === undefined) findings.add('field.missing', `${path}/Nm`, 'The name is missing.');
  else if ([...party.name].length > LONGEST_NAME) {
    findings.add('field.invalid', `${path}/Nm`, `A name has at most ${LONGEST_NAME} characters in SEPA.`);
  }
}

function checkIban(account: MessageAccount, path: string, findings: FindingList): void {
  if (account.scheme === 'iban') return;
  findings.add('field.invalid', `${path}/Id/Othr`, 'SEPA accounts are named by their IBAN.');
}

function checkReference(text: string, path: string, findings: FindingList): void {
  if (SEPA_REFERENCE.test(text)) return;
  findings.add(
    'field.invalid',
    path,
    "A SEPA reference has letters, digits and / ? : ( ) . , ' + - only, no slash at its ends and no two in a row.",
  );
}

function checkRemittance(remittance: Remittance, path: string, findings: FindingList): void {
  if (remittance.unstructured.length + remittance.structured.length <= 1) return;
  findings.add('field.invalid', path, 'A SEPA credit transfer has one remittance line, unstructured or structured.');
}
