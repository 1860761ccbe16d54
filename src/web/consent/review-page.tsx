import type { JSX } from 'preact';

import type { AccountAccessView, ReviewStep, ShownAccount } from '../../auth/journey/index.js';
import { CsrfField, displayDate, displayName, Facts } from '../kit/index.js';
import { Screen, type ScreenProps } from './frame.js';
import { accountName, accountNumber } from './shown-account.js';

/** Account access: what is shared, from which accounts, until when; and the decision. */
export function ReviewPage({ step, context }: ScreenProps<ReviewStep>): JSX.Element {
  const view = step.view as AccountAccessView;
  const asker = displayName(step.asker.name);
  return (
    <Screen step={step} context={context} title={`Share information with ${asker}?`}>
      <Facts
        items={[
          {
            term: step.accounts.length === 1 ? 'Account' : 'Accounts',
            value: step.accounts.map((shown) => <AccountLine key={shown.account.id} shown={shown} />),
          },
          ...historyFact(view),
          { term: 'Until', value: view.until === undefined ? 'You stop it' : displayDate(view.until) },
        ]}
      />
      <h2>What {asker} will see</h2>
      <Clusters clusters={view.clusters} />
      <p class="hint">
        {asker} cannot move your money and does not see your password. You can stop sharing at any time in {asker}.
      </p>
      <form method="post" action="review">
        <CsrfField token={step.csrf} />
        <div class="buttons">
          <button type="submit" id="consent-approve" name="decision" value="approve">
            Share
          </button>
          <button type="submit" class="second" id="consent-deny" name="decision" value="deny">
            Do not share
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
function Clusters({ clusters }: Pick<AccountAccessView, 'clusters'>): JSX.Element {
  return (
    <ul class="clusters">
      {clusters.map((cluster) => (
        <li key={cluster.title}>
          <details>
            <summary>{cluster.title}</summary>
            <ul>
              {cluster.items.map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}

function historyFact({ historyFrom, historyTo }: AccountAccessView): { term: string; value: string }[] {
  if (historyFrom === undefined && historyTo === undefined) return [];
  const from = historyFrom === undefined ? undefined : `from ${displayDate(historyFrom)}`;
  const to = historyTo === undefined ? undefined : `to ${displayDate(historyTo)}`;
  const text = [from, to].filter((part) => part !== undefined).join(' ');
  return [{ term: 'Transactions', value: `${text.charAt(0).toUpperCase()}${text.slice(1)}` }];
}
