import { organisationIdentifier, type Directory, type Organisation } from '../../directory/index.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import { BY_CERTIFICATE, KNOWN_BY } from '../demands.js';
import type { ClientStore } from './client-store.js';
import type { KnownClient, KnownClients } from './known-clients.js';
import { isAcceptableRedirect } from './redirect-uris.js';

export interface CertificateClientOptions {
  readonly directory: Pick<Directory, 'organisationByIdentifier' | 'softwareOf'>;
  readonly recorder: CheckRecorder;
  readonly developmentRedirects: boolean;
}

/**
 * Registered clients first. Where the bank knows third parties by their certificates, a client id may also be the
 * organizationIdentifier of one: such a client is nowhere written down, it is what the directory says at this moment.
 */
export function withCertificateClients(registered: ClientStore, options: CertificateClientOptions): KnownClients {
  const byCertificate = async (clientId: string): Promise<KnownClient | undefined> => {
    const organisation = await options.directory.organisationByIdentifier(clientId);
    return organisation && toClient(organisation, options);
  };
  const activeByCertificate = async (clientId: string): Promise<KnownClient | undefined> => {
    const organisation = await options.directory.organisationByIdentifier(clientId);
    if (!organisation || !isInStanding(organisation, options)) return undefined;
    const client = await toClient(organisation, options);
    return hasRedirect(client, options) ? client : undefined;
  };
  return {
    find: async (clientId) => (await registered.find(clientId)) ?? (await byCertificate(clientId)),
    active: async (clientId) =>
      (await registered.find(clientId)) ? registered.active(clientId) : activeByCertificate(clientId),
    async metadataOf(clientId) {
      if (await registered.find(clientId)) return registered.metadataOf(clientId);
      const client = await activeByCertificate(clientId);
      return client && { ...client.metadata, client_id: client.clientId };
    },
  };
}

/**
 * Its customers come back to an address of the software that the directory keeps for the organisation, and to no other:
 * certificates here have no names of hosts that an address could be held against (1.3.12, 4.10).
 */
async function toClient(organisation: Organisation, options: CertificateClientOptions): Promise<KnownClient> {
  const { directory, developmentRedirects } = options;
  const clientId = organisationIdentifier(organisation.authority);
  const software = (await directory.softwareOf(organisation.id)).filter(({ status }) => status === 'Active');
  const redirectUris = [...new Set(software.flatMap((one) => one.redirectUris))];
  const links = { logo_uri: 'logoUri', policy_uri: 'policyUri', tos_uri: 'tosUri' } as const;
  return {
    clientId,
    organisationId: organisation.id,
    name: organisation.name,
    organisationName: organisation.name,
    metadata: {
      [KNOWN_BY]: BY_CERTIFICATE,
      client_name: organisation.name,
      application_type: 'web',
      redirect_uris: redirectUris.filter((uri) => isAcceptableRedirect(uri, developmentRedirects)),
      response_types: ['code'],
      response_modes: ['query'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'tls_client_auth',
      // RFC 8705 2.1.2 by one attribute: the other parts of a subject may change with the next certificate.
      tls_client_auth_subject_dn: `organizationIdentifier=${clientId}`,
      tls_client_certificate_bound_access_tokens: true,
      id_token_signed_response_alg: 'PS256',
      ...Object.fromEntries(
        Object.entries(links).flatMap(([name, key]) => {
          const link = software.map((one) => one[key]).find((value) => value !== undefined);
          return link === undefined ? [] : [[name, link]];
        }),
      ),
    },
  };
}

function isInStanding({ status }: Organisation, { recorder }: CertificateClientOptions): boolean {
  return recordCheck(recorder, status === 'Active', {
    name: 'the organisation is active in the directory',
    expected: 'Active',
    actual: status,
    remedy: 'The participant was revoked or withdrawn; ask the directory to make it active again.',
  });
}

function hasRedirect({ metadata }: KnownClient, { recorder }: CertificateClientOptions): boolean {
  const uris = metadata['redirect_uris'] as readonly string[];
  return recordCheck(recorder, uris.length > 0, {
    name: 'the directory knows where customers of this organisation come back to',
    expected: 'active software of the organisation with a redirect URI that this bank takes',
    actual: 'none',
    remedy: 'Enter software with its redirect URIs into the directory.',
  });
}
