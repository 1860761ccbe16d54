import type { Merchant } from '../bank/index.js';
import { localDate, type LocalDate } from '../kernel/index.js';

/**
 * What life knows beyond the ledger's balances: interest that grows, fees not yet taken, invoices and refunds on their
 * way. It goes into the event log with every day or month that was lived, and is read back from there.
 */
export interface Memory {
  /** The last day that was lived. */
  date: LocalDate;
  readonly accruals: Map<string, Accrual>;
  /** Fees that wait until there is money for them. */
  feesDue: readonly DueFee[];
  invoices: readonly SentInvoice[];
  refunds: readonly ExpectedRefund[];
  readonly invoiceNumbers: Map<string, number>;
}

/** Sums of the balances at the close of each day since interest was last booked: minor units times days. */
export interface Accrual {
  readonly creditMinorDays: bigint;
  readonly debitMinorDays: bigint;
}

export interface DueFee {
  readonly account: string;
  readonly amountMinor: bigint;
  readonly text: string;
  readonly reference: string;
}

export interface SentInvoice {
  readonly account: string;
  readonly client: string;
  readonly amountMinor: bigint;
  readonly reference: string;
  readonly paidOn: LocalDate;
}

export interface ExpectedRefund {
  readonly account: string;
  readonly merchant: Merchant;
  readonly text: string;
  readonly amountMinor: bigint;
  readonly on: LocalDate;
  /** The bank took it back from the merchant. */
  readonly isChargeback?: true;
}

export function newMemory(date: LocalDate): Memory {
  return { date, accruals: new Map(), feesDue: [], invoices: [], refunds: [], invoiceNumbers: new Map() };
}

/** As JSON values; whole numbers that may be large are texts. */
export function toRemembered(memory: Memory): Readonly<Record<string, unknown>> {
  return {
    date: memory.date,
    accruals: [...memory.accruals].map(([account, { creditMinorDays, debitMinorDays }]) => [
      account,
      String(creditMinorDays),
      String(debitMinorDays),
    ]),
    feesDue: memory.feesDue.map(withText),
    invoices: memory.invoices.map(withText),
    refunds: memory.refunds.map(withText),
    invoiceNumbers: [...memory.invoiceNumbers],
  };
}

interface WithAmount {
  readonly amountMinor: bigint;
}

type AsText<T extends WithAmount> = Omit<T, 'amountMinor'> & { readonly amountMinor: string };

function withText<T extends WithAmount>(item: T): AsText<T> {
  return { ...item, amountMinor: String(item.amountMinor) };
}

function withAmount<T extends { readonly amountMinor: string }>(item: T): Omit<T, 'amountMinor'> & WithAmount {
  return { ...item, amountMinor: BigInt(item.amountMinor) };
}

interface Remembered {
  readonly date: string;
  readonly accruals: readonly (readonly [string, string, string])[];
  readonly feesDue: readonly AsText<DueFee>[];
  readonly invoices: readonly AsText<SentInvoice>[];
  readonly refunds: readonly AsText<ExpectedRefund>[];
  readonly invoiceNumbers: readonly (readonly [string, number])[];
}

export function fromRemembered(data: unknown): Memory {
  const kept = data as Remembered;
  return {
    date: localDate(kept.date),
    accruals: new Map(
      kept.accruals.map(([account, credit, debit]) => [
        account,
        { creditMinorDays: BigInt(credit), debitMinorDays: BigInt(debit) },
      ]),
    ),
    feesDue: kept.feesDue.map(withAmount),
    invoices: kept.invoices.map(withAmount),
    refunds: kept.refunds.map(withAmount),
    invoiceNumbers: new Map(kept.invoiceNumbers),
  };
}
