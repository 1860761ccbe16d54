import type { JSX } from 'preact';

import type {
  AccountAccessView,
  AccountsStep,
  CodeStep,
  ConfirmStep,
  JourneyStep,
  LoginStep,
  PaymentView,
  ReviewStep,
  ShownAccount,
} from '../../auth/journey/index.js';
import { money } from '../../kernel/index.js';
import { CsrfField, displayDate, displayIdentification, displayMoney, displayName, Facts } from '../kit/index.js';
import { Screen, type ScreenContext } from './frame.js';

/** The page of a step. Element ids are part of what stays stable (ARCHITECTURE.md, journey pages). */
export function StepPage({
  step,
  context,
}: {
  readonly step: JourneyStep;
  readonly context: ScreenContext;
}): JSX.Element {
  switch (step.step) {
    case 'login':
      return <LoginPage step={step} context={context} />;
    case 'code':
      return <CodePage step={step} context={context} />;
    case 'accounts':
      return <AccountsPage step={step} context={context} />;
    case 'review':
      return <ReviewPage step={step} context={context} />;
    case 'confirm':
      return <ConfirmPage step={step} context={context} />;
  }
}

function LoginPage({ step, context }: { readonly step: LoginStep; readonly context: ScreenContext }): JSX.Element {
  const asks =
    step.view.kind === 'payment'
      ? `You are asked to approve a payment of ${displayMoney(step.view.amount)}.`
      : 'You are asked to share information about your accounts.';
  return (
    <Screen step={step} context={context} title={`Log in to ${context.theme.name}`} lead={asks} field="login-username">
      <form method="post" action="login">
        <CsrfField token={step.csrf} />
        <div class="field">
          <label for="login-username">Customer number</label>
          <p class="hint" id="login-username-hint">
            Eight digits, as on your card letter
          </p>
          <input
            type="text"
            id="login-username"
            name="username"
            inputmode="numeric"
            autocomplete="username"
            required
            aria-describedby="login-username-hint"
            spellcheck={false}
            maxLength={32}
          />
        </div>
        <div class="field">
          <label for="login-password">Password</label>
          <input
            type="password"
            id="login-password"
            name="password"
            autocomplete="current-password"
            required
            maxLength={128}
          />
        </div>
        <div class="buttons">
          <button type="submit" id="login-submit">
            Log in
          </button>
        </div>
      </form>
    </Screen>
  );
}

function CodeField({ sentTo, attemptsLeft }: { readonly sentTo: string; readonly attemptsLeft: number }): JSX.Element {
  return (
    <div class="field">
      <label for="sca-code">Six-digit security code</label>
      <p class="hint" id="sca-code-hint">
        Sent to your {sentTo}. It is valid for five minutes
        {attemptsLeft < 5 && `; ${String(attemptsLeft)} ${attemptsLeft === 1 ? 'try' : 'tries'} left`}.
      </p>
      <input
        type="text"
        id="sca-code"
        name="code"
        class="code"
        inputmode="numeric"
        autocomplete="one-time-code"
        required
        pattern="[0-9 ]{6,8}"
        maxLength={8}
        aria-describedby="sca-code-hint"
      />
    </div>
  );
}

function CodePage({ step, context }: { readonly step: CodeStep; readonly context: ScreenContext }): JSX.Element {
  return (
    <Screen
      step={step}
      context={context}
      title="Enter your security code"
      lead="We check that it is really you."
      field="sca-code"
    >
      <form method="post" action="code">
        <CsrfField token={step.csrf} />
        <CodeField sentTo={step.sentTo} attemptsLeft={step.attemptsLeft} />
        <div class="buttons">
          <button type="submit" id="sca-submit">
            Continue
          </button>
        </div>
      </form>
      <form method="post" action="code/resend">
        <CsrfField token={step.csrf} />
        <button type="submit" class="link" id="sca-resend">
          Send a new code
        </button>
      </form>
    </Screen>
  );
}

function AccountText({ shown }: { readonly shown: ShownAccount }): JSX.Element {
  const { account } = shown;
  return (
    <span class="choice-text">
      <span class="choice-name">{displayName(account.nickname ?? account.product.name)}</span>
      <span class="choice-detail">{identificationOf(shown)}</span>
      {shown.reason !== undefined && <span class="choice-detail">{shown.reason}</span>}
    </span>
  );
}

function identificationOf({ account }: ShownAccount): string {
  const local =
    account.identifiers.find(({ scheme }) => scheme === 'sort-code-account-number') ?? account.identifiers[0];
  return local === undefined ? account.product.name : displayIdentification(local.identification);
}

function balanceOf({ account, balanceMinor }: ShownAccount): string {
  return displayMoney(money(balanceMinor, account.currency));
}

