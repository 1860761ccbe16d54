import type { JSX } from 'preact';

import type { JourneyStep } from '../../auth/journey/index.js';
import { SandboxPanel } from '../kit/index.js';

/** What a tester needs to know at a step, and a real bank would never show. */
export interface TestHints {
  readonly customers: readonly {
    readonly name: string;
    /** `salaried-renter`: says in two words what is to be found in this customer's accounts. */
    readonly persona?: string;
    readonly customerNumber: string;
    readonly password: string;
  }[];
  /** The latest one-time code of this customer, as it stands in the simulated inbox. */
  readonly latestCode?: string;
}

export function TestHintPanel({
  step,
  hints,
}: {
  readonly step: JourneyStep;
  readonly hints: TestHints;
}): JSX.Element | null {
  if (step.step === 'login') return <TestCustomers customers={hints.customers} />;
  if ((step.step === 'code' || step.step === 'confirm') && hints.latestCode !== undefined) {
    return (
      <SandboxPanel title="Simulated phone">
        <p class="phone">
          <span>The newest message on this customer&rsquo;s simulated phone has the code</span>
          <code id="test-latest-code">{hints.latestCode}</code>
        </p>
      </SandboxPanel>
    );
  }
  return null;
}

function TestCustomers({ customers }: Pick<TestHints, 'customers'>): JSX.Element {
  const sorted = [...customers].sort((a, b) => a.customerNumber.localeCompare(b.customerNumber));
  return (
    <SandboxPanel title="Test customers">
      <details>
        <summary>Need a login? Test customers and their passwords</summary>
        <ul class="logins">
          {sorted.map(({ name, persona, customerNumber, password }) => (
            <li key={customerNumber}>
              <span class="login-who">
                {name}
                {persona !== undefined && <small>{persona.replaceAll('-', ' ')}</small>}
              </span>
              <code>{customerNumber}</code>
              <code>{password}</code>
            </li>
          ))}
        </ul>
      </details>
    </SandboxPanel>
  );
}
