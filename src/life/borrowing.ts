import { formatMoney, money, type Instant } from '../kernel/index.js';
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

/** The card is paid off in full, or as far as the money goes; paid in full it costs no interest. */
export function planCardSettlement(rule: CardSettlementRule, context: RuleContext): void {
  const { book, persona, wording } = context;
  const from = fullName(persona, rule.from);
  const card = fullName(persona, rule.card);
  context.plan({
    at: inTheNight(context.date, NIGHT.settlements, context.random()),
    act(at) {
      const amountMinor = least(-book.balance(card), book.balance(from));
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

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
