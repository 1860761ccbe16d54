import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { formatInstantMs, SandbankError, wallClock } from '../kernel/index.js';
import { copySqlite, readStamp, type Stamp } from '../storage/index.js';
import type { DataDirectory } from './data-directory.js';
import { sameFixtures, type WrittenFrom } from './written-from.js';

/** A world at one instant, as one file. */
export interface Snapshot {
  readonly name: string;
  /** Wall time. */
  readonly savedAt: string;
  /** Business time of the world in it. */
  readonly now: string;
  readonly seed: number;
  /** Of the program that wrote it. */
  readonly version: string;
  readonly bytes: number;
}

/** What a snapshot has in common with every world that it can take the place of. */
export interface SnapshotWorld {
  readonly version: string;
  /** Steps that the tables have gone through. */
  readonly migrations: readonly string[];
  readonly seed: number;
  readonly writtenFrom: WrittenFrom;
  /** Business time, ISO 8601. */
  readonly now: string;
}

export interface Snapshots {
  save(name: string, world: SnapshotWorld): Promise<Snapshot>;
  list(): readonly Snapshot[];
  delete(name: string): void;
  /** The file to load. Throws `operation.unknown`, and `configuration.invalid` for one that does not fit this world. */
  fileFor(name: string, world: SnapshotWorld): string;
  /** The world as it was when its history was written, for resets. */
  keepFirst(world: SnapshotWorld): Promise<void>;
  /** Its file; undefined where none was kept, or one of other tables: then its history is written once more. */
  firstState(world: SnapshotWorld): string | undefined;
}

/** Of the header; another one is another arrangement of the file. */
const FORMAT = '1';
const EXTENSION = '.snapshot';

/** Snapshots lie in the data directory, since they hold the keys and tokens of its world. */
export function createSnapshots(directory: DataDirectory): Snapshots {
  const folder = join(directory.path, 'snapshots');
  const first = join(directory.path, `first-state${EXTENSION}`);
  const fileOf = (name: string): string => join(folder, `${checkedName(name)}${EXTENSION}`);
  const existing = (name: string): string => {
    const file = fileOf(name);
    if (existsSync(file)) return file;
    throw new SandbankError('operation.unknown', 'There is no snapshot of this name.', { path: 'name', actual: name });
  };
  const write = async (name: string, file: string, world: SnapshotWorld): Promise<void> => {
    await copySqlite({
      from: directory.databaseFile,
      to: file,
      stamp: toStamp(world, { name, trust: trustOf(directory) }),
    });
  };
  return {
    async save(name, world) {
      const file = fileOf(name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      await write(name, file, world);
      return toSnapshot(name, file);
    },
    list() {
      if (!existsSync(folder)) return [];
      return readdirSync(folder)
        .filter((file) => file.endsWith(EXTENSION))
        .map((file) => toSnapshot(file.slice(0, -EXTENSION.length), join(folder, file)))
        .sort((one, other) => (one.savedAt < other.savedAt ? -1 : 1));
    },
    delete(name) {
      rmSync(existing(name));
    },
    fileFor(name, world) {
      const file = existing(name);
      refuseOther(stampOf(file), world, trustOf(directory));
      return file;
    },
    keepFirst: (world) => write('first-state', first, world),
    firstState(world) {
      const stamp = existsSync(first) ? readStamp(first) : undefined;
      return stamp?.['format'] === FORMAT && stamp['migrations'] === world.migrations.join(' ') ? first : undefined;
    },
  };
}

/** What becomes a file's name: nothing that leads out of the folder. */
function checkedName(name: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name)) return name;
  throw new SandbankError('field.invalid', 'A snapshot cannot have this name.', {
    path: 'name',
    expected: 'up to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
    actual: name,
  });
}

function toStamp(world: SnapshotWorld, { name, trust }: { readonly name: string; readonly trust: string }): Stamp {
  return {
    format: FORMAT,
    name,
    trust,
    savedAt: formatInstantMs(wallClock.now()),
    version: world.version,
    migrations: world.migrations.join(' '),
    seed: String(world.seed),
    now: world.now,
    writtenFrom: JSON.stringify(world.writtenFrom),
  };
}

function stampOf(file: string): Stamp {
  const stamp = readStamp(file);
  if (stamp !== undefined) return stamp;
  throw new SandbankError('configuration.invalid', 'This file is no snapshot of Sandbank.', { actual: file });
}

function toSnapshot(name: string, file: string): Snapshot {
  const stamp = readStamp(file) ?? {};
  return {
    name,
    savedAt: stamp['savedAt'] ?? '',
    now: stamp['now'] ?? '',
    seed: Number(stamp['seed'] ?? 0),
    version: stamp['version'] ?? 'unknown',
    bytes: statSync(file).size,
  };
}

/**
 * Clients, keys and certificates stay as they are when a snapshot is loaded: they have to be those that its consents and
 * tokens are of. Ids are given in the same order in every data directory, so that one of another would take them for others.
 */
function trustOf(directory: DataDirectory): string {
  return createHash('sha256').update(readFileSync(directory.caFile)).digest('hex');
}

function refuseOther(stamp: Stamp, world: SnapshotWorld, trust: string): void {
  const refuse = (why: string, expected: string, actual: string | undefined): never => {
    throw new SandbankError('configuration.invalid', `This snapshot cannot be loaded: ${why}.`, {
      path: 'name',
      expected,
      actual: actual ?? 'nothing',
    });
  };
  if (stamp['format'] !== FORMAT) refuse('it has another format', `format ${FORMAT}`, stamp['format']);
  if (stamp['version'] !== world.version) {
    refuse('it was saved by another version of Sandbank', world.version, stamp['version']);
  }
  if (stamp['migrations'] !== world.migrations.join(' ')) {
    refuse('its tables are those of another build', world.migrations.join(' '), stamp['migrations']);
  }
  if (stamp['trust'] !== trust) {
    refuse('it was saved in another data directory', 'a snapshot of this one', 'another certificate authority');
  }
  if (stamp['seed'] !== String(world.seed)) refuse('it has another seed', String(world.seed), stamp['seed']);
  sameFixtures(JSON.parse(stamp['writtenFrom'] ?? '{}') as WrittenFrom, world.writtenFrom);
}
