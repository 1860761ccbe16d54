import type { ConsentView } from '../auth/journey/index.js';
import { createClearing, type Bank, type Clearing, type Consent } from '../bank/index.js';
import { createDirectory, type Directory } from '../directory/index.js';
import { createShell, type Log, type TlsMaterial } from '../http/index.js';
import {
  assert,
  createClock,
  createIdScheme,
  createRandom,
  formatInstantMs,
  wallClock,
  type ClockState,
  type VirtualClock,
} from '../kernel/index.js';
import type { BankFile, World } from '../life/index.js';
import { createRecorder } from '../observe/index.js';
import type { Storage } from '../storage/index.js';
import { createClockDriver, type ClockDriver } from './clock-driver.js';
import { composeBank, type SharedParts, spokenVersions } from './compose-bank.js';
import type { ComposedBank } from './composed-bank.js';
import type { ComposeInput, Ecosystem } from './ecosystem.js';
import { certificateOperations } from './control/certificates.js';
import { createControlRouter } from './control/control-router.js';
import { controlOperations, type ControlPorts } from './control/operations.js';
import { readTrialBalances } from './control/trial-balances.js';
import { createDirectoryRouter } from './directory-routes.js';
import { homeRouter } from './home-routes.js';
import { driveConsent } from './consent-driver.js';
import { driveJourney } from './journey-driver.js';
import { createReferenceRouter } from './reference-routes.js';
import type { SandboxStatus } from './status.js';
import { createTlsClient } from './tls-client.js';
import { createTpp } from './tpps.js';
import { verifyWorld } from './verification.js';
import { sameFixtures, writtenFrom } from './written-from.js';

/** All wiring of the program. Read it from top to bottom to see what a Sandbank is made of. */
export async function composeEcosystem(input: ComposeInput): Promise<Ecosystem> {
  const { config, log, listeners, storage, store, settings } = input;
  const { origins } = listeners;
  const clock = createClock(settings.clock);
  const ids = createIdScheme(settings.idKey);
  const recorder = createRecorder({ storage, ids, wall: wallClock });
  const directory = await createDirectory({
    storage,
    clock,
    ids,
    issuer: `${origins.public}/directory`,
    hosts: ['localhost', '127.0.0.1', '::1'],
  });
  const { fixtures: world, documents } = input.fixed;
  const random = createRandom(settings.seed);
  const clearing = createClearing();
  const shared = { ...input, clock, ids, recorder, trust: directory, world, documents, random, clearing };
  const { files, isWritten } = await filesOf(world, input);
  const composed = await composeBanks(files, shared);
  if (!isWritten) await store.write({ historyWritten: true, writtenFrom: writtenFrom(world, files) });
  const banks = composed.map(({ bank }) => bank);
  const clockDriver = driverOf(input, clock, composed);
  await clockDriver.catchUp();
  const caPem = directory.rootCertificatePem;
  const ownClient = createTlsClient({ ca: caPem });
  const standards = composed.flatMap((one) => one.standards);
  const targets = composed.flatMap(({ registration }) => registration ?? []);
  const byCertificate = composed
    .filter(({ registration }) => registration === undefined)
    .map(({ bank }) => bank.profile.id);

  const ecosystem: Omit<Ecosystem, 'app'> = {
    tls: await tlsMaterial(directory),
    caPem,
    controlToken: input.directory.controlToken,
    clock,
    clockDriver,
    banks,
    recorder,
    log,
    status: () => statusOf(input, { clock, clockDriver, directory, composed }),
    createTpp: (tpp) => createTpp(tpp, { directory, targets, byCertificate, wallNow: () => wallClock.now() }),
    authorise: (script) =>
      'consentId' in script
        ? driveConsent(script, (consent) => viewOf(composed, consent))
        : driveJourney(script, { client: ownClient, publicOrigin: origins.public }),
    ...proofsOf({ storage, banks, clearing }),
    purge: async () => {
      for (const { purge } of composed) await purge();
    },
    close: async () => {
      await ownClient.close();
      await recorder.flush();
    },
  };
  const ports: ControlPorts = { ...ecosystem, worlds: input.worlds };
  const control = createControlRouter({
    operations: { ...controlOperations(() => ports), ...certificateOperations(directory) },
    token: input.directory.controlToken,
    openapiDir: config.openapiDir,
  });
  const app = createShell({
    recorder,
    log,
    wall: wallClock,
    newInteractionId: () => crypto.randomUUID(),
    interactionHeaders: [...new Set(['x-fapi-interaction-id', ...composed.flatMap((one) => one.interactionHeaders)])],
    direct: composed.flatMap(({ direct }) => direct),
    mount: (express) => {
      express.use('/_sandbox', control);
      express.use('/directory', createDirectoryRouter(directory));
      express.use('/docs', createReferenceRouter({ openapiDir: config.openapiDir, standards }));
      for (const { mount } of composed) mount(express);
      express.use(
        '/',
        homeRouter({ composed, clock, caFile: input.directory.caFile, directoryIssuer: directory.issuer, origins }),
      );
    },
  });
  return { ...ecosystem, app };
}

