import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { EMBEDDED, type Json } from '../support/berlin-party.js';
import { openBerlinStage, type BerlinStage, type Person } from '../support/berlin-stage.js';
import { newThirdParty } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  approvedPayment,
  bodyOf,
  postPayment,
  readPayment,
  transactionsOf,
  type Access,
  type PaymentPlan,
} from '../support/uk-bank.js';
import { transfer } from './berlin/orders.js';

/** Before the history of anybody begins. */
const FROM = '2026-01-01';

let stage: BerlinStage;
let british: ThirdParty;
let payer: View;
let payee: View;
beforeAll(async () => {
  stage = await openBerlinStage({ dogger: { standards: ['berlin-group/1.3', 'uk-obie/4.0'] } });
  british = await newThirdParty(stage.sandbox, {}, 'dogger');
  payer = await viewOf(stage.payer);
  payee = await viewOf(stage.payee);
}, 120_000);
afterAll(async () => {
  await british?.close();
  await stage?.close();
});

/** What one customer agreed to at each of the two. */
interface View {
  readonly access: Access;
  readonly consentId: string;
  /** Her current account. */
  readonly giro: string;
}

async function viewOf(person: Person): Promise<View> {
  const access = await accessTo(british, person);
  const lodged = await stage.party.ask('POST', '/v1/consents', {
    body: {
      access: { allPsd2: 'allAccounts' },
      recurringIndicator: true,
      validUntil: '2026-09-30',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    },
    headers: EMBEDDED,
  });
  await stage.embedded(lodged.body._links.updatePsuAuthentication.href, person);
  return { access, consentId: lodged.body.consentId, giro: person.accounts[0]?.id ?? '' };
}

/** A line of an account, in what both standards tell of it. */
interface Line {
  readonly id: string;
  /** With its sign. */
  readonly amount: string;
  readonly valueDay: string;
  readonly isBooked: boolean;
  readonly text: string;
  readonly balanceAfter: string;
}

const signed = ({ Amount, Currency }: Json, indicator: string): string =>
  `${indicator === 'Debit' && Number(Amount) !== 0 ? '-' : ''}${Amount} ${Currency}`;
const plain = ({ amount, currency }: Json): string => `${amount} ${currency}`;

async function linesOfUk({ access }: View, account: string): Promise<readonly Line[]> {
  return (await transactionsOf(british, access.token, account)).map((line: Json) => ({
    id: line.TransactionId,
    amount: signed(line.Amount, line.CreditDebitIndicator),
    valueDay: line.ValueDateTime.slice(0, 10),
    isBooked: line.Status === 'BOOK',
    text: line.TransactionReference ?? line.TransactionInformation,
    balanceAfter: line.Balance ? signed(line.Balance.Amount, line.Balance.CreditDebitIndicator) : '',
  }));
}

async function linesOfBerlin({ consentId }: View, account: string): Promise<readonly Line[]> {
  const lines: Line[] = [];
  let next: string | undefined = `/v1/accounts/${account}/transactions?bookingStatus=both&dateFrom=${FROM}`;
  while (next !== undefined) {
    const { status, body, text } = await stage.party.ask('GET', next, { headers: { 'consent-id': consentId } });
    if (status !== 200) throw new Error(text);
    const { booked = [], pending = [], _links }: Json = body.transactions;
    const toLine = (line: Json): Line => ({
      id: line.transactionId,
      amount: plain(line.transactionAmount),
      valueDay: line.valueDate,
      isBooked: line.bookingDate !== undefined,
      text: line.remittanceInformationUnstructured,
      balanceAfter: line.balanceAfterTransaction ? plain(line.balanceAfterTransaction.balanceAmount) : '',
    });
    lines.push(...[...pending, ...booked].map(toLine));
    next = _links?.next?.href;
  }
  return lines;
}

const byId = (lines: readonly Line[]): readonly Line[] => lines.toSorted((a, b) => a.id.localeCompare(b.id));

async function balancesOfUk({ access }: View, account: string): Promise<Json> {
  const path = `/aisp/accounts/${account}/balances`;
  const { Data } = bodyOf(await british.call<Json>('GET', path, { token: access.token }), 200);
  return Object.fromEntries(Data.Balance.map((one: Json) => [one.Type, signed(one.Amount, one.CreditDebitIndicator)]));
}

async function balancesOfBerlin({ consentId }: View, account: string): Promise<Json> {
  const path = `/v1/accounts/${account}/balances`;
  const { body } = await stage.party.ask('GET', path, { headers: { 'consent-id': consentId } });
  const types: Json = { interimAvailable: 'ITAV', interimBooked: 'ITBD' };
  return Object.fromEntries(body.balances.map((one: Json) => [types[one.balanceType], plain(one.balanceAmount)]));
}

/** The reference of a payment as both see it on both sides. */
async function told(reference: string): Promise<Json> {
  const found = async (lines: Promise<readonly Line[]>): Promise<readonly string[]> =>
    (await lines)
      .filter(({ text }) => text === reference)
      .map(({ amount, isBooked }) => `${amount} ${String(isBooked)}`);
  return {
    payer: [await found(linesOfBerlin(payer, payer.giro)), await found(linesOfUk(payer, payer.giro))],
    payee: [await found(linesOfBerlin(payee, payee.giro)), await found(linesOfUk(payee, payee.giro))],
  };
}