function AccountsPage({
  step,
  context,
}: {
  readonly step: AccountsStep;
  readonly context: ScreenContext;
}): JSX.Element {
  const eligible = step.accounts.filter((shown) => shown.eligible);
  const others = step.accounts.filter((shown) => !shown.eligible);
  const many = step.choice === 'many';
  const title = many ? 'Choose accounts to share' : 'Choose the account to pay from';
  return (
    <Screen step={step} context={context} title={title} {...(eligible[0] && { field: 'account-0' })}>
      <form method="post" action="accounts">
        <CsrfField token={step.csrf} />
        <fieldset class="choices">
          <legend>{many ? 'Only the accounts you tick are shared' : `Paying ${paymentText(step.view)}`}</legend>
          {eligible.map((shown, index) => (
            <label key={shown.account.id} class="choice" for={`account-${String(index)}`}>
              <input
                type={many ? 'checkbox' : 'radio'}
                id={`account-${String(index)}`}
                name="account"
                value={shown.account.id}
                checked={!many && eligible.length === 1}
              />
              <AccountText shown={shown} />
              <span class="choice-amount">{balanceOf(shown)}</span>
            </label>
          ))}
          {eligible.length === 0 && <p class="notice note">None of your accounts can be used for this.</p>}
          {others.map((shown) => (
            <div key={shown.account.id} class="choice not">
              <AccountText shown={shown} />
            </div>
          ))}
        </fieldset>
        {eligible.length > 0 && (
          <div class="buttons">
            <button type="submit" id="accounts-submit">
              Continue
            </button>
          </div>
        )}
      </form>
    </Screen>
  );
}

function paymentText(view: JourneyStep['view']): string {
  return view.kind === 'payment' ? `${displayMoney(view.amount)} to ${displayName(view.payee.name)}` : '';
}

function ReviewPage({ step, context }: { readonly step: ReviewStep; readonly context: ScreenContext }): JSX.Element {
  const view = step.view as AccountAccessView;
  const asker = displayName(step.asker.name);
  return (
    <Screen step={step} context={context} title={`Share information with ${asker}?`}>
      <h2>What is shared</h2>
      <ul class="clusters section-list">
        {view.clusters.map((cluster) => (
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
      <Facts
        items={[
          {
            term: step.accounts.length === 1 ? 'From this account' : 'From these accounts',
            value: (
              <>
                {step.accounts.map((shown) => (
                  <span key={shown.account.id}>
                    {displayName(shown.account.nickname ?? shown.account.product.name)}
                    <span class="quiet">{identificationOf(shown)}</span>
                  </span>
                ))}
              </>
            ),
          },
          ...historyFact(view),
          { term: 'Access ends', value: view.until === undefined ? 'When you stop it' : displayDate(view.until) },
        ]}
      />
      <p class="hint">
        {asker} cannot move money or see your password. You can stop sharing at any time, here at {context.theme.name}{' '}
        or at {asker}.
      </p>
      <DecisionForm step={step} approve="Share" deny="Do not share" />
    </Screen>
  );
}

function historyFact(view: AccountAccessView): { term: string; value: string }[] {
  if (view.historyFrom === undefined && view.historyTo === undefined) return [];
  const from = view.historyFrom === undefined ? undefined : `from ${displayDate(view.historyFrom)}`;
  const to = view.historyTo === undefined ? undefined : `to ${displayDate(view.historyTo)}`;
  return [{ term: 'Transactions', value: [from, to].filter((part) => part !== undefined).join(' ') }];
}

function DecisionForm(props: {
  readonly step: JourneyStep;
  readonly approve: string;
  readonly deny: string;
}): JSX.Element {
  return (
    <form method="post" action="review">
      <CsrfField token={props.step.csrf} />
      <div class="buttons">
        <button type="submit" id="consent-approve" name="decision" value="approve">
          {props.approve}
        </button>
        <button type="submit" class="second" id="consent-deny" name="decision" value="deny">
          {props.deny}
        </button>
      </div>
    </form>
  );
}

function ConfirmPage({ step, context }: { readonly step: ConfirmStep; readonly context: ScreenContext }): JSX.Element {
  const view = step.view as PaymentView;
  const { account } = step.account;
  return (
    <Screen step={step} context={context} title="Approve this payment" field="sca-code">
      <div class="sum">
        <div class="sum-amount" id="payment-amount">
          {displayMoney(view.amount)}
        </div>
        <div class="sum-to" id="payment-payee">
          to {displayName(view.payee.name)}
        </div>
      </div>
      <Facts
        items={[
          { term: 'Payee account', value: displayIdentification(view.payee.account) },
          {
            term: 'From',
            value: displayName(account.nickname ?? account.product.name),
            quiet: identificationOf(step.account),
          },
          ...(view.reference === undefined ? [] : [{ term: 'Reference', value: displayName(view.reference) }]),
          { term: 'Fee', value: 'None' },
        ]}
      />
      <form method="post" action="confirm">
        <CsrfField token={step.csrf} />
        <CodeField sentTo={step.sentTo} attemptsLeft={step.attemptsLeft} />
        <p class="hint">
          The code in the message is only good for this amount and this payee. Entering it approves the payment.
        </p>
        <div class="buttons">
          {/* First in the form: the key Enter in the code field presses the first submit button. */}
          <button type="submit" id="sca-submit" name="decision" value="approve">
            Approve payment
          </button>
          <button type="submit" class="second" id="consent-deny" name="decision" value="deny" formnovalidate>
            Cancel payment
          </button>
        </div>
      </form>
      <form method="post" action="confirm/resend">
        <CsrfField token={step.csrf} />
        <button type="submit" class="link" id="sca-resend">
          Send a new code
        </button>
      </form>
    </Screen>
  );
}
