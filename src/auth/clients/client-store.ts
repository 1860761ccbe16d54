import type { Directory, SoftwareStatementClaims } from '../../directory/index.js';
import { instant, type IdScheme, type Instant } from '../../kernel/index.js';
import { nextId, type SqlTransaction, type Storage } from '../../storage/index.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import type { SecurityProfileId } from '../profiles/index.js';
import type { KnownClient, KnownClients } from './known-clients.js';

/** A third party's software as this bank has registered it. */
export interface RegisteredClient extends KnownClient {
  readonly softwareId: string;
  readonly profile: SecurityProfileId;
  readonly jwksUri: string;
  /** What the registration endpoint answers. */
  readonly registration: Readonly<Record<string, unknown>>;
  readonly statement: SoftwareStatementClaims;
  readonly registeredAt: Instant;
}

export type NewClient = Omit<RegisteredClient, 'clientId' | 'registeredAt' | 'name' | 'organisationName'>;

export interface ClientStore extends KnownClients {
  find(clientId: string): Promise<RegisteredClient | undefined>;
  list(): Promise<readonly RegisteredClient[]>;
  byJwksUri(url: string): Promise<RegisteredClient | undefined>;
  /** Undefined as well when the directory has withdrawn the software or its organisation. */
  active(clientId: string): Promise<RegisteredClient | undefined>;
  add(client: NewClient): Promise<RegisteredClient>;
  replace(clientId: string, client: NewClient): Promise<RegisteredClient>;
  remove(tx: SqlTransaction, clientId: string): Promise<void>;
}

interface ClientRow {
  readonly client_id: string;
  readonly software_id: string;
  readonly organisation_id: string;
  readonly profile: string;
  readonly jwks_uri: string;
  readonly metadata: string;
  readonly registration: string;
  readonly statement: string;
  readonly registered_at: bigint;
}

export interface ClientStoreOptions {
  readonly bank: string;
  readonly storage: Storage;
  readonly ids: IdScheme;
  readonly now: () => Instant;
  readonly directory: Pick<Directory, 'software' | 'organisation' | 'jwks'>;
  readonly recorder: CheckRecorder;
}

export function createClientStore(options: ClientStoreOptions): ClientStore {
  const { bank, storage, directory } = options;
  const clientOf = rememberingClients();
  const one = async (where: 'client_id' | 'jwks_uri', value: string): Promise<RegisteredClient | undefined> => {
    const row = await storage.read.get<ClientRow>(
      `SELECT * FROM auth_clients WHERE bank = ? AND ${where} = ? AND deleted_at IS NULL LIMIT 1`,
      [bank, value],
    );
    return row && clientOf(row);
  };
  const find = (clientId: string): Promise<RegisteredClient | undefined> => one('client_id', clientId);
  const active = async (clientId: string): Promise<RegisteredClient | undefined> => {
    const client = await find(clientId);
    return client && (await isInStanding(client, options)) ? client : undefined;
  };
  return {
    find,
    active,
    byJwksUri: (url) => one('jwks_uri', url),
    async list() {
      const rows = await storage.read.all<ClientRow>(
        'SELECT * FROM auth_clients WHERE bank = ? AND deleted_at IS NULL ORDER BY registered_at, client_id',
        [bank],
      );
      return rows.map(toClient);
    },
    async metadataOf(clientId) {
      const client = await active(clientId);
      if (!client) return undefined;
      // oidc-provider keeps a client, and its keys for a minute, as long as the metadata stay the same. A key that was
      // revoked or added is to count from the next request on.
      const { keys } = await directory.jwks(client.softwareId);
      const keystore = keys.map((key) => String(key['x5t#S256'])).join(' ');
      return { ...client.metadata, client_id: client.clientId, keystore_version: keystore };
    },
    ...writes(options, find),
  };
}

