import type { JSX } from 'preact';

import type { LoginStep } from '../../auth/journey/index.js';
import { CsrfField, describedBy, wrongField } from '../kit/index.js';
import { Screen, textsOf, type ScreenProps } from './frame.js';

export function LoginPage({ step, context }: ScreenProps<LoginStep>): JSX.Element {
  const { problem } = step;
  const { login } = textsOf(context);
  return (
    <Screen step={step} context={context} title={login.title(context.theme.name)} field="login-username">
      <form method="post" action="login">
        <CsrfField token={step.csrf} />
        <div class="field">
          <label for="login-username">{login.number}</label>
          <p class="hint" id="login-username-hint">
            {login.numberHint}
          </p>
          <input
            type="text"
            id="login-username"
            name="username"
            class="number"
            inputmode="numeric"
            autocomplete="username"
            autocapitalize="none"
            required
            aria-describedby={describedBy('login-username-hint', problem)}
            {...wrongField(problem)}
            spellcheck={false}
            maxLength={32}
          />
        </div>
        <div class="field">
          <label for="login-password">{login.password}</label>
          <input
            type="password"
            id="login-password"
            name="password"
            autocomplete="current-password"
            required
            aria-describedby={describedBy(undefined, problem)}
            {...wrongField(problem)}
            maxLength={128}
          />
        </div>
        <div class="buttons">
          <button type="submit" id="login-submit">
            {login.submit}
          </button>
        </div>
      </form>
    </Screen>
  );
}
