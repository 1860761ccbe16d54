import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { formatInstantMs, instant, wallClock } from '../kernel/index.js';
import { connectToSandbox, type ControlClient } from './control-client.js';
import type { Verification } from './verification.js';

export interface DoctorFinding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

/** Looks at the machine and, where one runs, at the sandbox of this data directory. Changes nothing. */
export async function diagnose(dataDir: string): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = [nodeVersion(), sqliteVersion()];
  if (!existsSync(join(dataDir, 'ready.json'))) {
    findings.push({ name: 'sandbox', ok: true, detail: `none is running on ${dataDir}`, remedy: 'sandbank start' });
    for (const port of [8443, 8444, 8080]) findings.push(await portFree(port));
    return findings;
  }
  const control = connectToSandbox(dataDir);
  try {
    findings.push(await reachable(control), certificateAuthority(control), ...(await invariants(control)));
  } finally {
    await control.close();
  }
  return findings;
}

function nodeVersion(): DoctorFinding {
  const major = Number(process.versions.node.split('.')[0]);
  return { name: 'Node', ok: major >= 24, detail: process.versions.node, remedy: 'Install Node 24 or later.' };
}

function sqliteVersion(): DoctorFinding {
  return {
    name: 'SQLite',
    ok: process.versions.sqlite !== undefined,
    detail: process.versions.sqlite ?? 'not built in',
  };
}

function portFree(port: number): Promise<DoctorFinding> {
  return new Promise((resolve) => {
    const server = createServer();
    const answer = (ok: boolean): void => {
      resolve({
        name: `port ${String(port)}`,
        ok,
        detail: ok ? 'free' : 'taken by another program',
        remedy: `Stop that program, or choose another port: sandbank start --port 9443 --mtls-port 9444 --http-port 9080`,
      });
    };
    server.once('error', () => {
      answer(false);
    });
    server.listen(port, '127.0.0.1', () =>
      server.close(() => {
        answer(true);
      }),
    );
  });
}

async function reachable(control: ControlClient): Promise<DoctorFinding> {
  const { publicOrigin } = control.ready;
  try {
    const { clock } = await control.get<{ clock: { now: string; mode: string } }>('/status');
    return { name: 'sandbox', ok: true, detail: `${publicOrigin}, business time ${clock.now} (${clock.mode})` };
  } catch (error) {
    return {
      name: 'sandbox',
      ok: false,
      detail: `${publicOrigin} does not answer: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Start it again: sandbank start',
    };
  }
}

function certificateAuthority(control: ControlClient): DoctorFinding {
  const certificate = new X509Certificate(readFileSync(control.ready.caFile));
  const until = instant(Date.parse(certificate.validTo));
  return {
    name: 'certificate authority',
    ok: until > wallClock.now(),
    detail: `valid until ${formatInstantMs(until)}`,
    remedy: `Tell your client to trust it, e.g. NODE_EXTRA_CA_CERTS=${control.ready.caFile}`,
  };
}

async function invariants(control: ControlClient): Promise<readonly DoctorFinding[]> {
  const { checks } = await control.get<Verification>('/verification');
  return checks.map(({ name, ok, detail }) => ({
    name,
    ok,
    detail: detail ?? (ok ? 'holds' : 'broken'),
    remedy: 'This is a bug of Sandbank: keep the data directory and report it.',
  }));
}
