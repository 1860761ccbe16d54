import { createHash, randomBytes, randomUUID } from 'node:crypto';

import { decodeJwt, importPKCS8, SignJWT, type JWTPayload } from 'jose';
import { CookieJar } from 'tough-cookie';
import { Agent, fetch, type RequestInit, type Response } from 'undici';

import type { IssuedCertificate } from '../../src/directory/index.js';
import type { RequestRecord } from '../../src/observe/index.js';
import { ACR, CUSTOMER_NUMBER, PASSWORD, type Stage } from './stage.js';

export const REDIRECT_URI = 'https://localhost:3000/callback';

export interface Keys {
  readonly certificate: IssuedCertificate;
  readonly privateKeyPem: string;
}

/** A third party's software with its certificates: enough of a TPP to talk to a bank by hand. */
export interface ThirdParty {
  readonly organisationId: string;
  readonly softwareId: string;
  readonly transport: Keys;
  readonly signing: Keys;
  /** Over the third party's certificate; follows no redirect. */
  call(url: string, init?: RequestInit): Promise<Response>;
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function createThirdParty(
  stage: Stage,
  options: {
    readonly name?: string;
    readonly roles?: readonly string[];
    readonly redirectUris?: readonly string[];
  } = {},
): Promise<ThirdParty> {
  const { directory } = stage;
  const { name = 'Moneta', roles = ['AISP', 'PISP'], redirectUris = [REDIRECT_URI] } = options;
  const organisation = await directory.createOrganisation({ name, roles });
  const software = await directory.createSoftware({ organisationId: organisation.id, name, roles, redirectUris });
  const issue = async (kind: 'transport' | 'signing'): Promise<Keys> => {
    const { certificate, privateKeyPem } = await directory.issueCertificate({ softwareId: software.id, kind });
    return { certificate, privateKeyPem: privateKeyPem! };
  };
  const [transport, signing] = await Promise.all([issue('transport'), issue('signing')]);
  const key = await importPKCS8(signing.privateKeyPem, 'PS256');
  const dispatcher = new Agent({
    connect: { ca: directory.rootCertificatePem, cert: transport.certificate.chainPem, key: transport.privateKeyPem },
  });
  return {
    organisationId: organisation.id,
    softwareId: software.id,
    transport,
    signing,
    call: (url, init) => fetch(url, { ...init, dispatcher, redirect: 'manual' }),
    sign: (claims, header) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'PS256', kid: signing.certificate.kid, typ: 'JWT', ...header })
        .sign(key),
  };
}

/** Without a certificate. */
export function anonymous(stage: Stage): (url: string, init?: RequestInit) => Promise<Response> {
  const dispatcher = new Agent({ connect: { ca: stage.directory.rootCertificatePem } });
  return (url, init) => fetch(url, { ...init, dispatcher, redirect: 'manual' });
}

export function epoch(offsetSeconds = 0): number {
  return Math.floor(Date.now() / 1_000) + offsetSeconds;
}

export async function registrationClaims(
  stage: Stage,
  tpp: ThirdParty,
  more: Readonly<Record<string, unknown>> = {},
): Promise<JWTPayload> {
  return {
    iss: tpp.softwareId,
    aud: stage.issuer,
    iat: epoch(),
    exp: epoch(300),
    jti: randomUUID(),
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    response_types: ['code'],
    software_id: tpp.softwareId,
    scope: 'openid accounts payments',
    software_statement: await stage.directory.assertion(tpp.softwareId),
    application_type: 'web',
    id_token_signed_response_alg: 'PS256',
    request_object_signing_alg: 'PS256',
    ...more,
  };
}

export function postRegistration(stage: Stage, tpp: ThirdParty, body: string): Promise<Response> {
  return tpp.call(`${stage.mtlsOrigin}/bramble/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/jwt' },
    body,
  });
}

export async function register(
  stage: Stage,
  tpp: ThirdParty,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await postRegistration(stage, tpp, await tpp.sign(await registrationClaims(stage, tpp, more)));
  const body = (await answer.json()) as { client_id: string };
  if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${JSON.stringify(body)}`);
  return body.client_id;
}

