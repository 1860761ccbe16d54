import { bindListeners, type Listeners } from '../http/index.js';
import { SandbankError } from '../kernel/index.js';
import type { SandboxConfig } from './config.js';
import type { WorldPorts } from './world-settings.js';

const DEFAULT_PORTS: WorldPorts = { public: 8443, mtls: 8444, http: 8080 };

/** The ports of the world, or those asked for where it has none yet; behind a proxy the process binds others than it announces. */
export function bindPorts(config: SandboxConfig, stored: WorldPorts | undefined): Promise<Listeners> {
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
export function toWorldPorts(listeners: Listeners, config: SandboxConfig, stored: WorldPorts | undefined): WorldPorts {
  const http = config.listenPort === undefined ? listeners.ports.http : stored?.http;
  return { public: listeners.ports.public, mtls: listeners.ports.mtls, http: http ?? 0 };
}
