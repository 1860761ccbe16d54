import type { JSX } from 'preact';

import type { AccountsStep, ShownAccount } from '../../auth/journey/index.js';
import { CsrfField, type Texts } from '../kit/index.js';
import { Screen, textsOf, type ScreenProps } from './frame.js';
import { accountName, accountNumber, accountProduct, availableMoney } from './shown-account.js';

/** Account access: tick one or more. Payment: choose one. */
export function AccountsPage({ step, context }: ScreenProps<AccountsStep>): JSX.Element {
  const texts = textsOf(context);
  const eligible = step.accounts.filter((shown) => shown.eligible);
  const many = step.choice === 'many';
  return (
    <Screen
      step={step}
      context={context}
      title={many ? texts.accounts.titleMany : texts.accounts.titleOne}
      {...(eligible[0] && { field: 'account-0' })}
    >
      <form method="post" action="accounts">
        <CsrfField token={step.csrf} />
        {eligible.length === 0 ? (
          <p class="notice note">{texts.accounts.none}</p>
        ) : (
          <fieldset class="choices">
            <legend class={many ? undefined : 'visually-hidden'}>
              {many ? texts.accounts.legendMany : texts.accounts.legendOne}
            </legend>
            {eligible.map((shown, index) => (
              <Choice
                key={shown.account.id}
                shown={shown}
                index={index}
                many={many}
                only={eligible.length === 1}
                texts={texts}
              />
            ))}
          </fieldset>
        )}
        <NotOffered accounts={step.accounts.filter((shown) => !shown.eligible)} texts={texts} />
        {eligible.length > 0 && (
          <div class="buttons">
            <button type="submit" id="accounts-submit">
              {texts.continue}
            </button>
          </div>
        )}
      </form>
    </Screen>
  );
}

/** Nothing is ticked for the customer, but the only account one can pay from is chosen. */
function Choice(props: {
  readonly shown: ShownAccount;
  readonly index: number;
  readonly many: boolean;
  readonly only: boolean;
  readonly texts: Texts;
}): JSX.Element {
  const { shown, many, texts } = props;
  const id = `account-${String(props.index)}`;
  return (
    <label class="choice" for={id}>
      <input
        type={many ? 'checkbox' : 'radio'}
        id={id}
        name="account"
        value={shown.account.id}
        checked={!many && props.only}
        required={!many}
      />
      <span class="choice-text">
        <span class="choice-name">{accountName(shown)}</span>
        <AccountDetail shown={shown} />
      </span>
      <span class="choice-amount">
        {texts.money(availableMoney(shown))} <span class="choice-detail">{texts.accounts.available}</span>
      </span>
    </label>
  );
}

function AccountDetail({ shown }: { readonly shown: ShownAccount }): JSX.Element {
  return (
    <>
      {accountProduct(shown) !== undefined && <span class="choice-detail">{accountProduct(shown)}</span>}
      <span class="choice-detail">{accountNumber(shown)}</span>
    </>
  );
}

/** What cannot be chosen is shown, too, so that nobody looks for it; each reason is said once. */
function NotOffered(props: { readonly accounts: readonly ShownAccount[]; readonly texts: Texts }): JSX.Element | null {
  const { accounts, texts } = props;
  const reasonOf = ({ reason }: ShownAccount): string => texts.phrase(reason ?? texts.accounts.notOffered);
  const reasons = [...new Set(accounts.map(reasonOf))];
  if (reasons.length === 0) return null;
  return (
    <>
      {reasons.map((reason) => (
        <section key={reason} class="not-offered">
          <h2>{reason}</h2>
          <ul>
            {accounts
              .filter((shown) => reasonOf(shown) === reason)
              .map((shown) => (
                <li key={shown.account.id}>
                  <span>{accountName(shown)}</span>
                  <span class="choice-detail">{accountNumber(shown)}</span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
