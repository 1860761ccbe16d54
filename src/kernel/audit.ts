/** One place where something is not as it must be. Amounts are minor units. */
export interface Fault {
  /** Which row: `posting 12 of ledger account 5`. */
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/** A claim about a bank that was derived again from its rows. It holds where there are no faults. */
export interface AuditCheck {
  readonly name: string;
  readonly faults: readonly Fault[];
}
