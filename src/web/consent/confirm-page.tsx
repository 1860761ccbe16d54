import type { JSX } from 'preact';

import type { ConfirmStep, PaymentView } from '../../auth/journey/index.js';
import { CsrfField, displayIdentification, displayMoney, displayName, Facts } from '../kit/index.js';
import { CodeField, ResendForm } from './code-page.js';
import { Screen, type ScreenProps } from './frame.js';
import { accountName, accountNumber } from './shown-account.js';

/** Payment: amount, payee and account beside the code that approves exactly them (dynamic linking, RTS article 5). */
export function ConfirmPage({ step, context }: ScreenProps<ConfirmStep>): JSX.Element {
  const view = step.view as PaymentView;
  const from = accountNumber(step.account);
  return (
    <Screen step={step} context={context} title="Approve this payment" field="sca-code">
      <div class="sum">
        <div class="sum-amount" id="payment-amount">
          {displayMoney(view.amount)}
        </div>
        <div class="sum-to" id="payment-payee">
          to <strong>{displayName(view.payee.name)}</strong>
        </div>
      </div>
      <Facts
        items={[
          { term: 'Payee account', value: displayIdentification(view.payee.account) },
          { term: 'From', value: accountName(step.account), ...(from !== undefined && { quiet: from }) },
          ...(view.reference === undefined ? [] : [{ term: 'Reference', value: displayName(view.reference) }]),
          { term: 'Fee', value: 'None' },
        ]}
      />
      <form method="post" action="confirm">
        <CsrfField token={step.csrf} />
        <p class="lead">
          We sent a code to {step.sentTo}. It is only good for this amount and this payee, and entering it approves the
          payment.
        </p>
        <CodeField {...step} />
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
      <ResendForm action="confirm/resend" token={step.csrf} />
    </Screen>
  );
}
