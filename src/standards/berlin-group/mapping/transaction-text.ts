import { dateOf } from '../../../kernel/index.js';
import type { Account, Transaction } from '../../../bank/index.js';
import { amountWriter, jsonString, rememberLast } from '../../kit/json-template.js';
import { bankTransactionCode } from '../../kit/iso20022/index.js';
import { referenceOf, toReference } from './account-reference.js';
import { MAX_ADDITIONAL, MAX_NAME, MAX_REFERENCE, MAX_REMITTANCE, toTransaction } from './transaction.js';

/**
 * Writes the lines of a page as JSON text: what `toTransaction` and `JSON.stringify` give, byte for byte (a test compares
 * them), at a fraction of their cost. What lines have in common is written once.
 */
export function transactionWriter({
  account,
  address,
}: {
  readonly account: Account;
  readonly address: string;
}): (transaction: Transaction) => string {
  const amount = signedAmountWriter();
  const day = rememberLast(dateOf);
  const codes = new Map<string, string>();
  const own = JSON.stringify(toReference(account));
  const holder = jsonString(account.holderName.slice(0, MAX_NAME));
  const linkTo = jsonString(`${address}/`).slice(0, -1);

  const codesOf = (transaction: Transaction): string => {
    const key = `${transaction.code} ${transaction.direction} ${transaction.currency}`;
    let text = codes.get(key);
    if (text === undefined) {
      const { domain, family, subFamily } = bankTransactionCode(transaction);
      const proprietary = jsonString(transaction.code.slice(0, MAX_REFERENCE));
      text = `"bankTransactionCode":${jsonString(`${domain}-${family}-${subFamily}`)},"proprietaryBankTransactionCode":${proprietary}`;
      codes.set(key, text);
    }
    return text;
  };
  const parties = ({ counterparty, merchant, direction }: Transaction): string => {
    const name = (counterparty?.name ?? merchant?.name)?.slice(0, MAX_NAME);
    const reference = referenceOf(counterparty?.scheme, counterparty?.identification);
    const other = (side: string): string =>
      (name === undefined ? '' : `"${side}Name":${jsonString(name)},`) +
      (reference ? `"${side}Account":${JSON.stringify(reference)},` : '');
    const us = (side: string): string => `"${side}Name":${holder},"${side}Account":${own},`;
    return direction === 'debit' ? other('creditor') + us('debtor') : us('creditor') + other('debtor');
  };

  return (transaction) => {
    // What few lines have is not worth a template.
    if (transaction.exchange || transaction.endToEndId !== undefined) {
      return JSON.stringify(toTransaction(transaction, { account, address }));
    }
    const { id, status, amountMinor, direction, currency, reference, text, balanceAfterMinor } = transaction;
    const booked = day(transaction.bookedAt);
    const name = jsonString(id);
    const isReferred = status === 'booked' && id.length <= MAX_REFERENCE;
    const balance =
      balanceAfterMinor === undefined
        ? ''
        : `,"balanceAfterTransaction":{"balanceAmount":${amount(balanceAfterMinor, currency)},"balanceType":"interimBooked","referenceDate":"${booked}"}`;
    return (
      `{"transactionId":${name},${isReferred ? `"entryReference":${name},"bookingDate":"${booked}",` : ''}` +
      `"valueDate":"${day(transaction.valueAt)}",` +
      `"transactionAmount":${amount(direction === 'debit' ? -amountMinor : amountMinor, currency)},` +
      parties(transaction) +
      `"remittanceInformationUnstructured":${jsonString((reference ?? text).slice(0, MAX_REMITTANCE))},` +
      `"additionalInformation":${jsonString(text.slice(0, MAX_ADDITIONAL))},${codesOf(transaction)}${balance},` +
      `"_links":{"transactionDetails":{"href":${linkTo}${encodeURIComponent(id)}"}}}`
    );
  };
}

function signedAmountWriter(): (amountMinor: bigint, currency: string) => string {
  const writers = new Map<string, (amountMinor: bigint) => string>();
  return (amountMinor, currency) => {
    let write = writers.get(currency);
    if (!write) writers.set(currency, (write = amountWriter(currency)));
    return `{"currency":"${currency}","amount":"${amountMinor < 0n ? '-' : ''}${write(amountMinor)}"}`;
  };
}
