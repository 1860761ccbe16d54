import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test, beforeAll, afterAll } from '@jest/globals';
import { importPKCS8 } from 'jose';
import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch, request } from 'undici';
import { openWorld, type World } from './negative/world.js';
import { registrationDesk } from '../support/registration.js';
import { claimsOf } from '../support/forged-jwt.js';
import { lodgeAccess, bodyOf, accessTo } from '../support/uk-bank.js';

let world: World;
beforeAll(async () => { world = await openWorld(); }, 60000);
afterAll(() => world.close());
const out: string[] = [];
const log = (...a: unknown[]) => { process.stderr.write(a.map((x) => typeof x === 'string' ? x : JSON.stringify(x)).join(' ') + '\n'); };
const probe = (name: string, f: () => Promise<void>) => test(name, async () => { log('== ' + name); try { await f(); } catch (e) { log('EXC', String(e), JSON.stringify((e as any).cause ?? null)?.slice(0, 600)); throw e; } });

probe('http listener', async () => {
  const http = world.sandbox.status.httpOrigin;
  for (const p of ['/bramble/authorize?client_id=x', '/bramble/token', '/bramble/.well-known/openid-configuration', '/bramble/register', '/bramble/open-banking/v4.0/aisp/accounts', '/_sandbox/status', '/bramble/interaction/abc', '/directory/participants', '/bramble/jwks']) {
    const r = await request(http + p, { method: 'GET', headers: {} });
    log(p, r.statusCode, (await r.body.text()).slice(0, 120));
  }
  const pending = await world.lantern.beginConsent(await lodgeAccess(world.lantern), 'accounts');
  const u = new URL(pending.authorizationUrl);
  const r = await request(http + u.pathname + u.search);
  log('authorize over http', r.statusCode, (await r.body.text()).slice(0, 300), r.headers);
});
probe('interaction id everywhere', async () => {
  const o = world.sandbox.status.publicOrigin; const m = world.sandbox.status.mtlsOrigin;
  for (const [method, url] of [['GET', o + '/bramble/.well-known/openid-configuration'], ['GET', o + '/bramble/jwks'], ['GET', o + '/bramble/authorize'], ['POST', o + '/bramble/token'], ['PUT', o + '/bramble/token'], ['GET', o + '/nope'], ['GET', m + '/bramble/open-banking/v4.0/aisp/nope'], ['DELETE', m + '/bramble/open-banking/v4.0/aisp/accounts'], ['GET', m + '/bramble/open-banking/v4.0/aisp/offers'], ['PATCH', m + '/bramble/register'], ['GET', o + '/_sandbox/status'], ['TRACE', o + '/bramble/token'], ['GET', o + '/directory/keystore/x/y.jwks'], ['GET', o + '/directory/keystore/x/__proto__.jwks'], ['POST', o + '/directory/participants'], ['GET', o+'/bramble/interaction/%'], ['GET', m + '/bramble/open-banking/v4.0/aisp/accounts/%E0%A4%A'], ['GET', o + '/bramble/%'], ['GET', m+'/bramble/register/%ff']] as const) {
    try {
    const r = await world.raw().send(url, { method: method as never });
    log(method, url.slice(22), r.status, r.headers.get('x-fapi-interaction-id') ? 'id' : 'NOID', r.headers.get('content-type'), r.headers.get('content-security-policy')?.slice(0, 60), r.text.slice(0, 160));
    } catch (e) { log(method, url, 'ERR', String(e)); }
  }
});
probe('refresh and code on the public listener', async () => {
  const t = world.lantern;
  const pending = await t.beginConsent(await lodgeAccess(t), 'accounts');
  const back = await world.customer.share(pending.authorizationUrl);
  const pub = t.metadata.token_endpoint ?? '';
  const form = async (fields: Record<string, string>, url = pub) => world.raw().send<any>(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ ...(await t.credentials()), ...fields }).toString() });
  const code = back.searchParams.get('code') ?? '';
  const r1 = await form({ grant_type: 'authorization_code', code, redirect_uri: t.tpp.redirectUris[0] ?? '', code_verifier: String(pending.checks.pkceCodeVerifier) });
  log('code no cert', r1.status, r1.text);
  const r2 = await form({ grant_type: 'refresh_token', refresh_token: world.access.tokens.refresh_token ?? '' });
  log('refresh no cert', r2.status, r2.text);
  const r3 = await form({ token: world.access.token }, t.metadata.introspection_endpoint ?? '');
  log('introspect no cert', r3.status, r3.text);
  const fresh = await world.freshAccess();
  await t.call('DELETE', `/aisp/account-access-consents/${fresh.consentId}`, { token: await t.clientToken('accounts') });
  const r4 = await form({ token: fresh.token }, t.metadata.introspection_endpoint ?? '');
  log('introspect dead', r4.status, r4.text);
  const r5 = await form({ token: fresh.tokens.refresh_token ?? '' }, t.metadata.introspection_endpoint ?? '');
  log('introspect dead refresh', r5.status, r5.text);
});
probe('id token claims', async () => {
  const f = await world.freshAccess();
  log(claimsOf(f.tokens.id_token ?? ''));
});
probe('dcr', async () => {
  const tpp = await world.newcomer();
  const desk = await registrationDesk(world.sandbox, tpp);
  const r = await desk.post(await desk.request({ jwks_uri: 'https://169.254.169.254/x', client_id_issued_at: 5, client_secret: 'x', require_signed_request_object: false, logo_uri: 'javascript:alert(1)', initiate_login_uri: 'http://evil' , default_max_age: 'x', subject_type: 'pairwise', sector_identifier_uri: 'http://127.0.0.1/', backchannel_logout_uri: 'http://127.0.0.1', jwks: { keys: [] }, response_modes: ['query'], request_uris: ['https://x'] }));
  log('odd claims', r.status, r.text.replace(/eyJ[^"]+/g, 'JWT'));
  const big = await world.raw({ chainPem: tpp.transport.chainPem, privateKeyPem: tpp.transport.privateKeyPem }).send(desk.endpoint, { method: 'POST', headers: { 'content-type': 'application/jwt' }, body: 'a'.repeat(3_000_000) }).then((x) => [x.status, x.text], (e) => ['ERR', String(e)]);
  log('big', big);
  const bigToken = await world.raw().send(world.issuer + '/token', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=' + 'b'.repeat(3_000_000) }).then((x) => [x.status, x.text.slice(0, 200)], (e) => ['ERR', String(e)]);
  log('big token', bigToken);
  // redaction ReDoS
  const evil = 'eyJ-'.repeat(11000);
  const t0 = Date.now();
  const r2 = await desk.post(await desk.request({ iss: evil }));
  log('redos', r2.status, Date.now() - t0, r2.text.slice(0, 100));
  const mods = { redirect_uris: [Array(10).fill('https://localhost:3000/callback')] } ;
  for (const [n, c] of Object.entries({ nested: mods, scopeobj: { scope: { a: 1 } }, gtdup: { grant_types: ['implicit'] }, proto: { ['__proto__x']: 1 }, manyuris: { redirect_uris: Array(3000).fill('https://localhost:3000/callback') }, tlsdn: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=x' }, ok: { grant_types: ['client_credentials'] }, noauthcode: { grant_types: ['authorization_code'] }, emptyscope: { scope: '' }, scopesp: { scope: ' openid  accounts' }, noscope: {scope: 'accounts'} })) {
    const x = await desk.post(await desk.request({ response_types: ['code'], ...c }));
    log(n, x.status, x.status === 201 ? 'OK ' + x.body.scope : x.text.slice(0, 250));
  }
  await desk.close();
});
probe('fapi1 objects', async () => {
  const h = world.harbour;
  const id = await lodgeAccess(h);
  const now = Math.floor(Date.now() / 1000);
  for (const [name, claims, par] of [
    ['exp 70', { exp: now + 70 * 60 }, {}], ['nbf -70', { nbf: now - 70 * 60, exp: now + 60 }, {}], ['nbf-70exp-10', { nbf: now - 70 * 60, exp: now - 60 }, {}], ['no exp', { exp: undefined }, {}], ['no nbf', { nbf: undefined }, {}], ['no scope', { scope: undefined }, {}], ['no nonce', { nonce: undefined }, {}], ['no redirect', { redirect_uri: undefined }, {}], ['no state inside', { state: undefined }, { state: 'outer' }], ['nonce differs', {}, { nonce: 'other' }], ['aud array', { aud: ['https://x', world.issuer] }, {}], ['bad aud', { aud: 'https://x' }, {}], ['response_mode query', { response_mode: 'query' }, {}], ['rm query outside', {}, { response_mode: 'query' }], ['form_post', { response_mode: 'form_post' }, {}], ['jwt', { response_mode: 'jwt' }, {}], ['response_type code', { response_type: 'code' }, { response_type: 'code' }], ['acr bad essential', { claims: { id_token: { openbanking_intent_id: { value: id, essential: true }, acr: { essential: true, value: 'urn:mace:x' } } } }, {}], ['long nonce', { nonce: 'n'.repeat(2000) }, {}], ['prompt none', { prompt: 'none' }, {}], ['iss other', { iss: 'x' }, {}], ['client_id other', { client_id: 'x' }, {}], ['max_age 0', { max_age: 0 }, {}], ['claims str', { claims: 'xx' }, {}], ['claims arr', { claims: [] }, {}], ['id_token arr', { claims: { id_token: [] } }, {}], ['acr str', { claims: { id_token: { openbanking_intent_id: { value: id }, acr: { values: 'x', essential: true } } } }, {}], ['acr num values', { claims: { id_token: { openbanking_intent_id: { value: id }, acr: { values: [1], essential: true } } } }, {}], ['intent num', { claims: { id_token: { openbanking_intent_id: { value: 7 } } } }, {}], ['intent in userinfo only', { claims: { userinfo: { openbanking_intent_id: { value: id } } } }, {}],
    ['scope both', { scope: 'openid accounts payments' }, {}], ['scope no openid', { scope: 'accounts' }, {}], ['resource evil', { resource: 'https://evil' }, {}], ['id_token_hint', { id_token_hint: 'x' }, {}], ['ui', { ui_locales: 'x', login_hint: '<script>' }, {}]
  ] as const) {
    const p = await h.beginConsent(id, 'accounts', { claims: claims as never });
    const u = new URL(p.authorizationUrl);
    for (const [k, v] of Object.entries(par)) u.searchParams.set(k, v as string);
    const r = await world.raw().send(u.href);
    const loc = r.headers.get('location');
    log(name.padEnd(24), r.status, loc ? loc.slice(0, 230) : (/id="error-code"[^>]*>([^<]*)/.exec(r.text)?.[1] + ' ' + (/<p[^>]*>([^<]*)</.exec(r.text)?.[1])), r.text.includes('oops') ? '' : '');
  }
  const p = await h.beginConsent(id, 'accounts');
  const back = await world.customer.share(p.authorizationUrl);
  log(claimsOf(new URLSearchParams(back.hash.slice(1)).get('id_token') ?? ''));
  log('params', [...new URLSearchParams(back.hash.slice(1)).keys()]);
});
