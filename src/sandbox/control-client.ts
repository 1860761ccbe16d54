import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SandbankError } from '../kernel/index.js';
import type { SandboxStatus } from './status.js';
import { createTlsClient, type HttpAnswer } from './tls-client.js';

/** A running sandbox, as the commands see it: over its control API. */
export interface ControlClient {
  readonly ready: ReadyLine;
  readonly caPem: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
  close(): Promise<void>;
}

/** The line that `sandbank start --json` prints, kept in the data directory while the sandbox runs. */
export interface ReadyLine extends SandboxStatus {
  readonly event: 'ready';
  readonly pid: number;
}

/** Finds the sandbox that runs on a data directory. Throws `configuration.invalid` with exit code 4. */
export function connectToSandbox(dataDir: string): ControlClient {
  const readyFile = join(dataDir, 'ready.json');
  if (!existsSync(readyFile)) throw notRunning(dataDir);
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as ReadyLine;
  const token = readFileSync(ready.controlTokenFile, 'utf8').trim();
  const caPem = readFileSync(ready.caFile, 'utf8');
  const client = createTlsClient({ ca: caPem });
  const call = async <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> => {
    const hasBody = method === 'POST' || method === 'PUT';
    let answer: HttpAnswer;
    try {
      answer = await client.call(`${ready.publicOrigin}/_sandbox${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(hasBody && { 'content-type': 'application/json' }) },
        ...(hasBody && { body: JSON.stringify(body ?? {}) }),
      });
    } catch (error) {
      throw notRunning(dataDir, error);
    }
    const value = JSON.parse(answer.body === '' ? '{}' : answer.body) as T & {
      readonly detail?: string;
      readonly expected?: string;
      readonly actual?: string;
    };
    if (answer.status < 400) return value;
    throw new SandbankError('field.invalid', value.detail ?? `HTTP ${String(answer.status)}`, {
      httpStatus: answer.status,
      ...(value.expected !== undefined && { expected: value.expected }),
      ...(value.actual !== undefined && { actual: value.actual }),
    });
  };
  return {
    ready,
    caPem,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
    close: () => client.close(),
  };
}

function notRunning(dataDir: string, cause?: unknown): SandbankError {
  return new SandbankError(
    'configuration.invalid',
    'No sandbox is running on this data directory. Start one with: sandbank start',
    { exitCode: 4, actual: dataDir },
    { cause },
  );
}
