import type { RequestListener, ServerResponse } from 'node:http';

/** Between the listeners and a world, so that the world can be exchanged for another one. */
export interface RequestGate {
  /** Counts what is under way; while the gate is closed, callers are asked to come again. */
  guard(app: RequestListener): RequestListener;
  /** Lets nobody in any more, and resolves when those inside have left or the time is over. */
  close(): Promise<void>;
  open(): void;
}

/** What hangs for longer than this is not waited for: it ends with an error of the world that is gone. */
const LEAVES_WITHIN_MS = 5_000;

/** `exempt`: calls that are not waited for, since it is they who ask for the exchange. */
export function createRequestGate(options: { readonly exempt: (url: string) => boolean }): RequestGate {
  let isOpen = true;
  let inside = 0;
  let whenEmpty: (() => void) | undefined;
  const leave = (): void => {
    inside -= 1;
    if (inside === 0) whenEmpty?.();
  };
  return {
    guard: (app) => (request, response) => {
      if (!isOpen) {
        askToComeAgain(response);
        return;
      }
      if (!options.exempt(request.url ?? '')) {
        inside += 1;
        // Emitted once, whether it was answered or the caller went away.
        response.once('close', leave);
      }
      app(request, response);
    },
    close: () => {
      isOpen = false;
      if (inside === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, LEAVES_WITHIN_MS);
        whenEmpty = () => {
          clearTimeout(timer);
          whenEmpty = undefined;
          resolve();
        };
      });
    },
    open: () => {
      isOpen = true;
    },
  };
}

function askToComeAgain(response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end();
}
