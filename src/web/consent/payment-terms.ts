import type { ConsentView, PaymentTerms } from '../../auth/journey/index.js';
import type { Money } from '../../kernel/index.js';
import type { Texts } from '../kit/index.js';

interface Fact {
  readonly term: string;
  readonly value: string;
  readonly quiet?: string;
}

/** What a payment costs: nothing, or the rate, the charges and what leaves the account, which she approves with it. */
export function costFacts(view: ConsentView, texts: Texts): readonly Fact[] {
  const shown = view.kind === 'cancellation' ? view.of : view;
  const { confirm } = texts;
  if (shown.kind !== 'payment' || shown.terms === undefined) return [{ term: confirm.fee, value: confirm.noFee }];
  const { terms, amount } = shown;
  return [
    ...sentFact(terms, amount, texts),
    ...rateFact(terms, texts),
    chargesFact(terms, texts),
    debitFact(terms, texts),
  ];
}

/** Told where it is not the amount at the head of the page. */
function sentFact({ transferred }: PaymentTerms, amount: Money, { confirm, money }: Texts): readonly Fact[] {
  const isSame = transferred.currency === amount.currency && transferred.amountMinor === amount.amountMinor;
  return isSame ? [] : [{ term: confirm.sent, value: money(transferred) }];
}

function rateFact({ exchange }: PaymentTerms, { confirm, dateTime }: Texts): readonly Fact[] {
  if (!exchange) return [];
  const { type, unit, quoted, rate, until } = exchange;
  const quiet = type === 'actual' && until !== undefined ? confirm.rateFixed(dateTime(until)) : confirm.rateTypes[type];
  return [{ term: confirm.rate, value: confirm.rateOf({ unit, quoted, rate }), quiet }];
}

function chargesFact({ charges, bearer }: PaymentTerms, { confirm, money }: Texts): Fact {
  return {
    term: confirm.fee,
    value: charges.length === 0 ? confirm.noFee : charges.map(money).join(' + '),
    quiet: confirm.bearers[bearer],
  };
}

function debitFact({ debit, exchange }: PaymentTerms, { confirm, money }: Texts): Fact {
  const isOpen = exchange?.type === 'indicative';
  return { term: confirm.debit, value: isOpen ? confirm.about(money(debit)) : money(debit) };
}
