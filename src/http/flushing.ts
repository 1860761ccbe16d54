import type { Recorder } from '../observe/index.js';
import type { Log } from './log.js';

export interface Flushing {
  /** Writes what is left. Call it after the listeners have closed and before the storage does. */
  stop(): Promise<void>;
}

/** Has the recorder write its finished requests every second, without keeping the process alive for it. */
export function startFlushing(recorder: Recorder, log: Log, everyMs = 1_000): Flushing {
  const timer = setInterval(() => {
    recorder.flush().catch((error: unknown) => {
      log.error({ failure: String(error) }, 'request records could not be written');
    });
  }, everyMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      return recorder.flush();
    },
  };
}
