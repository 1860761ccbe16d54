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
  checks.push(...verifyClearing(clearing));
  return { ok: checks.every(({ ok }) => ok), checks };
}

/** What the banks owe each other, and whether what has left customers is where the orders say it is. */
function verifyClearing(positions: readonly ClearingPosition[]): readonly VerificationCheck[] {
  const owed = clearingSums(positions).filter(({ bookedMinor }) => bookedMinor !== 0n);
  const lost = positions.filter(
    ({ waitingMinor, inFlightMinor, outsideMinor }) => waitingMinor !== inFlightMinor + outsideMinor,
  );
  return [
    noneOf(
      'what the banks owe each other sums to zero in every currency',
      owed.map(({ currency, bookedMinor }) => `${String(bookedMinor)} ${currency}`),
    ),
    noneOf(
      'what waits in clearing is what the orders say is in flight and went to banks outside',
      lost.map(
        ({ bank, currency, waitingMinor, inFlightMinor, outsideMinor }) =>
          `${bank}: ${String(waitingMinor)} ${currency} in clearing, ` +
          `${String(inFlightMinor)} in flight and ${String(outsideMinor)} outside by its orders`,
      ),
    ),
  ];
}

export type ClearingSum = Omit<ClearingPosition, 'bank'>;

/** Over all banks, per currency. */
export function clearingSums(positions: readonly ClearingPosition[]): readonly ClearingSum[] {
  const sums = new Map<string, ClearingSum>();
  for (const position of positions) {
    const { currency } = position;
    const sum = sums.get(currency);
    sums.set(currency, {
      currency,
      bookedMinor: (sum?.bookedMinor ?? 0n) + position.bookedMinor,
      waitingMinor: (sum?.waitingMinor ?? 0n) + position.waitingMinor,
      inFlightMinor: (sum?.inFlightMinor ?? 0n) + position.inFlightMinor,
      outsideMinor: (sum?.outsideMinor ?? 0n) + position.outsideMinor,
    });
  }
  return [...sums.values()];
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
