import { recordCheck } from '../checks.js';
import { isFormToken } from './form-token.js';
import { createMachine } from './journey-machine.js';
import type { JourneyOutcome } from './journey-step.js';
import { createJourneyStore, type JourneyState } from './journey-store.js';
import { JourneyEnded } from './journey-ended.js';
import type { Visit } from './journey-host.js';
import { loadJourney, type JourneyOptions, type Loaded } from './load-journey.js';

interface Form {
  readonly csrf: string;
}

/**
 * The customer's way from login to decision, one form a step, without any HTML. A form that comes at the wrong step is not
 * acted on: the answer is the step that is due.
 */
export interface Journey {
  /** The step that is due. Starts the journey at the first visit. */
  current(visit: Visit): Promise<JourneyOutcome>;
  submitLogin(
    visit: Visit,
    form: Form & { readonly username: string; readonly password: string },
  ): Promise<JourneyOutcome>;
  submitCode(visit: Visit, form: Form & { readonly code: string }): Promise<JourneyOutcome>;
  /** A new code at the code or the confirm step. */
  resendCode(visit: Visit, form: Form): Promise<JourneyOutcome>;
  submitAccounts(visit: Visit, form: Form & { readonly accounts: readonly string[] }): Promise<JourneyOutcome>;
  /** Account access: the review step. */
  decide(visit: Visit, form: Form & { readonly decision: 'approve' | 'deny' }): Promise<JourneyOutcome>;
  /** Payment: entering the code is the approval. */
  confirm(
    visit: Visit,
    form: Form & { readonly decision: 'approve' | 'deny'; readonly code: string },
  ): Promise<JourneyOutcome>;
  /** At any step. */
  cancel(visit: Visit, form: Form): Promise<JourneyOutcome>;
}

export function createJourney(options: JourneyOptions): Journey {
  const store = createJourneyStore({ bank: options.bank.profile.id, storage: options.storage, wall: options.wall });
  const inTurn = createTurns();
  const run = (visit: Visit, work: (loaded: Loaded) => Promise<JourneyOutcome>): Promise<JourneyOutcome> =>
    inTurn(visit.uid, async () => {
      try {
        return await work(await loadJourney(visit, options, store));
      } catch (error) {
        if (error instanceof JourneyEnded) return error.outcome;
        throw error;
      }
    });
  const machine = createMachine(options, store);
  /** Runs a form's work if it is genuine and of the step that is due. */
  const submit = (
    visit: Visit,
    { form, steps }: { readonly form: Form; readonly steps: readonly JourneyState['step'][] },
    work: (loaded: Loaded) => Promise<JourneyOutcome>,
  ): Promise<JourneyOutcome> =>
    run(visit, async (loaded) => {
      checkForm(form, loaded, options);
      return isDue(steps, loaded, options) ? work(loaded) : machine.show(loaded);
    });
  return {
    current: (visit) => run(visit, machine.show),
    submitLogin: (visit, form) => submit(visit, { form, steps: ['login'] }, (loaded) => machine.login(loaded, form)),
    submitCode: (visit, form) => submit(visit, { form, steps: ['code'] }, (loaded) => machine.code(loaded, form.code)),
    resendCode: (visit, form) => submit(visit, { form, steps: ['code', 'confirm'] }, machine.resend),
    submitAccounts: (visit, form) =>
      submit(visit, { form, steps: ['accounts'] }, (loaded) => machine.accounts(loaded, form.accounts)),
    decide: (visit, form) =>
      submit(visit, { form, steps: ['review'] }, (loaded) =>
        form.decision === 'approve' ? machine.approve(loaded, 'review') : machine.refuse(loaded, 'refused-by-psu'),
      ),
    confirm: (visit, form) =>
      submit(visit, { form, steps: ['confirm'] }, (loaded) =>
        form.decision === 'approve' ? machine.confirm(loaded, form.code) : machine.refuse(loaded, 'refused-by-psu'),
      ),
    cancel: (visit, form) =>
      submit(visit, { form, steps: ['login', 'code', 'accounts', 'review', 'confirm'] }, (loaded) =>
        machine.refuse(loaded, 'refused-by-psu'),
      ),
  };
}

function checkForm(form: Form, { visit }: Loaded, { formSecret, recorder }: JourneyOptions): void {
  const genuine = isFormToken(form.csrf, formSecret, visit.uid);
  recordCheck(recorder, genuine, {
    name: 'the form was made for this journey',
    expected: 'the token that the page gave with its form',
    actual: genuine ? 'that token' : form.csrf === '' ? 'no token' : 'another token',
    remedy: 'Send the form as the page gave it.',
  });
  if (!genuine)
    throw new JourneyEnded('form-not-genuine', 'This form does not belong to your visit. Please start again.');
}

function isDue(steps: readonly JourneyState['step'][], { state }: Loaded, { recorder }: JourneyOptions): boolean {
  return recordCheck(recorder, steps.includes(state.step), {
    name: 'the form is of the step that is due',
    expected: state.step,
    actual: steps.join(' or '),
    remedy: 'Follow the redirect to the step that is due.',
  });
}

/** One after the other for one journey: a double click waits for the first click and then sees its result. */
function createTurns(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const mine = (tails.get(key) ?? Promise.resolve()).then(task, task);
    const tail = mine.then(
      () => undefined,
      () => undefined,
    );
    tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
