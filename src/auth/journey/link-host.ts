import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { Authorisation, Bank } from '../../bank/index.js';
import type { Directory } from '../../directory/index.js';
import { MS_PER_MINUTE, SandbankError, type Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import { JourneyEnded } from './journey-ended.js';
import type { JourneyHost, Visit } from './journey-host.js';

export interface LinkHostOptions {
  readonly bank: Bank;
  readonly storage: Storage;
  readonly wall: Clock;
  readonly directory: Pick<Directory, 'organisationByIdentifier'>;
  readonly recorder: CheckRecorder;
  /** `https://localhost:8443/dogger` */
  readonly publicBase: string;
}

export interface LinkHost extends JourneyHost {
  /** A page for an authorisation that was started by a call, and where the customer is sent afterwards. */
  urlFor(input: { readonly authorisationId: string; readonly done: string; readonly failed?: string }): Promise<string>;
  /** Forgets the links that are over. */
  purge(): Promise<void>;
}

/** Below the bank's path. */
export const LINK_ROUTE = '/sca';
const LINK_MS = 15 * MS_PER_MINUTE;

interface LinkRow {
  readonly link: string;
  readonly authorisation_id: string;
  readonly done: string;
  readonly failed: string | null;
  readonly expires_at: bigint;
  readonly browser: string | null;
}

/**
 * Journeys behind a link. Whoever opens it first has it: that browser gets a cookie, and every other one is refused. The
 * tables hold digests only, so that reading the database opens nobody's page.
 */
export function createLinkHost(options: LinkHostOptions): LinkHost {
  const { bank, storage, wall, recorder, publicBase } = options;
  const { consents } = bank;
  const bankId = bank.profile.id;
  return {
    async urlFor({ authorisationId, done, failed }) {
      for (const url of [done, ...(failed === undefined ? [] : [failed])]) refuseUnsafe(url);
      const uid = randomBytes(32).toString('base64url');
      await storage.transaction((tx) =>
        tx.run(
          'INSERT INTO auth_links (bank, link, authorisation_id, done, failed, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
          [bankId, digest(uid), authorisationId, done, failed ?? null, wall.now() + LINK_MS],
        ),
      );
      return `${publicBase}${LINK_ROUTE}/${uid}`;
    },
    async purge() {
      await storage.transaction((tx) =>
        tx.run('DELETE FROM auth_links WHERE bank = ? AND expires_at <= ?', [bankId, wall.now()]),
      );
    },
    async open(visit) {
      const row = await claimedBy(visit, options);
      const run = await consents.authorisation(row.authorisation_id);
      const { clientId } = await consents.get(run.consentId);
      recorder.current()?.know({ clientId, bank: bankId });
      const away = row.failed ?? row.done;
      return {
        purpose: run.purpose,
        returnTo: run.status === 'failed' ? away : await addressAfter(row, run, options),
        begin: () =>
          Promise.resolve({ consentId: run.consentId, authorisationId: run.id, request: digest(`link ${visit.uid}`) }),
        asker: async () => ({
          ...(await namesOf(clientId, options)),
          // A form may end at either; where both are of one origin, which is usual, that one is named.
          redirectOrigin: [...new Set([row.done, away].map((url) => new URL(url).origin))].join(' '),
        }),
        prepareApproval: () =>
          Promise.resolve(async () => addressAfter(row, await consents.authorisation(run.id), options)),
        refused: () => Promise.resolve(away),
        ended: () => Promise.resolve(away),
      };
    },
  };
}

/** In the address to which the browser returns: the client proves with it that the browser came back to it. */
const CONFIRMATION_PARAMETER = 'confirmationCode';

/** Where the customer goes after her yes; with a fresh code where the client has to confirm it, also when she comes again. */
async function addressAfter(
  { done }: Pick<LinkRow, 'done'>,
  run: Pick<Authorisation, 'id' | 'status'>,
  { bank }: LinkHostOptions,
): Promise<string> {
  if (run.status !== 'unconfirmed') return done;
  const code = await bank.consents.issueConfirmation(run.id);
  if (code === undefined) return done;
  const url = new URL(done);
  url.searchParams.set(CONFIRMATION_PARAMETER, code);
  return url.href;
}

/** A customer is sent to a web page, never to a script or into the clear. Throws `field.invalid`. */
function refuseUnsafe(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || isLocal) return;
  throw new SandbankError('field.invalid', 'This is no address to send a customer to.', {
    path: 'redirectUri',
    expected: 'https, or http to localhost',
    actual: address.slice(0, 200),
  });
}

async function namesOf(
  clientId: string,
  { directory }: LinkHostOptions,
): Promise<{ readonly name: string; readonly organisation: string; readonly registration?: string }> {
  const organisation = await directory.organisationByIdentifier(clientId);
  if (!organisation) return { name: clientId, organisation: clientId };
  const { name, authority } = organisation;
  return { name, organisation: name, registration: `${authority.id} ${authority.registrationId}` };
}

/** The link, if it is of this browser: bound to it before, or by this very request, which is then the first. */
async function claimedBy(visit: Visit, options: LinkHostOptions): Promise<LinkRow> {
  const { recorder, wall } = options;
  const key = digest(visit.uid);
  const row = await find(key, options);
  const isAlive = row !== undefined && row.expires_at > BigInt(wall.now());
  const isOwn = isAlive && (row.browser === null ? await bind(visit, key, options) : isOfBrowser(visit, key, row));
  const own = recordCheck(recorder, isOwn, {
    name: 'the visit belongs to the browser that opened the link first',
    expected: 'a link of the last quarter of an hour and the cookie that went with its first visit',
    actual: isAlive ? 'the browser of somebody else' : 'no living link',
    remedy: 'Start the authorisation again and send the customer to the new link.',
  });
  if (own && row) return row;
  throw new JourneyEnded(
    'journey-not-found',
    'This visit has ended or was started elsewhere. Please start again from the app that sent you here.',
  );
}

/** Of several browsers that open a link at once, one wins. */
async function bind(visit: Visit, key: string, options: LinkHostOptions): Promise<boolean> {
  // A form is not the first thing that a browser sends.
  if (visit.request.method !== 'GET') return false;
  const secret = randomBytes(32).toString('base64url');
  const { changes } = await options.storage.transaction((tx) =>
    tx.run('UPDATE auth_links SET browser = ? WHERE bank = ? AND link = ? AND browser IS NULL', [
      digest(secret),
      options.bank.profile.id,
      key,
    ]),
  );
  if (changes !== 1) return false;
  const path = new URL(options.publicBase).pathname;
  const seconds = LINK_MS / 1_000;
  visit.response.appendHeader(
    'set-cookie',
    `${cookieName(key)}=${secret}; Path=${path}; Max-Age=${String(seconds)}; HttpOnly; Secure; SameSite=Lax`,
  );
  return true;
}

function isOfBrowser({ request }: Visit, key: string, { browser }: LinkRow): boolean {
  const given = Buffer.from(digest(cookieOf(request, cookieName(key)) ?? ''));
  const expected = Buffer.from(browser ?? '');
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}

/** One for each link: two journeys in one browser do not get into each other's way. */
function cookieName(key: string): string {
  return `sca-${key.slice(0, 12)}`;
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function find(key: string, { storage, bank }: LinkHostOptions): Promise<LinkRow | undefined> {
  return storage.read.get<LinkRow>('SELECT * FROM auth_links WHERE bank = ? AND link = ?', [bank.profile.id, key]);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
