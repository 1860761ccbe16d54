import type { JSX } from 'preact';

import type { CodeStep } from '../../auth/journey/index.js';
import { CsrfField, describedBy, EN, wrongField, type Texts } from '../kit/index.js';
import { Screen, textsOf, type ScreenProps } from './frame.js';

/** The second factor of an account-access journey. */
export function CodePage({ step, context }: ScreenProps<CodeStep>): JSX.Element {
  const texts = textsOf(context);
  return (
    <Screen
      step={step}
      context={context}
      title={texts.code.title}
      lead={texts.code.lead(texts.phrase(step.sentTo))}
      field="sca-code"
    >
      <form method="post" action="code">
        <CsrfField token={step.csrf} />
        <CodeField {...step} texts={texts} />
        <div class="buttons">
          <button type="submit" id="sca-submit">
            {texts.continue}
          </button>
        </div>
      </form>
      <ResendForm action="code/resend" token={step.csrf} texts={texts} />
    </Screen>
  );
}

/** The field of the one-time code. Pasting is welcome, and spaces between the digits do no harm. */
export function CodeField(props: {
  readonly attemptsLeft: number;
  readonly problem?: string;
  readonly texts?: Texts;
}): JSX.Element {
  const { attemptsLeft, problem } = props;
  const { code } = props.texts ?? EN;
  return (
    <div class="field">
      <label for="sca-code">{code.label}</label>
      <p class="hint" id="sca-code-hint">
        {code.valid}
        {attemptsLeft < 5 && code.left(attemptsLeft)}
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
        title={code.digits}
        maxLength={8}
        aria-describedby={describedBy('sca-code-hint', problem)}
        {...wrongField(problem)}
      />
    </div>
  );
}

export function ResendForm(props: {
  readonly action: string;
  readonly token: string;
  readonly texts?: Texts;
}): JSX.Element {
  const { code } = props.texts ?? EN;
  return (
    <form method="post" action={props.action} class="resend">
      <CsrfField token={props.token} />
      <span class="hint">{code.noMessage}</span>{' '}
      <button type="submit" class="link" id="sca-resend">
        {code.resend}
      </button>
    </form>
  );
}
