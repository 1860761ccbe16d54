import { SandbankError, type ClockState } from '../kernel/index.js';
import type { SqlReader, Storage } from '../storage/index.js';
import type { WrittenFrom } from './written-from.js';

/** What belongs to an ecosystem for good: it is written at the first start and read at every later one. */
export interface WorldSettings {
  readonly seed: number;
  /** Key of the id permutation. Derived from the seed, so that the same seed gives the same ids. */
  readonly idKey: string;
  readonly clock: ClockState;
  /** Where the clock stood at the very first start: a reset returns there. */
  readonly firstClock: ClockState;
  readonly ports: WorldPorts | undefined;
  readonly historyMonths: number;
  readonly historyWritten: boolean;
  /** Of which banks and customers the history is; undefined in a data directory of before this was kept. */
  readonly writtenFrom?: WrittenFrom;
  /** Of the control API, where several processes share a database; otherwise it is the data directory's alone. */
  readonly controlToken?: string;
  /** Counts the resets: a process that finds another number composes its banks anew. */
  readonly generation?: number;
}

export interface WorldPorts {
  readonly public: number;
  readonly mtls: number;
  readonly http: number;
}

export interface WorldStore {
  read(): Promise<Partial<WorldSettings>>;
  write(settings: Partial<WorldSettings>): Promise<void>;
}

/** Settings live in the table `settings` of storage, one JSON value a name. */
export function createWorldStore(storage: Storage): WorldStore {
  return {
    read: () => readWorldSettings(storage.read),
    write: (settings) =>
      storage.transaction(async (tx) => {
        for (const [name, value] of Object.entries(settings)) {
          await tx.run(
            'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
            [`world.${name}`, JSON.stringify(value)],
          );
        }
      }),
  };
}

export async function readWorldSettings(sql: SqlReader): Promise<Partial<WorldSettings>> {
  const rows = await sql.all<{ name: string; value: string }>(
    "SELECT name, value FROM settings WHERE name LIKE 'world.%'",
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name.slice('world.'.length), JSON.parse(value) as unknown]));
}

/** Completes what was read with what was asked for, and refuses what contradicts the existing world. */
export function settleWorld(
  stored: Partial<WorldSettings>,
  asked: { readonly seed: number | undefined; readonly clock: ClockState | undefined; readonly historyMonths: number },
): Omit<WorldSettings, 'ports' | 'historyWritten' | 'firstClock'> {
  if (stored.seed !== undefined && asked.seed !== undefined && stored.seed !== asked.seed) {
    throw new SandbankError('configuration.invalid', 'This data directory was made with another seed.', {
      path: 'seed',
      expected: String(stored.seed),
      actual: String(asked.seed),
    });
  }
  const seed = stored.seed ?? asked.seed ?? 1;
  return {
    seed,
    idKey: stored.idKey ?? `sandbank/${String(seed)}`,
    clock: continuedClock(stored.clock, asked.clock),
    historyMonths: stored.historyMonths ?? asked.historyMonths,
  };
}

/** A restart goes on where the clock stood; a frozen one may be asked for further ahead, never further back. */
function continuedClock(stored: ClockState | undefined, asked: ClockState | undefined): ClockState {
  if (stored === undefined) return asked ?? { mode: 'system', offsetMs: 0 };
  if (asked?.mode === 'frozen' && stored.mode === 'frozen' && asked.at > stored.at) return asked;
  return stored;
}
