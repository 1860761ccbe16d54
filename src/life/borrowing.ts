import { formatMoney, money, type Instant } from '../kernel/index.js';
import { minorPerUnit } from './fixture-fields.js';
import { accrualOf, interestOn } from './interest.js';
import { fullName, inTheNight, NIGHT, type RuleContext } from './moment.js';
import type { CardSettlementRule, MortgageRule } from './rules.js';

/** The monthly payment: interest for the days since the last one, and the rest off the loan. */
export function planMortgagePayment(rule: MortgageRule, context: RuleContext): void {
  const at = inTheNight(context.date, NIGHT.settlements, context.random());
  context.plan({ at, act: (now) => payMortgage(rule, context, now) });
}

function payMortgage(rule: MortgageRule, context: RuleContext, at: Instant): void {
  const { bank, book, memory, persona, productOf, wording } = context;
  const from = fullName(persona, rule.from);
  const loan = fullName(persona, rule.loan);
  const owedMinor = -book.balance(loan);
  if (owedMinor <= 0n || !book.canPay(from, rule.amountMinor)) return;
  const accrual = accrualOf(memory, loan);
  const interestMinor = interestOn(accrual.debitMinorDays, productOf(loan).debitRateBps, bank.interest.daysAYear);
  if (interestMinor >= rule.amountMinor) return;
  const principalMinor = least(rule.amountMinor - interestMinor, owedMinor);
  const decimal = (amountMinor: bigint): string => formatMoney(money(amountMinor, bank.profile.currency));
  const reference = wording.mortgageParts(decimal(interestMinor), decimal(principalMinor));
  const payer = book.counterparty(from);
  memory.accruals.set(loan, { ...accrual, debitMinorDays: 0n });
  book.post(at, [
    {
      account: from,
      amountMinor: -(interestMinor + principalMinor),
      detail: {
        code: 'mortgage-payment',
        text: wording.mortgagePayment,
        reference,
        counterparty: book.counterparty(loan),
      },
    },
    {
      account: loan,
      amountMinor: principalMinor,
      detail: { code: 'mortgage-payment', text: wording.mortgageReceived, reference, counterparty: payer },
    },
    { internal: 'interest-income', amountMinor: interestMinor },
  ]);
}

/**
 * The card is paid off in full, or as far as the money goes; paid in full it costs no interest. Who pays a share of it is
 * charged for the days since the last time.
 */
export function planCardSettlement(rule: CardSettlementRule, context: RuleContext): void {
  const { book, persona, wording } = context;
  const { share } = rule;
  const from = fullName(persona, rule.from);
  const card = fullName(persona, rule.card);
  context.plan({
    at: inTheNight(context.date, NIGHT.settlements, context.random()),
    act(at) {
      if (share !== undefined) chargeCard(context, card, at);
      const owedMinor = -book.balance(card);
      // A share is owed whether or not an overdraft must lend it.
      const amountMinor =
        share === undefined ? least(owedMinor, book.balance(from)) : shareOf(owedMinor, share, context);
      if (amountMinor <= 0n || !book.canPay(from, amountMinor)) return;
      book.post(at, [
        {
          account: from,
          amountMinor: -amountMinor,
          detail: { code: 'direct-debit', text: wording.cardSettlement, counterparty: book.counterparty(card) },
        },
        {
          account: card,
          amountMinor,
          detail: { code: 'transfer-in', text: wording.cardSettled, counterparty: book.counterparty(from) },
        },
      ]);
    },
  });
}

/** At least so many whole units, as issuers ask. */
const LEAST_UNITS = 25n;

function shareOf(owedMinor: bigint, share: number, { bank }: RuleContext): bigint {
  const asked = BigInt(Math.ceil(Number(owedMinor) * share));
  const minimum = LEAST_UNITS * minorPerUnit(bank.profile.currency);
  return least(owedMinor, asked > minimum ? asked : minimum);
}

function chargeCard(context: RuleContext, card: string, at: Instant): void {
  const { bank, book, memory, productOf, wording } = context;
  const accrual = accrualOf(memory, card);
  const interestMinor = interestOn(accrual.debitMinorDays, productOf(card).debitRateBps, bank.interest.daysAYear);
  if (interestMinor <= 0n || !book.canPay(card, interestMinor)) return;
  memory.accruals.set(card, { ...accrual, debitMinorDays: 0n });
  book.post(at, [
    { account: card, amountMinor: -interestMinor, detail: { code: 'interest-charged', text: wording.cardInterest } },
    { internal: 'interest-income', amountMinor: interestMinor },
  ]);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
