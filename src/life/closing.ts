import { instant, MS_PER_HOUR, MS_PER_MINUTE, parts, startOfDay, type Instant } from '../kernel/index.js';
import { accrualOf, accrue, interestOn } from './interest.js';
import type { DueFee } from './memory.js';
import { NIGHT, type DayContext } from './moment.js';

/** After all else, so that the balance that counts for interest is the last one of the day. */
const MINUTE_OF_CLOSING = 59;

/** The bank's own work at the end of a day: fees, on the first of some months interest, and the daily balances. */
export function planClosing(context: DayContext, accounts: readonly string[]): void {
  const at = instant(startOfDay(context.date) + NIGHT.closing * MS_PER_HOUR + MINUTE_OF_CLOSING * MS_PER_MINUTE);
  context.plan({
    at,
    act(now) {
      const [, month, day] = parts(context.date);
      if (day === 1) for (const account of accounts) bookMonth(context, { account, month }, now);
      takeFees(context, now);
      for (const account of accounts) accrueDay(context, account);
    },
  });
}

/** A side of zero that bears no interest need not be counted. */
function accrueDay({ book, memory, productOf }: DayContext, account: string): void {
  const closingMinor = book.balance(account);
  const { creditRateBps, debitRateBps } = productOf(account);
  if (closingMinor === 0n || (closingMinor > 0n ? creditRateBps : debitRateBps) === 0) return;
  accrue(memory, account, closingMinor);
}

function bookMonth(
  context: DayContext,
  { account, month }: { readonly account: string; readonly month: number },
  at: Instant,
): void {
  const { bank, memory, productOf, wording } = context;
  if (bank.interest.months.includes(month)) bookInterest(context, account, at);
  const { monthlyFeeMinor } = productOf(account);
  if (monthlyFeeMinor === 0n) return;
  const fee = { account, amountMinor: monthlyFeeMinor, text: wording.accountFee, reference: wording.monthly };
  memory.feesDue = [...memory.feesDue, fee];
}

function bookInterest({ bank, book, memory, productOf, wording }: DayContext, account: string, at: Instant): void {
  const { creditRateBps, debitRateBps, type } = productOf(account);
  const { daysAYear } = bank.interest;
  const accrual = accrualOf(memory, account);
  const earnedMinor = interestOn(accrual.creditMinorDays, creditRateBps, daysAYear);
  if (earnedMinor > 0n) {
    book.post(at, [
      { account, amountMinor: earnedMinor, detail: { code: 'interest-paid', text: wording.interestPaid } },
      { internal: 'interest-expense', amountMinor: -earnedMinor },
    ]);
  }
  // Mortgages are charged with their payment, and cards that are paid off are not charged at all.
  const chargedMinor = type === 'current' ? interestOn(accrual.debitMinorDays, debitRateBps, daysAYear) : 0n;
  const canCharge = chargedMinor > 0n && book.canPay(account, chargedMinor);
  if (canCharge) {
    book.post(at, [
      { account, amountMinor: -chargedMinor, detail: { code: 'interest-charged', text: wording.interestCharged } },
      { internal: 'interest-income', amountMinor: chargedMinor },
    ]);
  }
  // What would not fit within the limit goes on to the next time.
  const debitMinorDays = type === 'current' && (canCharge || chargedMinor === 0n) ? 0n : accrual.debitMinorDays;
  if (debitMinorDays === 0n) memory.accruals.delete(account);
  else memory.accruals.set(account, { creditMinorDays: 0n, debitMinorDays });
}

function takeFees({ book, memory }: DayContext, at: Instant): void {
  const waiting: DueFee[] = [];
  for (const fee of memory.feesDue) {
    const { account, amountMinor, text, reference } = fee;
    if (amountMinor === 0n) continue;
    if (!book.canPay(account, amountMinor)) {
      waiting.push(fee);
      continue;
    }
    book.post(at, [
      { account, amountMinor: -amountMinor, detail: { code: 'fee', text, reference } },
      { internal: 'fee-income', amountMinor },
    ]);
  }
  memory.feesDue = waiting;
}
