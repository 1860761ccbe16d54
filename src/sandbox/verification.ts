import type { Bank, ClearingPosition } from '../bank/index.js';

export interface Verification {
  readonly ok: boolean;
  readonly checks: readonly VerificationCheck[];
}

export interface VerificationCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** Re-derives what must always hold. */
export async function verifyEcosystem(
  banks: readonly Bank[],
  clearing: readonly ClearingPosition[] = [],
): Promise<Verification> {
  const checks: VerificationCheck[] = [];
  for (const bank of banks) checks.push(...(await verifyBank(bank)));
  checks.push({
    name: 'the sum of all postings over all banks is zero in every currency',
    ok: (await sumOverBanks(banks)).every((sum) => sum === 0n),
    detail: clearing
      .map(({ bank, currency, bookedMinor }) => `${bank} ${String(bookedMinor)} ${currency} in clearing`)
      .join(', '),
  });
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function sumOverBanks(banks: readonly Bank[]): Promise<readonly bigint[]> {
  const sums = new Map<string, bigint>();
  for (const bank of banks) {
    for (const { currency, sumMinor } of (await bank.trialBalance()).currencies) {
      sums.set(currency, (sums.get(currency) ?? 0n) + sumMinor);
    }
  }
  return [...sums.values()];
}

async function verifyBank(bank: Bank): Promise<readonly VerificationCheck[]> {
  const { currencies, differences, heldDifferences, unbalancedEntries, postings } = await bank.trialBalance();
  const parked = await bank.schedules.parked();
  const claim = (text: string): string => `${bank.profile.id}: ${text}`;
  return [
    {
      name: claim('the sum of all postings is zero in every currency'),
      ok: currencies.every(({ sumMinor }) => sumMinor === 0n),
      detail: `${String(postings)} postings`,
    },
    noneOf(
      claim('the postings of every entry sum to zero'),
      unbalancedEntries === 0 ? [] : [`${String(unbalancedEntries)} entries`],
    ),
    noneOf(claim('every kept balance equals the sum of its postings'), differences.map(accountOf)),
    noneOf(claim('what every account has set aside equals the sum of its holds'), heldDifferences.map(accountOf)),
    noneOf(
      claim('no due work was given up'),
      parked.map(({ kind, subject, lastError }) => `${kind} (${subject}): ${lastError}`),
    ),
  ];
}

function noneOf(name: string, found: readonly string[]): VerificationCheck {
  return { name, ok: found.length === 0, ...(found.length > 0 && { detail: found.join(', ') }) };
}

function accountOf({ account }: { readonly account: number }): string {
  return `ledger account ${String(account)}`;
}
