import type { PostingDetail } from '../ledger/index.js';
import { book, reasonNotToCredit, toCounterparty } from './advance-payment.js';
import type { ClearingMember, Transfer } from './clearing.js';
import type { PaymentModules } from './payment-modules.js';

/** This bank as the others of the ecosystem reach it. */
export function toClearingMember(
  modules: Pick<PaymentModules, 'profile' | 'accounts' | 'ledger' | 'events'>,
): ClearingMember {
  const { profile, accounts, ledger, events } = modules;
  return {
    id: profile.id,
    async receive(tx, transfer) {
      const { amount, payee, at } = transfer;
      const account = await accounts.byIdentifier(payee, tx);
      const reason = reasonNotToCredit(modules, { amount, creditor: payee }, account);
      if (reason) return { outcome: 'refused', reason };
      if (!account) return { outcome: 'not-ours' };
      await book(
        { tx, modules, currency: amount.currency, at },
        { account: account.ledgerAccount, amountMinor: amount.amountMinor, detail: toDetail(transfer) },
      );
      await events.append(tx, {
        type: 'payment.arrived',
        subject: account.id,
        at,
        data: { from: transfer.from, amountMinor: amount.amountMinor.toString(), currency: amount.currency },
      });
      return { outcome: 'credited' };
    },
    positions: (sql) => ledger.internalBalances(sql, 'payment-clearing'),
  };
}

/** What the payee reads: who sent it and why. The order is the other bank's and is not told. */
function toDetail({ payer, reference }: Transfer): PostingDetail {
  return {
    code: 'transfer-in',
    text: payer.name,
    ...(reference !== undefined && { reference }),
    counterparty: payer.account ? toCounterparty(payer.account, payer.name) : { name: payer.name },
  };
}