/** Posts to an endpoint with a client assertion, over the certificate. */
export async function post(
  stage: Stage,
  { tpp, clientId, path }: { readonly tpp: ThirdParty; readonly clientId: string; readonly path: string },
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const assertion = await tpp.sign({
    iss: clientId,
    sub: clientId,
    aud: stage.issuer,
    iat: epoch(),
    exp: epoch(60),
    jti: randomUUID(),
  });
  const answer = await tpp.call(`${stage.mtlsOrigin}/bramble${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      ...form,
    }).toString(),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

export async function accountConsent(stage: Stage, clientId: string, days = 90): Promise<string> {
  const { value } = await stage.bank.consents.create({
    clientId,
    standard: 'test/1',
    subject: { kind: 'account-access', capabilities: ['accounts.list'], recurring: true },
    expiresAt: (stage.clock.now() + days * 86_400_000) as never,
    reauthorisable: true,
    wire: '{}',
  });
  return value.id;
}

export async function paymentConsent(stage: Stage, clientId: string): Promise<string> {
  const written = await stage.bank.consents.create({
    clientId,
    standard: 'test/1',
    subject: {
      kind: 'payment',
      instruction: {
        amount: { amountMinor: 1_250n, currency: 'GBP' },
        creditor: { scheme: 'sort-code-account-number', identification: '11223387654321', name: 'Larkrise' },
        endToEndId: 'E1',
        instructionId: 'I1',
        rail: 'faster-payments',
      },
    },
    reauthorisable: false,
    wire: '{}',
  });
  return written.value.id;
}

export function claimsOf(consentId: string): Record<string, unknown> {
  return {
    id_token: {
      openbanking_intent_id: { value: consentId, essential: true },
      acr: { values: [ACR], essential: true },
    },
  };
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export function parForm(consentId: string, { challenge }: Pkce, scope = 'openid accounts'): Record<string, string> {
  return {
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope,
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    claims: JSON.stringify(claimsOf(consentId)),
  };
}

export interface Page {
  readonly outcome: string;
  readonly code?: string;
  readonly redirectTo?: string;
  readonly step?: {
    readonly step: string;
    readonly csrf: string;
    readonly problem?: string;
    readonly attemptsLeft?: number;
    readonly sentTo?: string;
    readonly accounts?: readonly { readonly account: { readonly id: string }; readonly eligible: boolean }[];
  };
}

/** A customer's browser with a cookie jar of its own. */
export interface Browser {
  /** Follows redirects inside the bank; stops at a page or at an address elsewhere. */
  open(
    url: string,
  ): Promise<{ readonly uid?: string; readonly leftFor?: string; readonly status: number; readonly html: string }>;
  page(uid: string): Promise<Page>;
  /** The page of one journey with the cookies of another. */
  pageWithCookiesOf(uid: string, otherUid: string): Promise<Page>;
  submit(uid: string, step: string, form: Readonly<Record<string, unknown>>): Promise<Page>;
}

export function createBrowser(stage: Stage): Browser {
  const jar = new CookieJar();
  const plain = anonymous(stage);
  const visit = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = await jar.getCookieString(url);
    const answer = await plain(url, { ...init, headers: { ...(init.headers as object), cookie } });
    for (const line of answer.headers.getSetCookie()) await jar.setCookie(line, url, { ignoreError: true });
    return answer;
  };
  const base = `${stage.issuer}/interaction`;
  return {
    async open(url) {
      let target = url;
      for (;;) {
        const answer = await visit(target);
        const location = answer.headers.get('location');
        if (location === null) return { status: answer.status, html: await answer.text() };
        const next = new URL(location, target);
        if (next.origin !== stage.publicOrigin) return { status: answer.status, html: '', leftFor: next.href };
        const uid = /\/interaction\/([^/]+)$/.exec(next.pathname)?.[1];
        if (uid !== undefined) return { status: answer.status, html: '', uid };
        target = next.href;
      }
    },
    page: async (uid) => (await (await visit(`${base}/${uid}`)).json()) as Page,
    pageWithCookiesOf: async (uid, otherUid) => {
      const cookie = await jar.getCookieString(`${base}/${otherUid}`);
      return (await (await plain(`${base}/${uid}`, { headers: { cookie } })).json()) as Page;
    },
    submit: async (uid, step, form) =>
      (await (
        await visit(`${base}/${uid}/${step}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(form),
        })
      ).json()) as Page,
  };
}

