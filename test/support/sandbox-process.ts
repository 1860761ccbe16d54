import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, fetch as undiciFetch } from 'undici';

import type { SandboxStatus } from '../../src/index.js';

/** A sandbox in a process of its own, started by the bin from dist, as a user starts it. */
export interface SandboxProcess {
  readonly status: SandboxStatus;
  readonly caPem: string;
  /** The control API. Throws what the sandbox said, unless it succeeded. */
  control<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<T>;
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>;
  /** Stops in order. */
  stop(): Promise<void>;
}

const BIN = join(process.cwd(), 'scripts', 'sandbank.cjs');

export async function startProcess(dataDir: string, flags: readonly string[] = []): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [BIN, 'start', '--data-dir', dataDir, '--json', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const status = await readyLine(child);
  const caPem = readFileSync(status.caFile, 'utf8');
  const controlToken = readFileSync(status.controlTokenFile, 'utf8').trim();
  const agent = new Agent({ connect: { ca: caPem } });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    await agent.destroy();
  };
  return {
    status,
    caPem,
    control: async (method, path, body) => {
      const answer = await undiciFetch(`${status.publicOrigin}/_sandbox${path}`, {
        method,
        dispatcher: agent,
        headers: {
          authorization: `Bearer ${controlToken}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.status >= 400) throw new Error(`control ${method} ${path}: HTTP ${answer.status} ${text}`);
      return JSON.parse(text) as never;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Starts and is killed after so long, ready or not. Answers whether it had come to be ready. */
export async function killedStart(dataDir: string, flags: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [BIN, 'start', '--data-dir', dataDir, '--json', ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let ready = false;
  child.stdout.on('data', () => {
    ready = true;
  });
  const gone = once(child, 'exit');
  await wait(afterMs);
  child.kill('SIGKILL');
  await gone;
  return ready;
}

/** Resolves with the one line that `--json` prints when ready; rejects with what the process said when it ends before. */
function readyLine(child: ChildProcess): Promise<SandboxStatus> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the process has no pipes');
  let complaints = '';
  stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      if (line.includes('"event":"ready"')) resolve(JSON.parse(line) as SandboxStatus);
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`the sandbox ended before it was ready (${code ?? signal ?? ''}): ${complaints}`));
    });
  });
}
