import type { JSX } from 'preact';

import type { AccountAccessView, ReviewStep, ShownAccount } from '../../auth/journey/index.js';
import { CsrfField, displayName, Facts, type Texts } from '../kit/index.js';
import { Screen, textsOf, type ScreenProps } from './frame.js';
import { accountName, accountNumber } from './shown-account.js';

/** Account access: what is shared, from which accounts, until when; and the decision. */
export function ReviewPage({ step, context }: ScreenProps<ReviewStep>): JSX.Element {
  const view = step.view as AccountAccessView;
  const asker = displayName(step.asker.name);
  const texts = textsOf(context);
  const { review } = texts;
  return (
    <Screen step={step} context={context} title={review.title(asker)}>
      <Facts
        items={[
          {
            term: review.accounts(step.accounts.length),
            value: step.accounts.map((shown) => <AccountLine key={shown.account.id} shown={shown} />),
          },
          ...historyFact(view, texts),
          { term: review.until, value: view.until === undefined ? review.untilStopped : texts.date(view.until) },
        ]}
      />
      <h2>{review.sees(asker)}</h2>
      <Clusters clusters={view.clusters} texts={texts} />
      <p class="hint">{review.limits(asker)}</p>
      <form method="post" action="review">
        <CsrfField token={step.csrf} />
        <div class="buttons">
          <button type="submit" id="consent-approve" name="decision" value="approve">
            {review.approve}
          </button>
          <button type="submit" class="second" id="consent-deny" name="decision" value="deny">
            {review.deny}
          </button>
        </div>
      </form>
    </Screen>
  );
}

function AccountLine({ shown }: { readonly shown: ShownAccount }): JSX.Element {
  return (
    <span class="account-line">
      {accountName(shown)}
      <span class="quiet">{accountNumber(shown)}</span>
    </span>
  );
}

/** Kinds of data, each to be opened for what it contains. */
export function Clusters({
  clusters,
  texts,
}: Pick<AccountAccessView, 'clusters'> & { readonly texts: Texts }): JSX.Element {
  return (
    <ul class="clusters">
      {clusters.map((cluster) => (
        <li key={cluster.title}>
          <details>
            <summary>{texts.phrase(cluster.title)}</summary>
            <ul>
              {cluster.items.map((item) => (
                <li key={item}>{texts.phrase(item)}</li>
              ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}

function historyFact(
  { historyFrom, historyTo }: AccountAccessView,
  { review, date }: Texts,
): { term: string; value: string }[] {
  if (historyFrom === undefined && historyTo === undefined) return [];
  const shown = [historyFrom, historyTo].map((at) => (at === undefined ? undefined : date(at)));
  return [{ term: review.transactions, value: review.window(shown[0], shown[1]) }];
}