export async function newestCode(stage: Stage, partyId = stage.partyId): Promise<string> {
  const inbox = await stage.bank.messages.inbox(partyId);
  return inbox.find(({ code }) => code !== undefined)!.code!;
}

/** Goes the whole way of an account journey and answers the redirect to the third party. */
export async function approveAccounts(
  stage: Stage,
  browser: Browser,
  uid: string,
  customer: { readonly number: string; readonly partyId: string; readonly account: { readonly id: string } } = {
    number: CUSTOMER_NUMBER,
    partyId: stage.partyId,
    account: stage.account,
  },
): Promise<string> {
  let page = await browser.page(uid);
  const csrf = page.step!.csrf;
  page = await browser.submit(uid, 'login', { csrf, username: customer.number, password: PASSWORD });
  page = await browser.submit(uid, 'code', { csrf, code: await newestCode(stage, customer.partyId) });
  page = await browser.submit(uid, 'accounts', { csrf, accounts: [customer.account.id] });
  page = await browser.submit(uid, 'review', { csrf, decision: 'approve' });
  if (page.outcome !== 'done') throw new Error(`the journey stopped: ${JSON.stringify(page)}`);
  return (await browser.open(page.redirectTo!)).leftFor!;
}

/** The trace is closed a moment after the answer has been read. */
export async function recordOf(stage: Stage, interactionId: string): Promise<RequestRecord> {
  for (let turn = 0; turn < 1_000; turn += 1) {
    const [record] = await stage.recorder.find(interactionId);
    if (record) return record;
    await new Promise((done) => setImmediate(done));
  }
  throw new Error(`no record of ${interactionId}`);
}

export interface Authorised {
  readonly consentId: string;
  readonly code: string;
  readonly verifier: string;
  readonly redirect: URL;
}

/** FAPI 2 up to the code. */
export async function authoriseByPar(
  stage: Stage,
  client: { readonly tpp: ThirdParty; readonly clientId: string },
  days?: number,
): Promise<Authorised> {
  const consentId = await accountConsent(stage, client.clientId, days);
  const proof = pkce();
  const pushed = await post(stage, { ...client, path: '/par' }, parForm(consentId, proof));
  if (pushed.status !== 201) throw new Error(`PAR: ${JSON.stringify(pushed)}`);
  const browser = createBrowser(stage);
  const { uid } = await browser.open(authorizeUrl(stage, client.clientId, String(pushed.body['request_uri'])));
  const redirect = new URL(await approveAccounts(stage, browser, uid!));
  return { consentId, code: redirect.searchParams.get('code')!, verifier: proof.verifier, redirect };
}

export function authorizeUrl(stage: Stage, clientId: string, requestUri: string): string {
  return `${stage.issuer}/authorize?${new URLSearchParams({ client_id: clientId, request_uri: requestUri }).toString()}`;
}

export function redeem(
  stage: Stage,
  client: { readonly tpp: ThirdParty; readonly clientId: string },
  { code, verifier }: Pick<Authorised, 'code' | 'verifier'>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  return post(
    stage,
    { ...client, path: '/token' },
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    },
  );
}

export { decodeJwt };

/** The claims of a FAPI 1 request object for this consent. */
export function requestObjectClaims(
  stage: Stage,
  { clientId, consentId }: { readonly clientId: string; readonly consentId: string },
  more: Readonly<Record<string, unknown>> = {},
): JWTPayload {
  return {
    iss: clientId,
    aud: stage.issuer,
    client_id: clientId,
    response_type: 'code id_token',
    redirect_uri: REDIRECT_URI,
    scope: 'openid accounts',
    state: 'state-1',
    nonce: 'nonce-1',
    nbf: epoch(-1),
    exp: epoch(300),
    iat: epoch(),
    jti: randomUUID(),
    claims: claimsOf(consentId),
    ...more,
  };
}

/** By value, with what OIDC wants to see outside as well. */
export function requestUrl(stage: Stage, clientId: string, request: string): string {
  const outside = {
    client_id: clientId,
    response_type: 'code id_token',
    scope: 'openid accounts',
    redirect_uri: REDIRECT_URI,
  };
  return `${stage.issuer}/authorize?${new URLSearchParams({ ...outside, request }).toString()}`;
}
