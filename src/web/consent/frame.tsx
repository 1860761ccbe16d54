import type { ComponentChildren, JSX } from 'preact';

import type { JourneyStep } from '../../auth/journey/index.js';
import { Asker, FormError, Page, Steps, type Theme } from '../kit/index.js';

/** What every screen of the journey is given beside its step. */
export interface ScreenContext {
  readonly theme: Theme;
  readonly assets: string;
  /** Shown in local use only: test customers, and the inbox where codes arrive. */
  readonly testHints?: TestHints;
}

export interface TestHints {
  readonly customers: readonly {
    readonly name: string;
    readonly story: string;
    readonly customerNumber: string;
    readonly password: string;
  }[];
  /** The latest one-time code of this customer, as it stands in the simulated inbox. */
  readonly latestCode?: string;
}

/** Steps of the two journeys, as the customer counts them. */
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
  return {
    names,
    current: Math.max(
      0,
      names.findIndex((name) => name.startsWith(POSITIONS[step.step])),
    ),
  };
}

/** One step in its frame: progress, who asks, what went wrong, the form. */
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
  return (
    <Page
      title={step.problem === undefined ? props.title : `Problem: ${props.title}`}
      theme={context.theme}
      assets={context.assets}
    >
      <Steps {...progressOf(step)} />
      <div class="card">
        {step.problem !== undefined && (
          <FormError message={step.problem} {...(props.field !== undefined && { field: props.field })} />
        )}
        <h1>{props.title}</h1>
        {props.lead !== undefined && <p class="lead">{props.lead}</p>}
        <Asker
          name={asker.name}
          organisation={asker.organisation}
          {...(asker.registration !== undefined && { registration: asker.registration })}
        />
        {props.children}
      </div>
      <CancelForm step={step} />
      {context.testHints && <TestHintPanel step={step} hints={context.testHints} />}
    </Page>
  );
}

/** Leaving is always possible, and the TPP is told. On the last screens the form's own deny button does it. */
function CancelForm({ step }: { readonly step: JourneyStep }): JSX.Element | null {
  if (step.step === 'review' || step.step === 'confirm') return null;
  return (
    <form method="post" action={`${step.step}/cancel`} class="aside">
      <input type="hidden" name="csrf" value={step.csrf} />
      <button type="submit" class="link" id="journey-cancel">
        Cancel and return to {step.asker.name}
      </button>
    </form>
  );
}

function TestHintPanel({ step, hints }: { readonly step: JourneyStep; readonly hints: TestHints }): JSX.Element | null {
  if (step.step === 'login') {
    return (
      <div class="card test-hint">
        <details open>
          <summary>Test customers of this simulated bank</summary>
          <div class="table-scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">Customer</th>
                  <th scope="col">Number</th>
                  <th scope="col">Password</th>
                </tr>
              </thead>
              <tbody>
                {hints.customers.map((customer) => (
                  <tr key={customer.customerNumber}>
                    <td title={customer.story}>{customer.name}</td>
                    <td>
                      <code>{customer.customerNumber}</code>
                    </td>
                    <td>
                      <code>{customer.password}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </div>
    );
  }
  if ((step.step === 'code' || step.step === 'confirm') && hints.latestCode !== undefined) {
    return (
      <div class="card test-hint">
        <strong>Simulated phone.</strong> The latest code in this customer&rsquo;s inbox is{' '}
        <code id="test-latest-code">{hints.latestCode}</code>.
      </div>
    );
  }
  return null;
}
