import type { PostingDetail } from '../ledger/index.js';
import { reasonNotToCredit, toCounterparty } from './advance-payment.js';
import type { ClearingMember, Transfer } from './clearing.js';
import { positionsOf } from './member-positions.js';
import { giveBack } from './recalls/give-back.js';
import { bookArrival } from './moves.js';
import { payeeRecordOf } from './know-payee.js';
import type { PaymentModules } from './payment-modules.js';

/** This bank as the others of the ecosystem reach it. */
export function toClearingMember(
  modules: Pick<PaymentModules, 'profile' | 'accounts' | 'ledger' | 'events' | 'exchange' | 'parties'>,
): ClearingMember {
  const { profile, accounts, ledger, events } = modules;
  return {
    id: profile.id,
    async receive(tx, transfer) {
      const { amount, payee, at } = transfer;
      const account = await accounts.byIdentifier(payee, tx);
      const reason = reasonNotToCredit(modules, { amount, creditor: payee, at }, account);
      if (reason) return { outcome: 'refused', reason };
      if (!account) return { outcome: 'not-ours' };
      await bookArrival(
        { tx, modules, at },
        { account, amount, from: 'interbank-clearing', detail: toDetail(transfer) },
      );
      await events.append(tx, {
        type: 'payment.arrived',
        subject: account.id,
        at,
        data: { from: transfer.from, amountMinor: amount.amountMinor.toString(), currency: amount.currency },
      });
      return { outcome: 'credited' };
    },
    giveBack: (tx, request) => giveBack(tx, modules, { ...request, to: 'interbank-clearing' }),
    has: async (sql, payee) => (await accounts.byIdentifier(payee, sql)) !== undefined,
    payee: (sql, payee) => payeeRecordOf(sql, modules, payee),
    positions: (sql) => positionsOf(sql, { bank: profile.id, ledger }),
  };
}

/** What the payee reads: who sent it and why. The order is the other bank's and is not told. */
function toDetail({ payer, reference, endToEndId }: Transfer): PostingDetail {
  return {
    code: 'transfer-in',
    text: payer.name,
    ...(reference !== undefined && { reference }),
    ...(endToEndId !== undefined && { endToEndId }),
    counterparty: payer.account ? toCounterparty(payer.account, payer.name) : { name: payer.name },
  };
}
