import { createIdScheme, type AuditCheck, type Fault } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import { findAccountKey, type AccountIdentifier } from '../accounts/index.js';
import { createLedger } from '../ledger/index.js';
import { positionsOf } from './member-positions.js';

/** Between the banks of one ecosystem, from their books and from their orders. */
export async function verifyClearing(sql: SqlReader, banks: readonly string[]): Promise<readonly AuditCheck[]> {
  const isInside = async (payee: AccountIdentifier): Promise<boolean> => {
    for (const bank of banks) if ((await findAccountKey(sql, bank, payee)) !== undefined) return true;
    return false;
  };
  const owed = new Map<string, bigint>();
  const lost: Fault[] = [];
  for (const bank of banks) {
    // The ledger is only read: the ids that it could give are nobody's.
    const ledger = createLedger({ bank, ids: createIdScheme('verification') });
    for (const position of await positionsOf(sql, { bank, ledger })) {
      const { currency, bookedMinor, waitingMinor, inFlightMinor, arrived } = position;
      owed.set(currency, (owed.get(currency) ?? 0n) + bookedMinor);
      let outsideMinor = 0n;
      for (const { amountMinor, payee } of arrived) if (!(await isInside(payee))) outsideMinor += amountMinor;
      if (waitingMinor === inFlightMinor + outsideMinor) continue;
      lost.push({
        where: `${bank} in ${currency}`,
        expected: `${String(inFlightMinor)} in flight and ${String(outsideMinor)} outside by its orders`,
        actual: `${String(waitingMinor)} in clearing`,
      });
    }
  }
  const unsettled = [...owed].filter(([, sum]) => sum !== 0n);
  return [
    {
      name: 'what the banks owe each other sums to zero in every currency',
      faults: unsettled.map(([currency, sum]) => ({ where: currency, expected: '0', actual: String(sum) })),
    },
    { name: 'what waits in clearing is what the orders say is in flight and went to banks outside', faults: lost },
  ];
}
