import { instant, SandbankError } from '../kernel/index.js';
import { nextId, type SqlReader, type SqlTransaction } from '../storage/index.js';
import type { DirectoryContext } from './directory-context.js';
import type { Directory, DirectoryRole, Organisation, SoftwareStatement } from './directory.js';
import { organisationIdentifier } from './organisation-identifier.js';
import { checkCountry, checkRegistration, checkRoles, checkText, MAX_NAME } from './entry-checks.js';
import { checkPageUri, checkRedirectUris } from './redirect-uri.js';

type Participants = Pick<
  Directory,
  | 'createOrganisation'
  | 'organisation'
  | 'organisationByIdentifier'
  | 'organisations'
  | 'setOrganisationStatus'
  | 'createSoftware'
  | 'software'
  | 'softwareOf'
  | 'setSoftwareStatus'
  | 'registerBank'
>;

interface OrganisationRow {
  readonly ordinal: bigint;
  readonly id: string;
  readonly name: string;
  readonly status: Organisation['status'];
  readonly roles: string;
  readonly authority: string;
  readonly created_at: bigint;
}

interface SoftwareRow {
  readonly id: string;
  readonly organisation_id: string;
  readonly status: SoftwareStatement['status'];
  readonly details: string;
  readonly created_at: bigint;
}

/** Competent authorities as they stand in certificates; elsewhere the directory itself vouches, as in the UK (GB-OB). */
const AUTHORITIES: Readonly<Record<string, { readonly id: string; readonly name: string }>> = {
  AT: { id: 'FMA', name: 'Financial Market Authority' },
  BE: { id: 'NBB', name: 'National Bank of Belgium' },
  DE: { id: 'BAFIN', name: 'Federal Financial Supervisory Authority' },
  ES: { id: 'BE', name: 'Bank of Spain' },
  FI: { id: 'FINFSA', name: 'Financial Supervisory Authority' },
  FR: { id: 'ACPR', name: 'Prudential Supervisory and Resolution Authority' },
  GB: { id: 'FCA', name: 'Financial Conduct Authority' },
  IE: { id: 'CBI', name: 'Central Bank of Ireland' },
  IT: { id: 'BI', name: 'Bank of Italy' },
  LT: { id: 'BL', name: 'Bank of Lithuania' },
  LU: { id: 'CSSF', name: 'Financial Sector Supervisory Commission' },
  NL: { id: 'DNB', name: 'The Netherlands Bank' },
  PL: { id: 'PFSA', name: 'Polish Financial Supervision Authority' },
};
const NO_AUTHORITY = { id: 'OB', name: 'Open Banking' } as const;
const ORGANISATION_STATUSES: readonly string[] = ['Active', 'Revoked', 'Withdrawn'];
/** Registrations that nobody chose count upwards from here, beyond the six digits of real firms. */
const FIRST_REGISTRATION = 9_000_000;
const MAX_DESCRIPTION = 400;
const MAX_VERSION = 20;

/** Organisations and their software. */
export function createParticipants(context: DirectoryContext): Participants {
  const { storage, clock } = context;
  return {
    createOrganisation: async (input) => {
      const entry = {
        name: checkText('name', input.name, MAX_NAME),
        roles: checkRoles(input.roles),
        country: input.country === undefined ? 'GB' : checkCountry(input.country, Object.keys(AUTHORITIES)),
        ...(input.registrationId !== undefined && { registrationId: checkRegistration(input.registrationId) }),
      };
      return storage.transaction((tx) => insertOrganisation(context, tx, entry));
    },
    organisation: (id) => readOrganisation(storage.read, id),
    organisationByIdentifier: async (identifier) => {
      const rows = await storage.read.all<OrganisationRow>(
        "SELECT * FROM directory_organisations WHERE authority LIKE ? ESCAPE '!' ORDER BY ordinal",
        [`%"registrationId":${likeText(JSON.stringify(identifier.split('-').slice(2).join('-')))}%`],
      );
      return rows.map(toOrganisation).find(({ authority }) => organisationIdentifier(authority) === identifier);
    },
    organisations: async () =>
      (await storage.read.all<OrganisationRow>('SELECT * FROM directory_organisations ORDER BY ordinal')).map(
        toOrganisation,
      ),
    setOrganisationStatus: async (id, status) => {
      checkStatus(status, ORGANISATION_STATUSES);
      await storage.transaction(async (tx) => {
        await readOrganisation(tx, id);
        await tx.run('UPDATE directory_organisations SET status = ? WHERE id = ?', [status, id]);
      });
    },
    createSoftware: (input) =>
      storage.transaction(async (tx) => {
        const details = checkSoftware(input, await readOrganisation(tx, input.organisationId));
        const id = await nextId(tx, context.ids, 'software');
        await tx.run(
          `INSERT INTO directory_software (id, organisation_id, status, details, created_at) VALUES (?, ?, 'Active', ?, ?)`,
          [id, input.organisationId, JSON.stringify(details), clock.now()],
        );
        return readSoftware(tx, id);
      }),
    software: (id) => readSoftware(storage.read, id),
    setSoftwareStatus: async (id, status) => {
      checkStatus(status, ['Active', 'Revoked']);
      await storage.transaction(async (tx) => {
        await readSoftware(tx, id);
        await tx.run('UPDATE directory_software SET status = ? WHERE id = ?', [status, id]);
      });
    },
    softwareOf: async (organisationId) => {
      await readOrganisation(storage.read, organisationId);
      const sql = 'SELECT * FROM directory_software WHERE organisation_id = ? ORDER BY ordinal';
      return (await storage.read.all<SoftwareRow>(sql, [organisationId])).map(toSoftware);
    },
    registerBank: (input) =>
      storage.transaction(async (tx) => {
        const sql = 'SELECT * FROM directory_organisations WHERE bank_id = ?';
        const known = await tx.get<OrganisationRow>(sql, [input.id]);
        if (known) return toOrganisation(known);
        const name = checkText('name', input.name, MAX_NAME);
        return insertOrganisation(context, tx, { name, roles: ['ASPSP'], country: input.country, bankId: input.id });
      }),
  };
}

