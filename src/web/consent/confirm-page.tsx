import type { JSX } from 'preact';

import {
  linesOf,
  type AccessInBasket,
  type ConfirmStep,
  type ConsentView,
  type PaymentLine,
} from '../../auth/journey/index.js';
import { startOfDay } from '../../kernel/index.js';
import { CsrfField, displayIdentification, displayName, Facts, type Texts } from '../kit/index.js';
import { CodeField, ResendForm } from './code-page.js';
import { Screen, textsOf, type ScreenProps } from './frame.js';
import { totalsOf } from './payment-lines.js';
import { costFacts } from './payment-terms.js';
import { Clusters } from './review-page.js';
import { accountName, accountNumber } from './shown-account.js';

/** Payments: amount, payee and account beside the code that approves exactly them (dynamic linking, RTS article 5). */
export function ConfirmPage({ step, context }: ScreenProps<ConfirmStep>): JSX.Element {
  const texts = textsOf(context);
  const { view } = step;
  const lines = linesOf(view);
  const words = wordsOf(view, texts, texts.phrase(step.sentTo));
  return (
    <Screen step={step} context={context} title={words.title} field="sca-code">
      {lines.length > 0 && (
        <>
          <Sum lines={lines} texts={texts} />
          {lines.length > 1 && <Lines lines={lines} texts={texts} />}
          <Facts
            items={[
              ...payeeFacts(lines, texts).slice(0, 1),
              ...step.accounts.map((shown) => ({
                term: texts.confirm.from,
                value: accountName(shown),
                ...quietOf(accountNumber(shown)),
              })),
              ...payeeFacts(lines, texts).slice(1),
              ...scheduleFacts(view, texts),
              ...costFacts(view, texts),
            ]}
          />
        </>
      )}
      <Accesses accesses={accessesOf(view)} asker={displayName(step.asker.name)} texts={texts} />
      <form method="post" action="confirm">
        <CsrfField token={step.csrf} />
        <p class="lead">{words.lead}</p>
        <CodeField {...step} texts={texts} />
        <div class="buttons">
          {/* First in the form: the key Enter in the code field presses the first submit button. */}
          <button type="submit" id="sca-submit" name="decision" value="approve">
            {words.approve}
          </button>
          <button type="submit" class="second" id="consent-deny" name="decision" value="deny" formnovalidate>
            {words.deny}
          </button>
        </div>
      </form>
      <ResendForm action="confirm/resend" token={step.csrf} texts={texts} />
    </Screen>
  );
}

interface Words {
  readonly title: string;
  readonly lead: string;
  readonly approve: string;
  readonly deny: string;
}

function wordsOf(view: ConsentView, { confirm }: Texts, sentTo: string): Words {
  const { titleMany, leadMany, approveMany, denyMany } = confirm;
  switch (view.kind) {
    case 'cancellation':
      return {
        title: confirm.titleCancel,
        lead: confirm.leadCancel(sentTo),
        approve: confirm.approveCancel,
        deny: confirm.denyCancel,
      };
    case 'basket':
      if (view.accesses.length > 0) {
        return {
          title: confirm.titleTogether,
          lead: confirm.leadTogether(sentTo),
          approve: confirm.approveTogether,
          deny: confirm.denyTogether,
        };
      }
      return { title: titleMany, lead: leadMany(sentTo), approve: approveMany, deny: denyMany };
    case 'bulk':
      return { title: titleMany, lead: leadMany(sentTo), approve: approveMany, deny: denyMany };
    case 'periodic':
    case 'payment':
    case 'account-access':
      return {
        title: view.kind === 'periodic' ? confirm.titlePeriodic : confirm.title,
        lead: confirm.lead(sentTo),
        approve: confirm.approve,
        deny: confirm.deny,
      };
  }
}

function accessesOf(view: ConsentView): readonly AccessInBasket[] {
  return view.kind === 'basket' ? view.accesses : [];
}

/** What is shared beside the payments of a basket: each access with its accounts, its end and its data. */
function Accesses({
  accesses,
  asker,
  texts,
}: {
  readonly accesses: readonly AccessInBasket[];
  readonly asker: string;
  readonly texts: Texts;
}): JSX.Element {
  const { review, confirm } = texts;
  return (
    <>
      {accesses.map((access, index) => (
        <section key={index} aria-label={review.sees(asker)} id={`access-${String(index)}`}>
          <h2>{review.sees(asker)}</h2>
          <Facts
            items={[
              {
                term: review.accounts(access.accounts?.length ?? 2),
                value: access.accounts?.map(displayIdentification).join(', ') ?? confirm.allAccounts,
              },
              {
                term: review.until,
                value: access.until === undefined ? review.untilStopped : texts.date(access.until),
              },
            ]}
          />
          <Clusters clusters={access.clusters} texts={texts} />
        </section>
      ))}
    </>
  );
}

/** The amount at the head, and to whom. */
export function Sum({ lines, texts }: { readonly lines: readonly PaymentLine[]; readonly texts: Texts }): JSX.Element {
  const [only] = lines;
  return (
    <div class="sum">
      <div class="sum-amount" id="payment-amount">
        {totalsOf(lines).map(texts.money).join(' + ')}
      </div>
      <div class="sum-to" id="payment-payee">
        {lines.length === 1 && only !== undefined ? (
          <>
            {texts.confirm.to} <strong>{displayName(only.payee.name)}</strong>
          </>
        ) : (
          texts.confirm.toMany(lines.length)
        )}
      </div>
    </div>
  );
}

/** Every payment of several: nobody approves what she cannot see. */
export function Lines({
  lines,
  texts,
}: {
  readonly lines: readonly PaymentLine[];
  readonly texts: Texts;
}): JSX.Element {
  return (
    <section aria-label={texts.confirm.payments} id="payment-lines">
      <Facts
        items={lines.map((line) => ({
          term: displayName(line.payee.name),
          value: texts.money(line.amount),
          quiet: [displayIdentification(line.payee.account), line.reference]
            .filter((text) => text !== undefined)
            .map(displayName)
            .join(', '),
        }))}
      />
    </section>
  );
}

interface Fact {
  readonly term: string;
  readonly value: string;
}

function payeeFacts(lines: readonly PaymentLine[], { confirm }: Texts): readonly Fact[] {
  const [only] = lines;
  if (only === undefined || lines.length > 1) return [];
  return [
    { term: confirm.payeeAccount, value: displayIdentification(only.payee.account) },
    ...(only.reference === undefined ? [] : [{ term: confirm.reference, value: displayName(only.reference) }]),
  ];
}

function scheduleFacts(view: ConsentView, { confirm, date }: Texts): readonly Fact[] {
  const shown = view.kind === 'cancellation' ? view.of : view;
  if (shown.kind !== 'periodic') return [];
  const { frequency, start, end } = shown.schedule;
  return [
    { term: confirm.often, value: confirm.frequency(frequency) },
    { term: confirm.first, value: date(startOfDay(start)) },
    { term: confirm.last, value: end === undefined ? confirm.until : date(startOfDay(end)) },
  ];
}

function quietOf(quiet: string | undefined): { readonly quiet?: string } {
  return quiet === undefined ? {} : { quiet };
}
