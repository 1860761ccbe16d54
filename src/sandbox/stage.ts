import { writeFileSync } from 'node:fs';

import { createLog, type Listeners } from '../http/index.js';
import { assert } from '../kernel/index.js';
import type { Storage } from '../storage/index.js';
import { bindPorts, toWorldPorts } from './bind-ports.js';
import { composeEcosystem } from './compose.js';
import type { SandboxConfig } from './config.js';
import type { DataDirectory } from './data-directory.js';
import type { Ecosystem, FixedParts } from './ecosystem.js';
import { askToComeAgain, createKeepUp } from './keep-up.js';
import { openWorld, type World } from './open-world.js';
import type { Worlds } from './worlds.js';

/** What the listeners serve just now: a world and the ecosystem composed on it. The listeners stay, the rest is exchanged. */
export interface Stage {
  world(): World;
  ecosystem(): Ecosystem;
  /** Composes the ecosystem that lies in a database; the first time it also binds the ports. */
  compose(on: Storage, asked?: Parameters<typeof openWorld>[1]): Promise<void>;
  serve(): void;
  /** Answers that there is nothing to ask just now. */
  pause(): void;
  /** Where others share the database: what they have done is taken over. False while one of them starts over. */
  keepUp(): Promise<boolean>;
  /** Ends the ecosystem, not the listeners. A second time does nothing. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

interface Composed {
  readonly world: World;
  readonly ecosystem: Ecosystem;
}

export function createStage(options: {
  readonly config: SandboxConfig;
  readonly folder: DataDirectory;
  readonly fixed: FixedParts;
  readonly worlds: Worlds;
}): Stage {
  const { config, folder, fixed, worlds } = options;
  const log = createLog(config.log);
  let listeners: Listeners | undefined;
  let current: Composed | undefined;
  let left: Composed | undefined;
  const world = (): World => {
    assert(current, 'a world that was opened');
    return current.world;
  };
  const ecosystem = (): Ecosystem => {
    assert(current, 'an ecosystem that was composed');
    return current.ecosystem;
  };
  const compose: Stage['compose'] = async (on, asked) => {
    const token = config.database && { controlToken: folder.controlToken };
    const opened = await openWorld(on, asked ?? { ...config, ...token });
    // The ecosystem of before goes on answering until the next one stands.
    const { controlToken = folder.controlToken, ports } = opened.settings;
    const directory = folder.withControlToken(controlToken);
    listeners ??= await bindPorts(config, ports);
    await opened.store.write({ ports: toWorldPorts(listeners, config, ports) });
    try {
      const composed = await composeEcosystem({ config, log, directory, listeners, fixed, ...opened, worlds });
      writeFileSync(directory.caFile, composed.caPem);
      current = { world: opened, ecosystem: composed };
    } catch (error) {
      if (on !== current?.world.storage) await on.close();
      throw error;
    }
  };
  const shared =
    config.database &&
    createKeepUp({
      world,
      ecosystem,
      rejoin: async () => {
        await ecosystem().close();
        await compose(world().storage);
        stage.serve();
      },
    });
  const stage: Stage = {
    world,
    ecosystem,
    compose,
    serve: () => listeners?.serve({ app: shared?.app ?? ecosystem().app, tls: ecosystem().tls }),
    pause: () => listeners?.serve({ app: askToComeAgain, tls: ecosystem().tls }),
    keepUp: () => shared?.keepUp() ?? Promise.resolve(true),
    leave: async () => {
      if (!current || left === current) return;
      left = current;
      await current.ecosystem.close();
      await current.world.storage.close();
    },
    close: async () => {
      await listeners?.close();
      await stage.leave();
    },
  };
  return stage;
}
