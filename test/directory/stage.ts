import { createClock, createIdScheme, parseInstant, wallClock, type VirtualClock } from '../../src/kernel/index.js';
import { createDirectory, directoryMigrations, type Directory } from '../../src/directory/index.js';
import { countersMigrations, type Storage } from '../../src/storage/index.js';
import { openTestStorage } from '../support/databases.js';

export interface Stage {
  readonly directory: Directory;
  readonly storage: Storage;
  readonly clock: VirtualClock;
  reopen(): Promise<Directory>;
  close(): Promise<void>;
}

export async function openStage(startAt?: string): Promise<Stage> {
  const { storage, close } = await openTestStorage();
  await storage.migrate([countersMigrations, directoryMigrations]);
  const at = startAt === undefined ? undefined : parseInstant(startAt);
  const clock = createClock(at === undefined ? { mode: 'system', offsetMs: 0 } : { mode: 'frozen', at });
  const open = (): Promise<Directory> =>
    createDirectory({
      storage,
      clock,
      ids: createIdScheme('test'),
      issuer: 'https://localhost:8443/directory',
      hosts: [],
      wall: wallClock,
    });
  return {
    directory: await open(),
    storage,
    clock,
    reopen: open,
    close,
  };
}

export async function createTpp(directory: Directory, roles: readonly string[] = ['AISP', 'PISP']) {
  const organisation = await directory.createOrganisation({ name: 'Acme Pay', roles, registrationId: '123456' });
  const software = await directory.createSoftware({
    organisationId: organisation.id,
    name: 'Acme App',
    roles,
    redirectUris: ['https://localhost:3000/cb'],
  });
  return { organisation, software };
}
