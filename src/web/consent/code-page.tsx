import type { JSX } from 'preact';

import type { CodeStep } from '../../auth/journey/index.js';
import { CsrfField, describedBy, wrongField } from '../kit/index.js';
import { Screen, type ScreenProps } from './frame.js';

/** The second factor of an account-access journey. */
export function CodePage({ step, context }: ScreenProps<CodeStep>): JSX.Element {
  return (
    <Screen
      step={step}
      context={context}
      title="Enter your security code"
      lead={`To check that it is you, we sent a code to ${step.sentTo}.`}
      field="sca-code"
    >
      <form method="post" action="code">
        <CsrfField token={step.csrf} />
        <CodeField {...step} />
        <div class="buttons">
          <button type="submit" id="sca-submit">
            Continue
          </button>
        </div>
      </form>
      <ResendForm action="code/resend" token={step.csrf} />
    </Screen>
  );
}

/** The field of the one-time code. Pasting is welcome, and spaces between the digits do no harm. */
export function CodeField(props: { readonly attemptsLeft: number; readonly problem?: string }): JSX.Element {
  const { attemptsLeft, problem } = props;
  return (
    <div class="field">
      <label for="sca-code">Six-digit security code</label>
      <p class="hint" id="sca-code-hint">
        Valid for five minutes
        {attemptsLeft < 5 && `, ${String(attemptsLeft)} ${attemptsLeft === 1 ? 'try' : 'tries'} left`}
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
        title="Six digits"
        maxLength={8}
        aria-describedby={describedBy('sca-code-hint', problem)}
        {...wrongField(problem)}
      />
    </div>
  );
}

export function ResendForm(props: { readonly action: string; readonly token: string }): JSX.Element {
  return (
    <form method="post" action={props.action} class="resend">
      <CsrfField token={props.token} />
      <span class="hint">No message?</span>{' '}
      <button type="submit" class="link" id="sca-resend">
        Send a new code
      </button>
    </form>
  );
}