function writes(
  { bank, storage, ids, now }: ClientStoreOptions,
  find: ClientStore['find'],
): Pick<ClientStore, 'add' | 'replace' | 'remove'> {
  return {
    async add(client) {
      const clientId = await storage.transaction(async (tx) => {
        const id = await nextId(tx, ids, 'client');
        await tx.run(
          `INSERT INTO auth_clients (bank, client_id, software_id, organisation_id, profile, jwks_uri, metadata, registration,
             statement, registered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [bank, id, ...toValues(client), now()],
        );
        return id;
      });
      return present(await find(clientId));
    },
    async replace(clientId, client) {
      await storage.transaction((tx) =>
        tx.run(
          `UPDATE auth_clients SET software_id = ?, organisation_id = ?, profile = ?, jwks_uri = ?, metadata = ?,
             registration = ?, statement = ? WHERE bank = ? AND client_id = ? AND deleted_at IS NULL`,
          [...toValues(client), bank, clientId],
        ),
      );
      return present(await find(clientId));
    },
    async remove(tx, clientId) {
      await tx.run('UPDATE auth_clients SET deleted_at = ? WHERE bank = ? AND client_id = ?', [now(), bank, clientId]);
    },
  };
}

/** Whether the directory still vouches for the software and its organisation. */
async function isInStanding(
  client: RegisteredClient,
  { directory, recorder }: Pick<ClientStoreOptions, 'directory' | 'recorder'>,
): Promise<boolean> {
  const standing = await standingOf(client, directory);
  return recordCheck(recorder, standing === 'Active', {
    name: 'software and organisation are active in the directory',
    expected: 'Active',
    actual: standing,
    clause: 'UK Open Banking DCR 3.3, software statement status',
    remedy: 'The participant was revoked or withdrawn; ask the directory to make it active again.',
  });
}

/** `Active`, or what stands in the way. */
async function standingOf(
  client: RegisteredClient,
  directory: Pick<Directory, 'software' | 'organisation'>,
): Promise<string> {
  const [software, organisation] = await Promise.all([
    directory.software(client.softwareId),
    directory.organisation(client.organisationId),
  ]);
  if (software.status !== 'Active') return `software ${software.status}`;
  return organisation.status === 'Active' ? 'Active' : `organisation ${organisation.status}`;
}

/** In the order of the columns software_id to statement. */
function toValues(client: NewClient): readonly string[] {
  return [
    client.softwareId,
    client.organisationId,
    client.profile,
    client.jwksUri,
    JSON.stringify(client.metadata),
    JSON.stringify(client.registration),
    JSON.stringify(client.statement),
  ];
}

const MOST_REMEMBERED = 500;

/** Every request looks for its client: what its row says is read again only when the row says something else. */
function rememberingClients(): (row: ClientRow) => RegisteredClient {
  const remembered = new Map<string, { readonly row: ClientRow; readonly client: RegisteredClient }>();
  return (row) => {
    const known = remembered.get(row.client_id);
    if (known && isSameRow(known.row, row)) return known.client;
    const client = toClient(row);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(row.client_id, { row, client });
    return client;
  };
}

function isSameRow(one: ClientRow, other: ClientRow): boolean {
  return (Object.keys(one) as (keyof ClientRow)[]).every((column) => one[column] === other[column]);
}

function toClient(row: ClientRow): RegisteredClient {
  const statement = JSON.parse(row.statement) as SoftwareStatementClaims;
  return {
    clientId: row.client_id,
    softwareId: row.software_id,
    organisationId: row.organisation_id,
    name: statement.software_client_name,
    organisationName: statement.org_name,
    profile: row.profile as SecurityProfileId,
    jwksUri: row.jwks_uri,
    metadata: JSON.parse(row.metadata) as Readonly<Record<string, unknown>>,
    registration: JSON.parse(row.registration) as Readonly<Record<string, unknown>>,
    statement,
    registeredAt: instant(Number(row.registered_at)),
  };
}

function present(client: RegisteredClient | undefined): RegisteredClient {
  if (!client) throw new Error('the client was deleted while it was written');
  return client;
}
