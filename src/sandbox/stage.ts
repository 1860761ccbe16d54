import { writeFileSync } from 'node:fs';

import { bindListeners, createLog, type Listeners } from '../http/index.js';
import { assert, SandbankError } from '../kernel/index.js';
import type { Storage } from '../storage/index.js';
import { composeEcosystem } from './compose.js';
import type { SandboxConfig } from './config.js';
import type { DataDirectory } from './data-directory.js';
import type { Ecosystem, FixedParts } from './ecosystem.js';
import { askToComeAgain, createKeepUp } from './keep-up.js';
import { openWorld, type World } from './open-world.js';
import type { WorldPorts } from './world-settings.js';
import type { Worlds } from './worlds.js';

const DEFAULT_PORTS: WorldPorts = { public: 8443, mtls: 8444, http: 8080 };

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

function bindPorts(config: SandboxConfig, stored: WorldPorts | undefined): Promise<Listeners> {
  const choose = (name: keyof WorldPorts, asked: number | undefined): number => {
    const kept = stored?.[name];
    if (kept === undefined) return asked ?? DEFAULT_PORTS[name];
    if (asked !== undefined && asked !== 0 && asked !== kept) {
      // Issuers, certificates and registrations contain the port; another one would break every client.
      throw new SandbankError('configuration.invalid', 'The ports belong to the data directory once chosen.', {
        path: `port (${name})`,
        expected: String(kept),
        actual: String(asked),
      });
    }
    return kept;
  };
  const ports = { public: choose('public', config.port), mtls: choose('mtls', config.mtlsPort) };
  const host = config.host !== undefined && { host: config.host };
  const { listenPort, listenMtlsPort } = config;
  if (listenPort === undefined || listenMtlsPort === undefined)
    return bindListeners({ ...host, ports: { ...ports, http: choose('http', config.httpPort) } });
  return bindListeners({
    ...host,
    ports: { public: listenPort, mtls: listenMtlsPort, http: config.httpPort ?? 0 },
    announced: ports,
  });
}

/** Where a proxy stands in front, the home page of this process is its own business. */
function toWorldPorts(listeners: Listeners, config: SandboxConfig, stored: WorldPorts | undefined): WorldPorts {
  const http = config.listenPort === undefined ? listeners.ports.http : stored?.http;
  return { public: listeners.ports.public, mtls: listeners.ports.mtls, http: http ?? 0 };
}