/** For people who do not trust us; each from one instant of the database. */
function proofsOf(of: {
  readonly storage: Storage;
  readonly banks: readonly Bank[];
  readonly clearing: Clearing;
}): Pick<Ecosystem, 'trialBalances' | 'verify'> {
  const { storage, banks, clearing } = of;
  const ids = banks.map(({ profile }) => profile.id);
  return {
    trialBalances: () => storage.snapshot((sql) => readTrialBalances(sql, banks, clearing)),
    verify: () => storage.snapshot((sql) => verifyWorld(sql, ids, storage.dialect)),
  };
}

/** Banks that somebody can talk to; in a world that stands already they are those it was written with. */
async function filesOf(
  world: World,
  { isNew, store, log }: ComposeInput,
): Promise<{ readonly files: readonly BankFile[]; readonly isWritten: boolean }> {
  const files = world.banks.filter((file) => isSpoken(file, log));
  const { writtenFrom: before } = isNew ? {} : await store.read();
  if (before !== undefined) sameFixtures(before, writtenFrom(world, files));
  return { files, isWritten: before !== undefined };
}

async function composeBanks(files: readonly BankFile[], shared: SharedParts): Promise<readonly ComposedBank[]> {
  const composed: ComposedBank[] = [];
  for (const file of files) composed.push(await composeBank(file, shared));
  return composed;
}

/** A bank that nobody could talk to is no bank of the ecosystem. */
function isSpoken(file: BankFile, log: Log): boolean {
  if (spokenVersions(file).length > 0) return true;
  log.info({ bank: file.profile.id, standards: file.standards }, 'bank left out: none of its standards is known');
  return false;
}

function viewOf(composed: readonly ComposedBank[], consent: Consent): ConsentView {
  const owner = composed.find(({ bank }) => bank.profile.id === consent.bank);
  assert(owner, `the bank ${consent.bank} is there`);
  return owner.viewOf(consent);
}

function driverOf(input: ComposeInput, clock: VirtualClock, composed: readonly ComposedBank[]): ClockDriver {
  const { config, storage, store, settings, log } = input;
  const read = async (): Promise<ClockState> => {
    const { clock: state, generation } = await store.read();
    assert(generation === settings.generation, 'the ecosystem is the one that this process has composed');
    return state ?? settings.clock;
  };
  return createClockDriver({
    clock,
    banks: composed.map(({ bank }) => bank),
    persist: (state) => store.write({ clock: state }),
    watchers: composed.flatMap(({ watcher }) => watcher ?? []),
    onStopped: (reason) => {
      log.error({ reason }, 'the clock was stopped');
    },
    ...(config.database && { shared: { alone: (work) => storage.alone('clock', work), read } }),
  });
}

function clockStatus(clock: VirtualClock, driver: ClockDriver): SandboxStatus['clock'] {
  const stopped = driver.stopped();
  return {
    now: formatInstantMs(clock.now()),
    mode: clock.mode,
    speed: clock.speed,
    ...(stopped !== undefined && { stopped }),
  };
}

async function tlsMaterial(directory: Directory): Promise<TlsMaterial> {
  const { keyPem, chainPem } = await directory.serverCertificate(['localhost', '127.0.0.1', '::1']);
  return { keyPem, chainPem, clientCaPem: directory.rootCertificatePem };
}

function statusOf(
  { directory: folder, listeners, settings }: ComposeInput,
  {
    clock,
    clockDriver,
    directory,
    composed,
  }: {
    readonly clock: VirtualClock;
    readonly clockDriver: ClockDriver;
    readonly directory: Directory;
    readonly composed: readonly ComposedBank[];
  },
): SandboxStatus {
  const { origins } = listeners;
  return {
    publicOrigin: origins.public,
    mtlsOrigin: origins.mtls,
    httpOrigin: origins.http ?? origins.public,
    caFile: folder.caFile,
    controlTokenFile: folder.controlTokenFile,
    seed: settings.seed,
    clock: clockStatus(clock, clockDriver),
    directory: { issuer: directory.issuer },
    banks: composed.map(({ bank, publicBase, standards }) => ({
      id: bank.profile.id,
      name: bank.profile.name,
      issuer: publicBase,
      standards: standards.map(({ id, version, baseUrl }) => ({ id, version, baseUrl })),
    })),
  };
}
