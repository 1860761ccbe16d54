import { existsSync, renameSync, rmSync } from 'node:fs';

/** The database itself first: where it lies says which world a start finds. */
const FILES_OF_A_DATABASE = ['', '-wal', '-shm'] as const;

/** Where the world of before lies while another one takes its place. As long as it is there, it is the world. */
export function replacedDatabaseOf(databaseFile: string): string {
  return `${databaseFile}.before-reset`;
}

/** Puts the world of now aside; until `forgetReplaced` it can come back. */
export function setWorldAside(databaseFile: string): void {
  removeDatabase(replacedDatabaseOf(databaseFile));
  moveDatabase(databaseFile, replacedDatabaseOf(databaseFile), FILES_OF_A_DATABASE);
}

/** A crash in the middle of a change of worlds: the world of before is whole, the new one may not be. */
export function bringReplacedBack(databaseFile: string): void {
  const replaced = replacedDatabaseOf(databaseFile);
  if (!existsSync(replaced)) return;
  // Without a new database, a log that lies here belongs to the old one.
  if (existsSync(databaseFile)) removeDatabase(databaseFile);
  moveDatabase(replaced, databaseFile, FILES_OF_A_DATABASE.toReversed());
}

/** From here on the new world is the world. */
export function forgetReplaced(databaseFile: string): void {
  removeDatabase(replacedDatabaseOf(databaseFile));
}

/** With its log, where another program that looks into the database kept it from being tidied away. */
function moveDatabase(from: string, to: string, suffixes: readonly string[]): void {
  for (const suffix of suffixes) {
    if (existsSync(`${from}${suffix}`)) renameSync(`${from}${suffix}`, `${to}${suffix}`);
  }
}

function removeDatabase(file: string): void {
  for (const suffix of FILES_OF_A_DATABASE) rmSync(`${file}${suffix}`, { force: true });
}
