import { wallClock, type Clock, type IdScheme } from '../kernel/index.js';
import type { Storage } from '../storage/index.js';
import { createAssertions } from './assertions.js';
import { loadAuthority, loadServerCertificate } from './authority.js';
import { createCertificates } from './certificates.js';
import type { DirectoryContext } from './directory-context.js';
import type { Directory } from './directory.js';
import { createJudge } from './judgement.js';
import { createKeystore } from './keystore.js';
import { createParticipants } from './participants.js';

export interface DirectoryOptions {
  readonly storage: Storage;
  /** Business time. */
  readonly clock: Clock;
  readonly ids: IdScheme;
  /** Address of the directory: `https://localhost:8443/directory`. */
  readonly issuer: string;
  /** Names of the server beside localhost and the loopback addresses. */
  readonly hosts: readonly string[];
  readonly wall?: Clock;
  /** The `iss` of software statement assertions. */
  readonly issuerName?: string;
}

/**
 * Opens the trust framework on a migrated database. The first start mints its authority (root, issuing authority,
 * assertion key), whose private keys are then in the database. Throws `directory.*` and `signature.*` from its methods.
 */
export async function createDirectory(options: DirectoryOptions): Promise<Directory> {
  const context: DirectoryContext = {
    storage: options.storage,
    clock: options.clock,
    wall: options.wall ?? wallClock,
    ids: options.ids,
    issuer: options.issuer.replace(/\/$/, ''),
    issuerName: options.issuerName ?? 'Sandbank Directory',
  };
  const authority = await loadAuthority(context);
  return {
    issuer: context.issuer,
    rootCertificatePem: authority.rootPem,
    ...createParticipants(context),
    ...createAssertions(context, authority),
    ...createCertificates(context, authority),
    ...createKeystore(context, authority),
    judgeCertificate: createJudge(context, authority),
    serverCertificate: (hosts) => loadServerCertificate(context, authority, [...options.hosts, ...hosts]),
  };
}
