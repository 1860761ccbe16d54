import type { RequestListener, ServerResponse } from 'node:http';

import type { Ecosystem } from './ecosystem.js';
import type { World } from './open-world.js';
import { RESET } from './world-home.js';

/** What a process does before each request where others share its database: it looks what they have done. */
export interface KeepUp {
  /** False while the ecosystem is being reset. */
  keepUp(): Promise<boolean>;
  readonly app: RequestListener;
}

/**
 * A clock that another process moved is moved here, too, once that one has done its due work; after a reset by another
 * process the banks are composed anew. Two reads a request, so that what one process has answered holds at all others.
 */
export function createKeepUp(options: {
  readonly world: () => World;
  readonly ecosystem: () => Ecosystem;
  /** Composes the ecosystem anew from what the database says. */
  readonly rejoin: () => Promise<void>;
}): KeepUp {
  let rejoining: Promise<void> | undefined;
  const keepUp = async (): Promise<boolean> => {
    await rejoining;
    const { storage, store, settings } = options.world();
    const [isResetting, { generation, clock }] = await Promise.all([storage.isAtWork(RESET), store.read()]);
    if (isResetting) return false;
    if (generation !== settings.generation) {
      rejoining ??= options.rejoin().finally(() => {
        rejoining = undefined;
      });
      await rejoining;
      return true;
    }
    const { clockDriver } = options.ecosystem();
    if (clock && !clockDriver.isAt(clock)) await clockDriver.catchUp();
    return true;
  };
  return {
    keepUp,
    app: (request, response) => {
      keepUp().then(
        (isReady) => {
          if (isReady) options.ecosystem().app(request, response);
          else askToComeAgain(request, response);
        },
        () => {
          askToComeAgain(request, response);
        },
      );
    },
  };
}

/** While a reset is under way, or a database does not answer, there is no world to ask. */
export function askToComeAgain(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end();
}
