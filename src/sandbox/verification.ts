import type { Bank } from '../bank/index.js';

export interface Verification {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail?: string }[];
}

/** Re-derives what must always hold. */
export async function verifyEcosystem(banks: readonly Bank[]): Promise<Verification> {
  const checks: { name: string; ok: boolean; detail?: string }[] = [];
  for (const bank of banks) {
    const { currencies, differences, postings } = await bank.trialBalance();
    const unbalanced = currencies.filter(({ sumMinor }) => sumMinor !== 0n);
    checks.push({
      name: `${bank.profile.id}: the sum of all postings is zero in every currency`,
      ok: unbalanced.length === 0,
      detail: `${String(postings)} postings`,
    });
    checks.push({
      name: `${bank.profile.id}: every kept balance equals the sum of its postings`,
      ok: differences.length === 0,
      ...(differences.length > 0 && { detail: `accounts ${differences.map(({ account }) => account).join(', ')}` }),
    });
  }
  return { ok: checks.every(({ ok }) => ok), checks };
}
