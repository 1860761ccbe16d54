import { assert, isSandbankError } from '../../kernel/index.js';
import type { JourneyOutcome } from './journey-step.js';
import type { JourneyStore } from './journey-store.js';
import { endedBy, recordRefusal, type JourneyOptions, type Loaded } from './load-journey.js';
import { problemOf } from './problems.js';
import { toStep } from './show-step.js';

/** How a journey gets from one step to the next, or stays. */
export interface JourneyMoves {
  show(loaded: Loaded): Promise<JourneyOutcome>;
  moveTo(loaded: Loaded, to: Parameters<JourneyStore['advance']>[2]): Promise<JourneyOutcome>;
  /** Runs a step's work. A mistake that may be made again stays at its step with words; one that may not ends the journey. */
  attempt(loaded: Loaded, work: () => Promise<JourneyOutcome>): Promise<JourneyOutcome>;
}

export function createMoves(options: JourneyOptions, store: JourneyStore): JourneyMoves {
  const show: JourneyMoves['show'] = async (loaded) => {
    if (loaded.state.step === 'done') return { outcome: 'done', redirectTo: loaded.opened.returnTo };
    return { outcome: 'step', step: await toStep(loaded, options) };
  };
  const moveTo: JourneyMoves['moveTo'] = async (loaded, to) => {
    await store.advance(loaded.visit.uid, loaded.state.step, to);
    const state = await store.find(loaded.visit.uid);
    assert(state, 'a journey is not lost');
    return show({ ...loaded, state });
  };
  return {
    show,
    moveTo,
    async attempt(loaded, work) {
      try {
        return await work();
      } catch (error) {
        const problem = problemOf(error);
        if (problem === undefined) throw error;
        if (!problem.final) {
          if (isSandbankError(error)) recordRefusal(error, options);
          return moveTo(loaded, { step: loaded.state.step, problem: problem.code });
        }
        await store.advance(loaded.visit.uid, loaded.state.step, { step: 'done' });
        throw await endedBy(error, loaded.opened, options);
      }
    },
  };
}
