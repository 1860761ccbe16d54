import type { TrialBalance } from '../../bank/index.js';

/** Trial balances as the control API writes them: minor units as text, since JSON numbers lose pennies beyond 2^53. */
export function toTrialBalances(balances: readonly { readonly bank: string; readonly balance: TrialBalance }[]): {
  readonly balanced: boolean;
  readonly banks: readonly unknown[];
} {
  return {
    balanced: balances.every(({ balance }) => isBalanced(balance)),
    banks: balances.map(({ bank, balance }) => ({
      bank,
      ...balance,
      currencies: balance.currencies.map(({ currency, sumMinor }) => ({ currency, sumMinor: String(sumMinor) })),
      differences: balance.differences.map(toText),
      heldDifferences: balance.heldDifferences.map(toText),
    })),
  };
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
