import type { SqlTransaction } from '../../../storage/index.js';
import type { InternalAccount, PostingDetail } from '../../ledger/index.js';
import { bookWithdrawal } from '../moves.js';
import type { PaymentModules } from '../payment-modules.js';
import type { ReturnAnswer, ReturnRequest } from './recall.js';

/** Takes the money from the payee again, as far as it is still there; his arranged overdraft is not used for that. */
export async function giveBack(
  tx: SqlTransaction,
  modules: Pick<PaymentModules, 'profile' | 'accounts' | 'ledger' | 'exchange'>,
  request: ReturnRequest & { readonly to: InternalAccount },
): Promise<ReturnAnswer> {
  const { accounts, ledger } = modules;
  const { payee, amount, at, to } = request;
  const account = await accounts.byIdentifier(payee, tx);
  if (!account)
    return accounts.isOfBank(payee) ? { outcome: 'refused', reason: 'no-original' } : { outcome: 'not-ours' };
  if (account.status === 'closed') return { outcome: 'refused', reason: 'account-closed' };
  // What was exchanged for him would have to be at his loss or gain: he is not asked for that.
  if (account.currency !== amount.currency) return { outcome: 'refused', reason: 'customer-decision' };
  const { bookedMinor, heldMinor } = await ledger.balance(tx, account.ledgerAccount);
  if (bookedMinor - heldMinor < amount.amountMinor) return { outcome: 'refused', reason: 'no-funds' };
  await bookWithdrawal({ tx, modules, at }, { account, amount, to, detail: detailOf(request) });
  return { outcome: 'given-back' };
}

function detailOf({ payer, endToEndId, paymentId }: ReturnRequest): PostingDetail {
  const { name, account: identifier } = payer;
  return {
    code: 'transfer-out',
    text: `RETURNED TO ${name}`,
    counterparty: { name, ...(identifier && { scheme: identifier.scheme, identification: identifier.identification }) },
    ...(endToEndId !== undefined && { endToEndId }),
    ...(paymentId !== undefined && { paymentId }),
  };
}