export async function readOrganisation(sql: SqlReader, id: string): Promise<Organisation> {
  const row = await sql.get<OrganisationRow>('SELECT * FROM directory_organisations WHERE id = ?', [id]);
  if (row) return toOrganisation(row);
  throw new SandbankError('directory.organisation-not-found', 'The directory has no such organisation.', {
    actual: id,
  });
}

export async function readSoftware(sql: SqlReader, id: string): Promise<SoftwareStatement> {
  const row = await sql.get<SoftwareRow>('SELECT * FROM directory_software WHERE id = ?', [id]);
  if (row) return toSoftware(row);
  throw new SandbankError('directory.software-not-found', 'The directory has no such software statement.', {
    actual: id,
  });
}

interface NewOrganisation {
  readonly name: string;
  readonly roles: readonly DirectoryRole[];
  readonly country: string;
  readonly registrationId?: string;
  readonly bankId?: string;
}

async function insertOrganisation(
  context: DirectoryContext,
  tx: SqlTransaction,
  entry: NewOrganisation,
): Promise<Organisation> {
  // 18 characters, as account ids of the UK directory's registry are: a common head, then ours.
  const id = `001580${(await nextId(tx, context.ids, 'organisation')).toUpperCase()}`;
  const count = await tx.get<{ last: bigint | null }>('SELECT MAX(ordinal) AS last FROM directory_organisations');
  const registrationId = entry.registrationId ?? String(FIRST_REGISTRATION + Number(count?.last ?? 0) + 1);
  const authority = { ...(AUTHORITIES[entry.country] ?? NO_AUTHORITY), registrationId, country: entry.country };
  await tx.run(
    `INSERT INTO directory_organisations (id, bank_id, name, status, roles, authority, created_at)
     VALUES (?, ?, ?, 'Active', ?, ?, ?)`,
    [id, entry.bankId ?? null, entry.name, JSON.stringify(entry.roles), JSON.stringify(authority), context.clock.now()],
  );
  return readOrganisation(tx, id);
}

type SoftwareDetails = Omit<SoftwareStatement, 'id' | 'organisationId' | 'status' | 'createdAt'>;

function checkSoftware(input: Parameters<Directory['createSoftware']>[0], organisation: Organisation): SoftwareDetails {
  const name = checkText('name', input.name, MAX_NAME);
  checkRedirectUris(input.redirectUris);
  const { clientUri, logoUri, policyUri, tosUri } = input;
  const pages = { clientUri, logoUri, policyUri, tosUri };
  for (const [path, uri] of Object.entries(pages)) checkPageUri(path, uri);
  return {
    name,
    description: input.description === undefined ? name : checkText('description', input.description, MAX_DESCRIPTION),
    version: input.version === undefined ? '1.0' : checkText('version', input.version, MAX_VERSION),
    roles: checkRoles(input.roles, organisation.roles),
    redirectUris: [...input.redirectUris],
    ...(clientUri !== undefined && { clientUri }),
    ...(logoUri !== undefined && { logoUri }),
    ...(policyUri !== undefined && { policyUri }),
    ...(tosUri !== undefined && { tosUri }),
  };
}

/** Narrows the search; what is found is compared as a whole. */
function likeText(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}

function checkStatus(status: string, allowed: readonly string[]): void {
  if (allowed.includes(status)) return;
  throw new SandbankError('directory.invalid-request', 'The status is unknown.', {
    path: 'status',
    expected: `any of ${allowed.join(', ')}`,
    actual: status,
  });
}

function toOrganisation(row: OrganisationRow): Organisation {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    roles: JSON.parse(row.roles) as Organisation['roles'],
    authority: JSON.parse(row.authority) as Organisation['authority'],
    createdAt: instant(Number(row.created_at)),
  };
}

function toSoftware(row: SoftwareRow): SoftwareStatement {
  return {
    ...(JSON.parse(row.details) as SoftwareDetails),
    id: row.id,
    organisationId: row.organisation_id,
    status: row.status,
    createdAt: instant(Number(row.created_at)),
  };
}
