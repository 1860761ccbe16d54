import { instant, localDate, parseMoney } from '../../../src/kernel/index.js';
import { writeCreditTransferInitiation } from '../../../src/standards/kit/iso20022/index.js';
import type { Json } from '../../support/berlin-party.js';
import type { BerlinStage } from '../../support/berlin-stage.js';

/** An order in JSON from the payer's giro to the payee's. */
export function transfer({ payer, payee }: BerlinStage, more: Json = {}): Json {
  return {
    endToEndIdentification: 'BESTELLUNG-2041',
    debtorAccount: { iban: payer.ibans[0] },
    instructedAmount: { currency: 'EUR', amount: '12.50' },
    creditorAccount: { iban: payee.ibans[0] },
    creditorName: payee.name,
    remittanceInformationUnstructured: 'Bestellung 2041',
    ...more,
  };
}

/** The same as pain.001; several amounts are several transfers of one block. */
export function initiation(
  { payer, payee, sandbox }: BerlinStage,
  more: { readonly amounts?: readonly string[]; readonly day?: string; readonly type?: Json } = {},
): string {
  const {
    amounts = ['12.50'],
    day = sandbox.clock.now().slice(0, 10),
    type = { serviceLevel: { code: 'SEPA' } },
  } = more;
  return writeCreditTransferInitiation({
    messageId: 'AUFTRAG-2041',
    createdAt: instant(Date.parse(sandbox.clock.now())),
    initiatingParty: { name: payer.name },
    payments: [
      {
        paymentInformationId: 'BLOCK-1',
        executionDate: localDate(day),
        type,
        debtor: { name: payer.name },
        debtorAccount: { scheme: 'iban', identification: payer.ibans[0] ?? '' },
        debtorAgent: { bic: 'DGGRDEFFXXX' },
        transfers: amounts.map((amount, index) => ({
          endToEndId: `BESTELLUNG-${index + 1}`,
          amount: parseMoney(amount, 'EUR'),
          creditor: { name: payee.name },
          creditorAccount: { scheme: 'iban', identification: payee.ibans[0] ?? '' },
          remittance: { unstructured: ['Bestellung 2041'], structured: [] },
        })),
      },
    ],
  });
}

/** A periodic payment in XML comes in two parts. */
export function standingOrder(xml: string, terms: Json): { readonly xml: string; readonly contentType: string } {
  const part = (name: string, type: string, content: string): string =>
    `--teil\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  return {
    contentType: 'multipart/form-data; boundary=teil',
    xml: `${part('xml_sct', 'application/xml', xml)}${part('json_standingorderType', 'application/json', JSON.stringify(terms))}--teil--\r\n`,
  };
}
