import { plusDays } from '../kernel/index.js';
import { drawAmount, fullName, inTheNight, NIGHT, type DayContext, type RuleContext } from './moment.js';
import type { InvoicesRule } from './rules.js';

/** Sends an invoice on some working days. It is paid when the client gets round to it. */
export function sendInvoices(rule: InvoicesRule, context: RuleContext): void {
  const { cast, daytime, memory, persona, place, workingDays } = context;
  if (!workingDays.isWorkingDay(daytime)) return;
  const random = context.random();
  if (!random.chance(rule.perWorkingDay)) return;
  const number = (memory.invoiceNumbers.get(place) ?? 0) + 1;
  memory.invoiceNumbers.set(place, number);
  const invoice = {
    account: fullName(persona, rule.into),
    client: cast.outsider('~company', `${place}/${random.int(1, rule.clients)}`).name,
    amountMinor: drawAmount(rule.amount, random),
    reference: `${rule.prefix}-${String(number).padStart(4, '0')}`,
    paidOn: plusDays(daytime, random.int(rule.paidAfterDays.from, rule.paidAfterDays.to)),
  };
  memory.invoices = [...memory.invoices, invoice];
}

/** What clients pay tonight. Like all transfers between banks of businesses it waits for a working day. */
export function planInvoicePayments(context: DayContext, random: RuleContext['random']): void {
  const { book, cast, date, memory, wording, workingDays } = context;
  if (!workingDays.isWorkingDay(date)) return;
  const paid = memory.invoices.filter(({ paidOn }) => paidOn <= date);
  if (paid.length === 0) return;
  memory.invoices = memory.invoices.filter(({ paidOn }) => paidOn > date);
  const stream = random();
  for (const { account, amountMinor, client, reference } of paid) {
    const counterparty = cast.outsider(client, client);
    const text = wording.transfer('invoice', client);
    context.plan({
      at: inTheNight(date, NIGHT.credits, stream),
      act: (at) =>
        book.post(at, [
          { account, amountMinor, detail: { code: 'invoice', text, reference, counterparty } },
          { internal: 'payment-clearing', amountMinor: -amountMinor },
        ]),
    });
  }
}

/** What shops give back tonight. */
export function planRefunds(context: DayContext, random: RuleContext['random']): void {
  const { book, date, memory, wording } = context;
  const back = memory.refunds.filter(({ on }) => on <= date);
  if (back.length === 0) return;
  memory.refunds = memory.refunds.filter(({ on }) => on > date);
  const stream = random();
  for (const { account, amountMinor, isChargeback, merchant, text } of back) {
    const reference = isChargeback ? wording.chargeback : wording.refund;
    context.plan({
      at: inTheNight(date, NIGHT.credits, stream),
      act: (at) =>
        book.post(at, [
          { account, amountMinor, detail: { code: 'refund', text, reference, merchant } },
          { internal: 'card-clearing', amountMinor: -amountMinor },
        ]),
    });
  }
}
