/** Starts servers as child processes with the probe in them, and asks them what they have used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const PROBE = new URL('probe.mjs', import.meta.url).href;

/** `readyLine` reads the line that the server prints when it serves, and gives what the caller wants of it. */
export async function startServer({ script, args = [], readyLine, nodeArgs = [], cwd }) {
  const file = typeof script === 'string' ? script : fileURLToPath(script);
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', PROBE, ...nodeArgs, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(cwd && { cwd }),
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-4_000);
  });
  const ready = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = readyLine(line);
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready: ${said}`)));
  });
  const readyMs = performance.now() - began;
  const usage = async () => {
    const answer = once(child, 'message');
    child.send('usage');
    const [message] = await answer;
    return message.usage;
  };
  return {
    ready,
    readyMs,
    usage,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

export function portOf(line) {
  const found = /^port (\d+)$/.exec(line);
  return found ? Number(found[1]) : undefined;
}
