import type { SqlReader } from '../../storage/index.js';
import type { AccountIdentifier } from '../accounts/index.js';
import type { PaymentInstruction } from '../consents/index.js';
import type { Ledger } from '../ledger/index.js';
import type { MemberPosition } from './clearing.js';

interface SentRow {
  readonly currency: string;
  readonly amount: bigint;
  readonly status: 'debited' | 'credited';
  readonly instruction: string;
}

/** Orders whose money has left the payer: from the terms where it was exchanged, and its amount otherwise. */
const SENT = `
  SELECT coalesce(transferred_currency, currency) AS currency, coalesce(transferred_minor, amount_minor) AS amount,
    status, instruction
  FROM payment_orders WHERE bank = ? AND status IN ('debited', 'credited')`;

/** Twice the truth: the books on the one hand, and on the other what became of the orders. */
export async function positionsOf(
  sql: SqlReader,
  { bank, ledger }: { readonly bank: string; readonly ledger: Ledger },
): Promise<readonly MemberPosition[]> {
  const booked = totals(await ledger.internalBalances(sql, 'interbank-clearing'));
  const waiting = totals(await ledger.paymentsIn(sql, 'payment-clearing'));
  const inFlight = new Map<string, bigint>();
  const arrived = new Map<string, { readonly amountMinor: bigint; readonly payee: AccountIdentifier }[]>();
  for (const { currency, amount, status, instruction } of await sql.all<SentRow>(SENT, [bank])) {
    if (status === 'debited') {
      inFlight.set(currency, (inFlight.get(currency) ?? 0n) + amount);
      continue;
    }
    const { creditor } = JSON.parse(instruction) as Pick<PaymentInstruction, 'creditor'>;
    const ended = arrived.get(currency) ?? [];
    ended.push({ amountMinor: amount, payee: creditor });
    arrived.set(currency, ended);
  }
  const currencies = new Set([booked, waiting, inFlight, arrived].flatMap((one) => [...one.keys()]));
  return [...currencies].sort().map((currency) => ({
    currency,
    bookedMinor: booked.get(currency) ?? 0n,
    waitingMinor: waiting.get(currency) ?? 0n,
    inFlightMinor: inFlight.get(currency) ?? 0n,
    arrived: arrived.get(currency) ?? [],
  }));
}

function totals(balances: readonly { readonly currency: string; readonly bookedMinor: bigint }[]): Map<string, bigint> {
  return new Map(balances.map(({ currency, bookedMinor }) => [currency, bookedMinor]));
}
