import type { Bank, Clearing, ClearingPosition, TrialBalance } from '../../bank/index.js';
import type { SqlReader } from '../../storage/index.js';
import { clearingSums, type ClearingSum } from '../clearing-sums.js';

export interface TrialBalances {
  readonly balanced: boolean;
  readonly banks: readonly unknown[];
  readonly clearing: readonly unknown[];
}

/** Of all banks of an ecosystem. `sql` must see one instant, or money under way between two reads is missed or doubled. */
export async function readTrialBalances(
  sql: SqlReader,
  banks: readonly Bank[],
  clearing: Clearing,
): Promise<TrialBalances> {
  const balances: Parameters<typeof toTrialBalances>[0][number][] = [];
  for (const bank of banks) balances.push({ bank: bank.profile.id, balance: await bank.ledger.trialBalance(sql) });
  return toTrialBalances(balances, await clearing.positions(sql));
}

/** Trial balances as the control API writes them: minor units as text, since JSON numbers lose pennies beyond 2^53. */
export function toTrialBalances(
  balances: readonly { readonly bank: string; readonly balance: TrialBalance }[],
  positions: readonly ClearingPosition[] = [],
): TrialBalances {
  const clearing = clearingSums(positions);
  return {
    // Each bank by itself: what one has too much would make up for what another has too little.
    balanced:
      balances.every(({ balance }) => isBalanced(balance)) && clearing.every(isSettled) && positions.every(isFound),
    clearing: clearing.map((sum) => ({
      currency: sum.currency,
      owedMinor: String(sum.bookedMinor),
      waitingMinor: String(sum.waitingMinor),
      inFlightMinor: String(sum.inFlightMinor),
      outsideMinor: String(sum.outsideMinor),
      banks: positions
        .filter(({ currency }) => currency === sum.currency)
        .map(({ bank, bookedMinor }) => ({ bank, owedMinor: String(bookedMinor) })),
    })),
    banks: balances.map(({ bank, balance }) => ({
      bank,
      ...balance,
      currencies: balance.currencies.map(({ currency, sumMinor }) => ({ currency, sumMinor: String(sumMinor) })),
      differences: balance.differences.map(toText),
      heldDifferences: balance.heldDifferences.map(toText),
    })),
  };
}

function isSettled({ bookedMinor }: ClearingSum): boolean {
  return bookedMinor === 0n;
}

function isFound({ waitingMinor, inFlightMinor, outsideMinor }: ClearingSum): boolean {
  return waitingMinor === inFlightMinor + outsideMinor;
}

function isBalanced({ currencies, differences, heldDifferences, unbalancedEntries }: TrialBalance): boolean {
  return (
    differences.length === 0 &&
    heldDifferences.length === 0 &&
    unbalancedEntries === 0 &&
    currencies.every(({ sumMinor }) => sumMinor === 0n)
  );
}

function toText({ account, keptMinor, derivedMinor }: TrialBalance['differences'][number]): unknown {
  return { account, keptMinor: String(keptMinor), derivedMinor: String(derivedMinor) };
}
