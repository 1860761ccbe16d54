export type { AccountAccessView, ConsentView, PaymentView } from './consent-view.js';
export type {
  AccountChoice,
  AccountsStep,
  Asker,
  CodeStep,
  ConfirmStep,
  JourneyOutcome,
  JourneyStep,
  LoginStep,
  ReviewStep,
  ShownAccount,
} from './journey-step.js';
export type { Journey } from './journey.js';
export type { Visit } from './load-journey.js';
