import { randomUUID } from 'node:crypto';

import type { NewTpp, Sandbox } from '../../src/index.js';
import { createRawClient, type Identity, type RawRequest } from './raw-client.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests name the members they expect
export type Json = any;

export interface BerlinAnswer {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
  readonly headers: Headers;
  /** The X-Request-ID that was sent. */
  readonly requestId: string;
}

export interface BerlinCall {
  readonly body?: unknown;
  readonly xml?: string;
  /** `undefined` leaves out what is sent otherwise. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A third party of Dogger Bank: a certificate and plain HTTP, nothing else. */
export interface BerlinParty {
  readonly softwareId: string;
  /** `https://localhost:8444/dogger/psd2` */
  readonly base: string;
  /** The path is below the base, or an address that the bank gave. */
  ask(method: NonNullable<RawRequest['method']>, path: string, call?: BerlinCall): Promise<BerlinAnswer>;
  close(): Promise<void>;
}

export const DONE = 'https://lantern.example/done';
export const FAILED = 'https://lantern.example/failed';
export const REDIRECT = { 'tpp-redirect-uri': DONE, 'tpp-nok-redirect-uri': FAILED };
export const EMBEDDED = { 'tpp-redirect-preferred': 'false', 'tpp-decoupled-preferred': 'false' };
export const DECOUPLED = { 'tpp-redirect-preferred': 'false', 'tpp-decoupled-preferred': 'true' };

export async function newBerlinParty(sandbox: Sandbox, input: Partial<NewTpp> = {}): Promise<BerlinParty> {
  const roles = ['AISP', 'PISP', 'CBPII'];
  const tpp = await sandbox.createTpp({ name: 'Laterne Konten', country: 'DE', banks: ['dogger'], roles, ...input });
  return { ...berlinClient(sandbox, tpp.transport), softwareId: tpp.softwareId };
}

/** Over any certificate, or none. */
export function berlinClient(sandbox: Sandbox, identity?: Identity): Omit<BerlinParty, 'softwareId'> {
  const client = createRawClient({ caPem: sandbox.caPem, ...(identity && { identity }) });
  const base = sandbox.bank('dogger').standards.find(({ id }) => id === 'berlin-group')?.baseUrl ?? '';
  return {
    base,
    async ask(method, path, { body, xml, headers = {} } = {}) {
      const given: Readonly<Record<string, string | undefined>> = {
        'x-request-id': randomUUID(),
        'psu-ip-address': '192.0.2.7',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(xml !== undefined && { 'content-type': 'application/xml' }),
        ...headers,
      };
      const sent = Object.fromEntries(
        Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined),
      );
      const content = xml ?? (body === undefined ? undefined : JSON.stringify(body));
      const answer = await client.send<Json>(path.startsWith('https:') ? path : `${base}${path}`, {
        method,
        headers: sent,
        ...(content !== undefined && { body: content }),
      });
      return { ...answer, requestId: sent['x-request-id'] ?? '' };
    },
    close: () => client.close(),
  };
}

/** Status and codes of a refusal, as a table states them. */
export function refusalOf({ status, body }: BerlinAnswer): string {
  const told = ((body?.tppMessages ?? []) as readonly { readonly code: string }[]).map(({ code }) => code);
  return [String(status), ...new Set(told)].join(' ');
}
