import { formatInstantMs, parseInstant, SandbankError, type Instant } from '../../kernel/index.js';
import type { ClockDriver, ClockMove } from '../clock-driver.js';
import { describeMove } from '../clock-report.js';
import type { SandboxStatus } from '../status.js';

type Body = Readonly<Record<string, unknown>>;

/** Moves the clock to an instant, changes how it goes, or both in this order. */
export async function setClock(driver: ClockDriver, body: Body): Promise<ClockMove> {
  const { now, mode, speed } = body;
  if (speed !== undefined && mode !== 'running') {
    throw new SandbankError('field.invalid', 'Only a clock that runs has a speed.', {
      path: 'speed',
      expected: 'mode: running',
      actual: `mode: ${String(mode)}`,
    });
  }
  const moved = now === undefined ? undefined : await driver.moveTo(readInstant(now as string));
  if (mode === undefined && moved) return moved;
  const changed = mode === 'frozen' ? await driver.freeze() : await driver.runAt(Number(speed ?? 1));
  return moved ? { ...moved, now: changed.now } : changed;
}

function readInstant(text: string): Instant {
  const target = parseInstant(text);
  if (target !== undefined) return target;
  throw new SandbankError('field.invalid', 'This is not a date-time.', { path: 'now', actual: text });
}

export function advance(driver: ClockDriver, body: Body): Promise<ClockMove> {
  const { duration, to } = body;
  if ((duration === undefined) === (to === undefined)) {
    throw new SandbankError('field.invalid', 'Say either how far (duration) or where to (to: next).', {
      path: 'duration',
    });
  }
  if (to === 'next') return driver.moveToNext();
  return driver.moveBy(String(duration));
}

/** What happened, for whoever moved the clock. */
export function toMove(move: ClockMove, status: SandboxStatus): unknown {
  const done = move.done.map(({ kind, subject, dueAt }) => ({ kind, subject, dueAt: formatInstantMs(dueAt) }));
  return { ...status.clock, ...describeMove(move), done };
}
