import { expect } from '@jest/globals';

import type { ApiAnswer, PendingConsent, ThirdParty } from '../../support/third-party.js';
import { bodyOf, consentStatus, lodgeAccess, payeeOf, planPayment, postPaymentConsent } from '../../support/uk-bank.js';
import { createWalk, tokenOf, type Fields, type Walk } from '../../support/walk.js';
import type { Attempt, NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const JOURNEY = ['auth_journeys', 'authorisations', 'consent_evidence'] as const;
/** A wrong code is counted for its customer, over all her journeys. */
const WRONG_CODE = [...JOURNEY, 'login_failures'] as const;

/** A customer's browser in the middle of a journey. */
export interface Stand {
  readonly walk: Walk;
  /** `.../interaction/{uid}` */
  readonly base: string;
  readonly csrf: string;
  readonly client: ThirdParty;
  readonly consentId: string;
  readonly pending: PendingConsent;
  readonly persona: string;
  post(step: string, fields: Fields, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
}

interface Start {
  readonly persona?: string;
  /** Of the consent. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly payment?: { readonly debtor?: { readonly identification: string; readonly name: string } };
}

export async function atLogin(
  world: World,
  { persona = 'salaried-renter', payment, data }: Start = {},
): Promise<Stand> {
  const { lantern: client, sandbox } = world;
  const consentId = payment ? await lodgePayment(world, payment) : await lodgeAccess(client, data);
  const pending = await client.beginConsent(consentId, payment ? 'payments' : 'accounts');
  const walk = createWalk(world.raw(), sandbox.status.publicOrigin);
  const { url, answer } = await walk.arrive(pending.authorizationUrl);
  if (!url.pathname.endsWith('/login')) throw new Error(`no login page at ${url.href}: ${answer.text.slice(0, 300)}`);
  const base = url.href.slice(0, -'/login'.length);
  const csrf = tokenOf(answer.text);
  const post: Stand['post'] = (step, fields, headers) => walk.post(`${base}/${step}`, { csrf, ...fields }, headers);
  return { walk, base, csrf, client, consentId, pending, persona, post };
}

async function lodgePayment(
  { lantern, customerOf }: World,
  { debtor }: NonNullable<Start['payment']>,
): Promise<string> {
  const plan = planPayment({
    amount: '3.00',
    payee: payeeOf(await customerOf('freelancer')),
    ...(debtor && { debtor }),
  });
  return bodyOf(await postPaymentConsent(lantern, plan), 201).Data.ConsentId;
}

async function credentialsOf(
  { sandbox }: World,
  persona: string,
): Promise<{ readonly username: string; readonly password: string }> {
  const known = (await sandbox.bank('bramble').customers()).find((one) => one.persona === persona);
  if (!known) throw new Error(`no persona ${persona}`);
  return { username: known.customerNumber, password: known.password };
}

export async function codeOf(world: World, persona: string): Promise<string> {
  const { username } = await credentialsOf(world, persona);
  return (await world.sandbox.bank('bramble').latestCode(username)) ?? '';
}

/** A code that is certainly not the right one. */
async function wrongCodeOf(world: World, persona: string): Promise<string> {
  const right = await codeOf(world, persona);
  return String((Number(right) + 1) % 1_000_000).padStart(6, '0');
}

export async function pastLogin(world: World, start: Start = {}): Promise<Stand> {
  const stand = await atLogin(world, start);
  expectStep(
    await stand.post('login', await credentialsOf(world, stand.persona)),
    start.payment ? /accounts|confirm/ : /code/,
  );
  return stand;
}

export async function atAccounts(world: World, start: Start = {}): Promise<Stand> {
  const stand = await pastLogin(world, start);
  if (!start.payment) expectStep(await stand.post('code', { code: await codeOf(world, stand.persona) }), /accounts/);
  return stand;
}

/** At the review of what is shared, or at the confirmation of a payment. */
export async function atDecision(world: World, start: Start = {}): Promise<Stand> {
  const stand = await atAccounts(world, start);
  const account = (await world.customerOf(stand.persona)).accounts[0]?.id ?? '';
  expectStep(await stand.post('accounts', { account }), start.payment ? /confirm/ : /review/);
  return stand;
}

function expectStep({ status, headers }: ApiAnswer, step: RegExp): void {
  expect([status, headers.get('location')]).toEqual([303, expect.stringMatching(new RegExp(`/(${step.source})$`))]);
}

interface Refused {
  readonly refused: Refusal;
  readonly because: RegExp;
  readonly writes?: readonly (string | RegExp)[];
}

function row(name: string, refusal: Refused, given: (world: World) => Promise<Attempt>): NegativeRow {
  return { name, ...refusal, given };
}

/** The form is not acted on: the answer is the step that is due, with or without words about a mistake. */
function staysAt(step: string, because: RegExp, writes: readonly (string | RegExp)[] = []): Refused {
  return { refused: { status: 303, step }, because, writes };
}

async function expectProblem({ walk, base }: Stand, answer: ApiAnswer): Promise<void> {
  const page = await walk.get(new URL(answer.headers.get('location') ?? '', base));
  expect(/<title>([^<]*)</.exec(page.text)?.[1]).toMatch(/^Problem: /);
}

const notGenuine: Refused = { refused: { status: 400, page: 'form-not-genuine' }, because: /made for this journey/ };
const notYours: Refused = { refused: { status: 400, page: 'journey-not-found' }, because: /belongs to the browser/ };

const formRows: readonly NegativeRow[] = [
  row('a form without its token does nothing', notGenuine, async (world) => {
    const { walk, base } = await atDecision(world);
    return { send: () => walk.post(`${base}/review`, { decision: 'approve' }) };
  }),
  row('a form with the token of another journey does nothing', notGenuine, async (world) => {
    const [{ walk, base }, other] = [await atDecision(world), await atLogin(world)];
    return { send: () => walk.post(`${base}/review`, { decision: 'approve', csrf: other.csrf }) };
  }),
  row('a form that is sent as JSON does nothing', notGenuine, async (world) => {
    const { walk, base } = await atDecision(world);
    return { send: () => walk.post(`${base}/review`, { decision: 'approve' }, { 'content-type': 'application/json' }) };
  }),
  row('a browser without cookies does not go on with a journey', notYours, async (world) => {
    const { base, csrf } = await atDecision(world);
    const stranger = createWalk(world.raw(), world.sandbox.status.publicOrigin);
    return { send: () => stranger.post(`${base}/review`, { csrf, decision: 'approve' }) };
  }),
  row('a browser without cookies does not see a journey', notYours, async (world) => {
    const { base } = await atDecision(world);
    const stranger = createWalk(world.raw(), world.sandbox.status.publicOrigin);
    return { send: () => stranger.get(`${base}/review`) };
  }),
  row('the cookie of one journey does not open another', notYours, async (world) => {
    const [victim, attacker] = [await atDecision(world), await atLogin(world, { persona: 'pensioner' })];
    const cookie = await attacker.walk.cookies(`${attacker.base}/login`);
    return { send: () => world.raw().send(`${victim.base}/review`, { headers: { cookie, accept: 'text/html' } }) };
  }),
  row('a journey that never was is not found', notYours, async (world) => {
    const { walk, base } = await atLogin(world);
    return { send: () => walk.get(`${base.slice(0, base.lastIndexOf('/'))}/nobodys-journey/login`) };
  }),
];

const orderRows: readonly NegativeRow[] = [
  row('nobody approves before logging in', staysAt('login', /step that is due/), async (world) => {
    const stand = await atLogin(world);
    return { send: () => stand.post('review', { decision: 'approve' }) };
  }),
  row('nobody chooses accounts before logging in', staysAt('login', /step that is due/), async (world) => {
    const stand = await atLogin(world);
    return { send: () => stand.post('accounts', { account: world.customer.accounts[0]?.id ?? '' }) };
  }),
  row('nobody approves before the second factor', staysAt('code', /step that is due/), async (world) => {
    const stand = await pastLogin(world);
    return { send: () => stand.post('review', { decision: 'approve' }) };
  }),
  row('nobody chooses accounts before the second factor', staysAt('code', /step that is due/), async (world) => {
    const stand = await pastLogin(world);
    return { send: () => stand.post('accounts', { account: world.customer.accounts[0]?.id ?? '' }) };
  }),
  row('nobody approves before choosing accounts', staysAt('accounts', /step that is due/), async (world) => {
    const stand = await atAccounts(world);
    return { send: () => stand.post('review', { decision: 'approve' }) };
  }),
  row('a code is not answered a second time', staysAt('accounts', /step that is due/), async (world) => {
    const stand = await atAccounts(world);
    const code = await codeOf(world, stand.persona);
    return { send: () => stand.post('code', { code }) };
  }),
  row(
    'a payment is not confirmed before the account is chosen',
    staysAt('accounts', /step that is due/),
    async (world) => {
      const stand = await atAccounts(world, { payment: {} });
      return { send: () => stand.post('confirm', { decision: 'approve', code: '000000' }) };
    },
  ),
  row('a payment is not approved by the form of a review', staysAt('confirm', /step that is due/), async (world) => {
    const stand = await atDecision(world, { payment: {} });
    return { send: () => stand.post('review', { decision: 'approve' }) };
  }),
];

const factorRows: readonly NegativeRow[] = [
  row(
    'a wrong password leads nowhere',
    staysAt('login', /credentials.invalid/, [...JOURNEY, 'login_failures']),
    async (world) => {
      const stand = await atLogin(world);
      const { username } = await credentialsOf(world, stand.persona);
      return {
        send: () => stand.post('login', { username, password: 'guess' }),
        afterwards: (answer) => expectProblem(stand, answer),
      };
    },
  ),
  row(
    'a customer who does not exist gets the same answer',
    staysAt('login', /credentials.invalid/, [...JOURNEY, 'login_failures']),
    async (world) => {
      const stand = await atLogin(world);
      return {
        send: () => stand.post('login', { username: '99999999', password: 'guess' }),
        afterwards: (answer) => expectProblem(stand, answer),
      };
    },
  ),
  row(
    'after five wrong passwords the right one is refused, too',
    staysAt('login', /credentials.locked/, JOURNEY),
    async (world) => {
      const stand = await atLogin(world, { persona: 'student-in-overdraft' });
      const { username, password } = await credentialsOf(world, stand.persona);
      for (let attempt = 0; attempt < 5; attempt += 1)
        await stand.post('login', { username, password: `guess ${String(attempt)}` });
      return {
        send: () => stand.post('login', { username, password }),
        afterwards: (answer) => expectProblem(stand, answer),
      };
    },
  ),
  row('a wrong code leads nowhere', staysAt('code', /challenge.invalid/, WRONG_CODE), async (world) => {
    const stand = await pastLogin(world);
    const code = await wrongCodeOf(world, stand.persona);
    return { send: () => stand.post('code', { code }), afterwards: (answer) => expectProblem(stand, answer) };
  }),
  row('an empty code leads nowhere', staysAt('code', /challenge.invalid/, WRONG_CODE), async (world) => {
    const stand = await pastLogin(world);
    return { send: () => stand.post('code', { code: '' }), afterwards: (answer) => expectProblem(stand, answer) };
  }),
  row(
    'the fifth wrong code ends the journey and the consent',
    {
      refused: { status: 400, page: 'challenge.locked' },
      because: /challenge.locked/,
      writes: [...WRONG_CODE, 'consents', 'bank_events', /^counters\//, /^oidc_artefacts\/(Interaction|Session)$/],
    },
    async (world) => {
      const stand = await pastLogin(world, { persona: 'pensioner' });
      const code = await wrongCodeOf(world, stand.persona);
      for (let attempt = 0; attempt < 4; attempt += 1) await stand.post('code', { code });
      return {
        send: () => stand.post('code', { code }),
        afterwards: async () => {
          expect((await consentStatus(world.lantern, stand.consentId)).Status).toBe('RJCT');
          const again = await stand.post('code', { code: await codeOf(world, stand.persona) });
          expect(again.headers.get('location')).not.toMatch(/code=|\/accounts$/);
          const back = await stand.walk.arrive(new URL(again.headers.get('location') ?? '', stand.base));
          expect(back.url.searchParams.get('error')).toBe('access_denied');
        },
      };
    },
  ),
  row('a new code does not give new tries', staysAt('code', /challenge.invalid/, WRONG_CODE), async (world) => {
    const stand = await pastLogin(world, { persona: 'new-empty-account' });
    for (let attempt = 0; attempt < 3; attempt += 1)
      await stand.post('code', { code: await wrongCodeOf(world, stand.persona) });
    await stand.post('code/resend', {});
    const code = await wrongCodeOf(world, stand.persona);
    return {
      send: () => stand.post('code', { code }),
      afterwards: async () => {
        const fifth = await stand.post('code', { code });
        expect([fifth.status, fifth.text]).toEqual([400, expect.stringContaining('challenge.locked')]);
      },
    };
  }),
  row(
    'the code of one payment does not approve another',
    staysAt('confirm', /challenge.invalid/, WRONG_CODE),
    async (world) => {
      const first = await atDecision(world, { payment: {} });
      const code = await codeOf(world, first.persona);
      const second = await atDecision(world, { payment: {} });
      return {
        send: () => second.post('confirm', { decision: 'approve', code }),
        afterwards: (answer) => expectProblem(second, answer),
      };
    },
  ),
];

const choiceRows: readonly NegativeRow[] = [
  row(
    "another customer's account is not shared",
    staysAt('accounts', /account-not-covered/, JOURNEY),
    async (world) => {
      const stand = await atAccounts(world);
      const account = (await world.customerOf('pensioner')).accounts[0]?.id ?? '';
      return { send: () => stand.post('accounts', { account }), afterwards: (answer) => expectProblem(stand, answer) };
    },
  ),
  row(
    "another customer's account among one's own is not shared either",
    staysAt('accounts', /account-not-covered/, JOURNEY),
    async (world) => {
      const stand = await atAccounts(world);
      const own = world.customer.accounts.map(({ id }) => id);
      const foreign = (await world.customerOf('pensioner')).accounts[0]?.id ?? '';
      return { send: () => stand.post('accounts', { account: [...own, foreign] }) };
    },
  ),
  row('sharing no account is no choice', staysAt('accounts', /account-not-covered/, JOURNEY), async (world) => {
    const stand = await atAccounts(world);
    return { send: () => stand.post('accounts', {}) };
  }),
  row('a payment is not made from two accounts', staysAt('accounts', /account-not-covered/, JOURNEY), async (world) => {
    const stand = await atAccounts(world, { payment: {} });
    return { send: () => stand.post('accounts', { account: world.customer.accounts.map(({ id }) => id) }) };
  }),
  row(
    "a payment is not made from another customer's account",
    staysAt('accounts', /account-not-covered/, JOURNEY),
    async (world) => {
      const stand = await atAccounts(world, { payment: {} });
      return {
        send: async () =>
          stand.post('accounts', { account: (await world.customerOf('pensioner')).accounts[0]?.id ?? '' }),
      };
    },
  ),
  row(
    'a payment that names an account of somebody else ends after the login',
    {
      refused: { status: 400, page: 'debtor-not-of-psu' },
      because: /account named/,
      writes: [...JOURNEY, 'consents', 'bank_events', /^counters\//, /^oidc_artefacts\/(Interaction|Session)$/],
    },
    async (world) => {
      const pensioner = await world.customerOf('pensioner');
      const debtor = { identification: pensioner.accounts[0]?.identification ?? '', name: pensioner.name };
      const stand = await atLogin(world, { payment: { debtor } });
      const login = await credentialsOf(world, stand.persona);
      return { send: () => stand.post('login', login) };
    },
  ),
  row(
    'a consent that was deleted in the meantime is not authorised',
    {
      refused: { status: 400, page: 'consent.not-found' },
      because: /consent.not-found/,
      writes: [...JOURNEY, /^oidc_artefacts\/(Interaction|Session)$/],
    },
    async (world) => {
      const stand = await atDecision(world);
      const token = await world.lantern.clientToken('accounts');
      await world.lantern.call('DELETE', `/aisp/account-access-consents/${stand.consentId}`, { token });
      return { send: () => stand.post('review', { decision: 'approve' }) };
    },
  ),
];

export const journeyRows: readonly NegativeRow[] = [...formRows, ...orderRows, ...factorRows, ...choiceRows];
