import type { Ecosystem } from './ecosystem.js';

const TICK_MS = 250;
/** Every ten minutes what has been over for long is forgotten. */
const TURNS_TO_PURGE = 2_400;

export interface Ticker {
  /** Resolves when the turn under way, if there is one, is over. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Due work of a running clock, and the recorder's batches. Does not keep the process alive. */
export function startTicker({
  ecosystem,
  isOpen,
}: {
  readonly ecosystem: () => Ecosystem;
  readonly isOpen: () => Promise<boolean>;
}): Ticker {
  let under: Promise<void> | undefined;
  let turns = 0;
  const turn = async (): Promise<void> => {
    let current = ecosystem();
    try {
      if (!(await isOpen())) return;
      current = ecosystem();
      await current.clockDriver.tick();
      turns += 1;
      if (turns % 4 === 0) await current.recorder.flush();
      if (turns % TURNS_TO_PURGE === 0) await current.purge();
    } catch (error) {
      current.log.error({ err: error }, 'due work failed');
    }
  };
  const timer = setInterval(() => {
    if (under) return;
    under = turn().finally(() => {
      under = undefined;
    });
  }, TICK_MS);
  timer.unref();
  const idle = async (): Promise<void> => {
    await under;
  };
  return {
    idle,
    stop: () => {
      clearInterval(timer);
      return idle();
    },
  };
}
