import type { InternalAccount, PostingDetail } from '../bank/index.js';
import { minorPerUnit } from './fixture-fields.js';
import type { DueFee } from './memory.js';
import { fullName, inTheNight, drawAmount, NIGHT, type RuleContext } from './moment.js';
import { inSeason } from './seasons.js';
import type { BillRule, Employee, IncomeRule, PayrollRule, SweepRule, TransferRule } from './rules.js';

const INCOME_FROM: Readonly<Record<IncomeRule['code'], InternalAccount>> = {
  salary: 'payroll-clearing',
  benefit: 'payroll-clearing',
  pension: 'payroll-clearing',
  'transfer-in': 'payment-clearing',
  invoice: 'payment-clearing',
};

/** Sweeps move whole tens of the currency. */
const SWEEP_STEP = 10n;

export function planIncome(rule: IncomeRule, context: RuleContext): void {
  const { book, cast, persona, place, wording } = context;
  const random = context.random();
  const amountMinor = drawAmount(rule.amount, random);
  const counterparty = cast.outsider(rule.from, place);
  const text = wording.transfer(rule.code, counterparty.name);
  const detail = { code: rule.code, text, reference: rule.reference, counterparty };
  context.plan({
    at: inTheNight(context.date, NIGHT.credits, random),
    act: (at) =>
      book.post(at, [
        { account: fullName(persona, rule.into), amountMinor, detail },
        { internal: INCOME_FROM[rule.code], amountMinor: -amountMinor },
      ]),
  });
}

/** A direct debit that cannot be paid is returned and costs a fee; anything else is then simply not sent. */
export function planBill(rule: BillRule, context: RuleContext): void {
  const { book, cast, memory, persona, place, wording } = context;
  const random = context.random();
  const amountMinor = inSeason(drawAmount(rule.amount, random), rule.season, context.date);
  const account = fullName(persona, rule.from);
  const payee = cast.outsider(rule.to, place);
  const isDirectDebit = rule.code === 'direct-debit';
  const detail = context.said(rule, () => ({
    code: rule.code,
    text: wording.transfer(rule.code, payee.name),
    reference: rule.reference,
    // The bank of a direct debit's collector is not told to the payer.
    counterparty: isDirectDebit ? { name: payee.name } : payee,
  }));
  context.plan({
    at: inTheNight(context.date, isDirectDebit ? NIGHT.directDebits : NIGHT.standingOrders, random),
    act(at) {
      if (book.canPay(account, amountMinor)) {
        book.post(at, [
          { account, amountMinor: -amountMinor, detail },
          { internal: isDirectDebit ? 'direct-debit-clearing' : 'payment-clearing', amountMinor },
        ]);
      } else if (isDirectDebit) {
        memory.feesDue = [...memory.feesDue, unpaidFee(context, rule.from, payee.name)];
      }
    },
  });
}

export function planTransfer(rule: TransferRule, context: RuleContext): void {
  const random = context.random();
  const amountMinor = drawAmount(rule.amount, random);
  const from = fullName(context.persona, rule.from);
  const to = fullName(context.persona, rule.to);
  context.plan({
    at: inTheNight(context.date, NIGHT.standingOrders, random),
    act(at) {
      if (context.book.canPay(from, amountMinor)) move(context, at, { ...rule, from, to, amountMinor });
    },
  });
}

export function planSweep(rule: SweepRule, context: RuleContext): void {
  const { bank, book, cast, persona, place, wording } = context;
  const stepMinor = SWEEP_STEP * minorPerUnit(bank.profile.currency);
  const from = fullName(persona, rule.from);
  const to = fullName(persona, rule.to);
  context.plan({
    at: inTheNight(context.date, NIGHT.closing, context.random()),
    act(at) {
      const above = book.balance(from) - rule.keepMinor;
      const excess = rule.atMostMinor !== undefined && rule.atMostMinor < above ? rule.atMostMinor : above;
      const amountMinor = excess - (excess % stepMinor);
      if (amountMinor < rule.atLeastMinor || !book.canPay(from, amountMinor)) return;
      if (book.has(to)) {
        move(context, at, { code: 'transfer-out', from, to, amountMinor, reference: rule.reference });
        return;
      }
      const payee = cast.outsider(rule.to, place);
      const detail = {
        code: 'transfer-out',
        text: wording.transfer('transfer-out', payee.name),
        reference: rule.reference,
        counterparty: payee,
      } as const;
      book.post(at, [
        { account: from, amountMinor: -amountMinor, detail },
        { internal: 'payment-clearing', amountMinor },
      ]);
    },
  });
}

export function planPayroll(rule: PayrollRule, context: RuleContext): void {
  const random = context.random();
  for (const [index, employee] of rule.employees.entries()) {
    const at = inTheNight(context.date, NIGHT.credits, random);
    context.plan({ at, act: (now) => payEmployee(context, now, { ...employee, from: rule.from, index }) });
  }
}

function payEmployee(
  context: RuleContext,
  at: Parameters<RuleContext['book']['post']>[0],
  { from, to, amountMinor, index }: Employee & { readonly from: string; readonly index: number },
): void {
  const { book, cast, persona, place, wording } = context;
  const account = fullName(persona, from);
  if (!book.canPay(account, amountMinor)) return;
  const employer = book.counterparty(account);
  const payee =
    to === undefined ? cast.outsider('~person', `${place}/${index}`) : book.counterparty(fullName(persona, to));
  const reference = wording.salary;
  const paid: PostingDetail = {
    code: 'payroll',
    text: wording.transfer('payroll', payee.name),
    reference,
    counterparty: payee,
  };
  const got: PostingDetail = {
    code: 'salary',
    text: wording.transfer('salary', employer.name),
    reference,
    counterparty: employer,
  };
  book.post(at, [
    { account, amountMinor: -amountMinor, detail: paid },
    to === undefined
      ? { internal: 'payment-clearing', amountMinor }
      : { account: fullName(persona, to), amountMinor, detail: got },
  ]);
}

function unpaidFee({ persona, productOf, wording }: RuleContext, account: string, payee: string): DueFee {
  const { unpaidFeeMinor } = productOf(fullName(persona, account));
  return {
    account: fullName(persona, account),
    amountMinor: unpaidFeeMinor,
    text: wording.unpaidFee,
    reference: wording.mention(payee),
  };
}

/** Both sides are customers of this bank. */
function move(
  { book, wording }: RuleContext,
  at: Parameters<RuleContext['book']['post']>[0],
  transfer: Pick<TransferRule, 'code' | 'from' | 'to' | 'reference'> & { readonly amountMinor: bigint },
): void {
  const { code, from, to, amountMinor, reference } = transfer;
  const payer = book.counterparty(from);
  const payee = book.counterparty(to);
  book.post(at, [
    {
      account: from,
      amountMinor: -amountMinor,
      detail: { code, text: wording.transfer(code, payee.name), reference, counterparty: payee },
    },
    {
      account: to,
      amountMinor,
      detail: {
        code: 'transfer-in',
        text: wording.transfer('transfer-in', payer.name),
        reference,
        counterparty: payer,
      },
    },
  ]);
}
