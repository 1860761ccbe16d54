export { linesOf } from './consent-view.js';
export type {
  AccessInBasket,
  AccountAccessView,
  BasketView,
  BulkView,
  CancellationView,
  ConsentView,
  PaymentLine,
  PaymentTerms,
  PaymentView,
  PeriodicView,
} from './consent-view.js';
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
export type { Visit } from './journey-host.js';
