import type { JSX } from 'preact';

import type { JourneyStep } from '../../auth/journey/index.js';
import { AccountsPage } from './accounts-page.js';
import { CodePage } from './code-page.js';
import { ConfirmPage } from './confirm-page.js';
import type { ScreenProps } from './frame.js';
import { LoginPage } from './login-page.js';
import { ReviewPage } from './review-page.js';

/** The page of a step. Element ids are part of what stays stable (ARCHITECTURE.md, journey pages). */
export function StepPage({ step, context }: ScreenProps<JourneyStep>): JSX.Element {
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