describe('one customer through Berlin Group and through UK Open Banking', () => {
  test('has the same accounts, under the same ids and IBANs', async () => {
    const { body } = await stage.party.ask('GET', '/v1/accounts', { headers: { 'consent-id': payer.consentId } });
    const uk = bodyOf(await british.call<Json>('GET', '/aisp/accounts', { token: payer.access.token }), 200);
    const here = body.accounts.map((one: Json) => `${one.resourceId} ${one.iban} ${one.currency}`);
    const there = uk.Data.Account.map(
      (one: Json) =>
        `${one.AccountId} ${one.Account.find((other: Json) => other.SchemeName === 'UK.OBIE.IBAN').Identification} ${one.Currency}`,
    );
    expect(here.length).toBeGreaterThan(1);
    expect(there.sort()).toEqual(here.sort());
  });

  test('has the same balances', async () => {
    for (const account of payer.access.accounts) {
      expect(await balancesOfUk(payer, account)).toEqual(await balancesOfBerlin(payer, account));
    }
  });

  test('has the same transactions, line by line: amount, sign, day, reference, status and balance', async () => {
    for (const account of payer.access.accounts) {
      const [here, there] = [await linesOfBerlin(payer, account), await linesOfUk(payer, account)];
      expect(there.map(({ id }) => id).sort()).toEqual(here.map(({ id }) => id).sort());
      expect(byId(there)).toEqual(byId(here));
    }
    expect((await linesOfBerlin(payer, payer.giro)).length).toBeGreaterThan(100);
  });

  test('who pays through Berlin Group sees it through UK Open Banking', async () => {
    const reference = `Bestellung ${randomUUID().slice(0, 8)}`;
    const { body } = await stage.party.ask('POST', '/v1/payments/instant-sepa-credit-transfers', {
      body: transfer(stage, { remittanceInformationUnstructured: reference }),
      headers: EMBEDDED,
    });
    await stage.embedded(body._links.updatePsuAuthentication.href);
    const held = await balancesOfUk(payer, payer.giro);
    expect(held.ITAV).not.toBe(held.ITBD);
    expect(held).toEqual(await balancesOfBerlin(payer, payer.giro));
    await stage.sandbox.clock.advance('PT1M');
    expect(await told(reference)).toEqual({
      payer: [['-12.50 EUR true'], ['-12.50 EUR true']],
      payee: [['12.50 EUR true'], ['12.50 EUR true']],
    });
  });

  test('who pays through UK Open Banking sees it through Berlin Group', async () => {
    const reference = `Rechnung ${randomUUID().slice(0, 8)}`;
    const plan: PaymentPlan = {
      initiation: {
        InstructionIdentification: 'I-2041',
        EndToEndIdentification: 'E-2041',
        LocalInstrument: 'UK.OBIE.SEPAInstantCreditTransfer',
        InstructedAmount: { Amount: '7.25', Currency: 'EUR' },
        CreditorAccount: {
          SchemeName: 'UK.OBIE.IBAN',
          Identification: stage.payee.ibans[0],
          Name: stage.payee.name,
        },
        RemittanceInformation: { Unstructured: [reference] },
      },
      reference,
      consentKey: randomUUID(),
      orderKey: randomUUID(),
    };
    const approved = await approvedPayment(british, stage.payer, plan, payer.giro);
    const { DomesticPaymentId } = bodyOf(await postPayment(british, plan, approved), 201).Data;
    expect(await balancesOfUk(payer, payer.giro)).toEqual(await balancesOfBerlin(payer, payer.giro));
    await stage.sandbox.clock.advance('PT1M');
    expect(bodyOf(await readPayment(british, DomesticPaymentId), 200).Data.Status).toBe('ACCC');
    expect(await told(reference)).toEqual({
      payer: [['-7.25 EUR true'], ['-7.25 EUR true']],
      payee: [['7.25 EUR true'], ['7.25 EUR true']],
    });
    expect(await balancesOfUk(payee, payee.giro)).toEqual(await balancesOfBerlin(payee, payee.giro));
    expect(await stage.sandbox.verify()).toMatchObject({ ok: true });
  });

  test('a domestic payment by a British rail is refused at a bank that is not on it', async () => {
    const answer = await british.call<Json>('POST', '/pisp/domestic-payment-consents', {
      sign: true,
      idempotencyKey: randomUUID(),
      token: await british.clientToken('payments'),
      body: {
        Data: {
          Initiation: {
            InstructionIdentification: 'I-2042',
            EndToEndIdentification: 'E-2042',
            LocalInstrument: 'UK.OBIE.FPS',
            InstructedAmount: { Amount: '7.25', Currency: 'EUR' },
            CreditorAccount: { SchemeName: 'UK.OBIE.IBAN', Identification: stage.payee.ibans[0], Name: 'Anna' },
          },
        },
        Risk: {},
      },
    });
    expect([answer.status, answer.body.Errors[0].Path]).toEqual([400, 'Data.Initiation.LocalInstrument']);
  });

  test('neither finds the consents of the other', async () => {
    const token = await british.clientToken('accounts');
    const there = await british.call('GET', `/aisp/account-access-consents/${payer.consentId}`, { token });
    const here = await stage.party.ask('GET', `/v1/consents/${payer.access.consentId}`);
    expect([there.status, here.status]).toEqual([403, 403]);
  });
});
