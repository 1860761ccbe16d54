import type { ComponentChildren, JSX } from 'preact';

import type { JourneyStep } from '../../auth/journey/index.js';
import { Asker, displayName, EN, FormError, Page, Steps, type Texts, type Theme } from '../kit/index.js';
import { totalsOf } from './payment-lines.js';
import { TestHintPanel, type TestHints } from './test-hints.js';

/** What every screen of the journey is given beside its step. */
export interface ScreenContext {
  readonly theme: Theme;
  readonly assets: string;
  /** Shown in local use only: test customers, and the inbox where codes arrive. */
  readonly testHints?: TestHints;
  /** Default English. */
  readonly texts?: Texts;
}

/** A page of the journey, for one kind of step. */
export interface ScreenProps<S extends JourneyStep> {
  readonly step: S;
  readonly context: ScreenContext;
}

/** The texts of a screen; English where nothing else was asked for. */
export function textsOf({ texts }: Pick<ScreenContext, 'texts'>): Texts {
  return texts ?? EN;
}

type Position = 'login' | 'code' | 'accounts' | 'account' | 'review' | 'confirm';

/** Steps of the journeys, as the customer counts them. */
const ACCOUNT_ACCESS_STEPS: readonly Position[] = ['login', 'code', 'accounts', 'review'];
const PAYMENT_STEPS: readonly Position[] = ['login', 'account', 'confirm'];
const PAYMENT_STEPS_NAMED: readonly Position[] = ['login', 'confirm'];

function progressOf(
  step: JourneyStep,
  { steps }: Texts,
): { readonly names: readonly string[]; readonly current: number } {
  const { view } = step;
  const isSettled = view.kind === 'cancellation' || 'debtorAccount' in view;
  const moving = isSettled ? PAYMENT_STEPS_NAMED : PAYMENT_STEPS;
  const positions = view.kind === 'account-access' ? ACCOUNT_ACCESS_STEPS : moving;
  const found = positions.findIndex((position) => position === step.step || `${position}s` === step.step);
  return { names: positions.map((position) => steps[position]), current: Math.max(0, found) };
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
  const texts = textsOf(context);
  const progress = progressOf(step, texts);
  const place = texts.page.place(progress.current + 1, progress.names.length);
  const purpose = purposeOf(step, texts);
  const problem = step.problem === undefined ? undefined : texts.problem(step.problemCode, step.problem);
  return (
    <Page
      title={`${problem === undefined ? '' : texts.page.problem}${props.title}, ${place}`}
      theme={context.theme}
      assets={context.assets}
      texts={texts}
    >
      <Steps {...progress} texts={texts} />
      <div class="card">
        <Asker
          name={asker.name}
          organisation={asker.organisation}
          {...(asker.registration !== undefined && { registration: asker.registration })}
          {...(purpose !== undefined && { purpose })}
          texts={texts}
        />
        {problem !== undefined && (
          <FormError message={problem} texts={texts} {...(props.field !== undefined && { field: props.field })} />
        )}
        <h1>{props.title}</h1>
        {props.lead !== undefined && <p class="lead">{props.lead}</p>}
        {props.children}
        <CancelForm step={step} texts={texts} />
      </div>
      {context.testHints && <TestHintPanel step={step} hints={context.testHints} />}
    </Page>
  );
}

/** What the third party wants, until the screen itself says it. */
function purposeOf({ step, view }: JourneyStep, { asker, money }: Texts): string | undefined {
  if (step === 'review' || step === 'confirm') return undefined;
  switch (view.kind) {
    case 'account-access':
      return asker.wantsInformation;
    case 'payment':
      return asker.wantsPayment(money(view.amount), displayName(view.payee.name));
    case 'periodic':
      return asker.wantsStandingOrder(money(view.amount), displayName(view.payee.name));
    case 'bulk':
    case 'basket':
      if (view.payments.length === 0) return asker.wantsInformation;
      return asker.wantsPayments(view.payments.length, totalsOf(view.payments).map(money).join(' + '));
    case 'cancellation':
      return asker.wantsCancellation;
  }
}

/** Leaving is always possible, and the TPP is told. On the last screens the form's own deny button does it. */
function CancelForm({ step, texts }: { readonly step: JourneyStep; readonly texts: Texts }): JSX.Element | null {
  if (step.step === 'review' || step.step === 'confirm') return null;
  return (
    <form method="post" action={`${step.step}/cancel`} class="way-out">
      <input type="hidden" name="csrf" value={step.csrf} />
      <button type="submit" class="link" id="journey-cancel">
        {texts.asker.cancel(displayName(step.asker.name))}
      </button>
    </form>
  );
}
