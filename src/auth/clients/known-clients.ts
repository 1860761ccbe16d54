import type { AdapterPayload } from 'oidc-provider';

/** Who may ask a customer of this bank for something. */
export interface KnownClient {
  readonly clientId: string;
  readonly organisationId: string;
  readonly name: string;
  readonly organisationName: string;
  /** What oidc-provider works with. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface KnownClients {
  find(clientId: string): Promise<KnownClient | undefined>;
  /** Undefined as well when the directory has withdrawn whoever it is. */
  active(clientId: string): Promise<KnownClient | undefined>;
  /** The same client in the terms of oidc-provider. */
  metadataOf(clientId: string): Promise<AdapterPayload | undefined>;
}
