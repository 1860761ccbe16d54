import type { ComponentChildren, JSX } from 'preact';

import type { JourneyStep } from '../../auth/journey/index.js';
import { Asker, displayMoney, displayName, FormError, Page, Steps, type Theme } from '../kit/index.js';
import { TestHintPanel, type TestHints } from './test-hints.js';

/** What every screen of the journey is given beside its step. */
export interface ScreenContext {
  readonly theme: Theme;
  readonly assets: string;
  /** Shown in local use only: test customers, and the inbox where codes arrive. */
  readonly testHints?: TestHints;
}

/** A page of the journey, for one kind of step. */
export interface ScreenProps<S extends JourneyStep> {
  readonly step: S;
  readonly context: ScreenContext;
}

/** Steps of the journeys, as the customer counts them. */
const ACCOUNT_ACCESS_STEPS = ['Log in', 'Security code', 'Accounts', 'Review'] as const;
const PAYMENT_STEPS = ['Log in', 'Account', 'Approve'] as const;
const PAYMENT_STEPS_NAMED = ['Log in', 'Approve'] as const;

const POSITIONS: Readonly<Record<JourneyStep['step'], string>> = {
  login: 'Log in',
  code: 'Security code',
  accounts: 'Account',
  review: 'Review',
  confirm: 'Approve',
};

function progressOf(step: JourneyStep): { readonly names: readonly string[]; readonly current: number } {
  const names =
    step.view.kind === 'account-access'
      ? ACCOUNT_ACCESS_STEPS
      : step.view.debtorAccount === undefined
        ? PAYMENT_STEPS
        : PAYMENT_STEPS_NAMED;
  const found = names.findIndex((name) => name.startsWith(POSITIONS[step.step]));
  return { names, current: Math.max(0, found) };
}

/** One step in its frame: progress, who asks, what went wrong, the form, the way out. */
export function Screen(props: {
  readonly step: JourneyStep;
  readonly context: ScreenContext;
  readonly title: string;
  readonly lead?: string;
  /** The input that an error points at. */
  readonly field?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { step, context } = props;
  const { asker } = step;
  const progress = progressOf(step);
  const place = `step ${String(progress.current + 1)} of ${String(progress.names.length)}`;
  const purpose = purposeOf(step);
  return (
    <Page
      title={`${step.problem === undefined ? '' : 'Problem: '}${props.title}, ${place}`}
      theme={context.theme}
      assets={context.assets}
    >
      <Steps {...progress} />
      <div class="card">
        <Asker
          name={asker.name}
          organisation={asker.organisation}
          {...(asker.registration !== undefined && { registration: asker.registration })}
          {...(purpose !== undefined && { purpose })}
        />
        {step.problem !== undefined && (
          <FormError message={step.problem} {...(props.field !== undefined && { field: props.field })} />
        )}
        <h1>{props.title}</h1>
        {props.lead !== undefined && <p class="lead">{props.lead}</p>}
        {props.children}
        <CancelForm step={step} />
      </div>
      {context.testHints && <TestHintPanel step={step} hints={context.testHints} />}
    </Page>
  );
}

/** What the third party wants, until the screen itself says it. */
function purposeOf({ step, view }: JourneyStep): string | undefined {
  if (step === 'review' || step === 'confirm') return undefined;
  if (view.kind === 'account-access') return 'asks to see your account information';
  return `asks you to pay ${displayMoney(view.amount)} to ${displayName(view.payee.name)}`;
}

/** Leaving is always possible, and the TPP is told. On the last screens the form's own deny button does it. */
function CancelForm({ step }: { readonly step: JourneyStep }): JSX.Element | null {
  if (step.step === 'review' || step.step === 'confirm') return null;
  return (
    <form method="post" action={`${step.step}/cancel`} class="way-out">
      <input type="hidden" name="csrf" value={step.csrf} />
      <button type="submit" class="link" id="journey-cancel">
        Cancel and return to {displayName(step.asker.name)}
      </button>
    </form>
  );
}
