import { randomUUID } from 'node:crypto';

import { detachedJws, seconds, strangersKeyPem } from '../../support/forged-jwt.js';
import type { ApiAnswer, ThirdParty } from '../../support/third-party.js';
import { approvedPayment, bodyOf, planPayment, payeeOf, postPayment, postPaymentConsent, type PaymentPlan } from '../../support/uk-bank.js';
import type { NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const CONSENTS = '/pisp/domestic-payment-consents';
const ORDERS = '/pisp/domestic-payments';
const TRANSFER = { PaymentContextCode: 'TransferToThirdParty' };
const claim = (name: string): string => `http://openbanking.org.uk/${name}`;
const carriesOut = /carries out/;
const fits = /fits the document/;
const signature = /message signature is good/;

const u = (code: string): Refusal => ({ status: 400, uk: code });

async function plan(world: World, amount = '12.50'): Promise<PaymentPlan> {
  return planPayment({ amount, payee: payeeOf(await world.customerOf('freelancer')) });
}

interface Signing {
  /** Instead of the right signature; `null` sends none. */
  readonly signature?: string | null;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly keyPem?: string;
  readonly signedPayload?: string;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Post extends Signing {
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
  readonly client?: ThirdParty;
}

function post(world: World, call: Post): () => Promise<ApiAnswer> {
  const { client = world.lantern, body, key = randomUUID(), path, token } = call;
  const payload = JSON.stringify(body);
  const { tpp } = client;
  const header = {
    alg: 'PS256',
    kid: tpp.signing.kid,
    typ: 'JOSE',
    cty: 'application/json',
    [claim('iat')]: seconds(-1),
    [claim('iss')]: `${tpp.organisationId}/${tpp.softwareId}`,
    [claim('tan')]: 'localhost',
    crit: ['iat', 'iss', 'tan'].map(claim),
    ...call.header,
  };
  const right = (): string => detachedJws(call.signedPayload ?? payload, header, call.keyPem ?? tpp.signing.privateKeyPem);
  const jws = call.signature === undefined ? right() : call.signature;
  return () =>
    client.call('POST', path, {
      token,
      payload,
      headers: {
        ...(jws !== null && { 'x-jws-signature': jws }),
        ...(key !== null && { 'x-idempotency-key': key }),
        ...call.headers,
      },
    });
}

/** A payment consent that is right but for what is changed, in its initiation or around it. */
function lodges(
  name: string,
  expected: { readonly refused: Refusal; readonly because: RegExp },
  change: Signing & {
    readonly initiation?: (right: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly risk?: unknown;
  },
): NegativeRow {
  return {
    name,
    ...expected,
    given: async (world) => {
      const { initiation = (right: Readonly<Record<string, unknown>>) => right, data, risk = TRANSFER, ...signing } = change;
      const { initiation: right } = await plan(world);
      const body = { Data: { Initiation: initiation(right), ...data }, Risk: risk };
      return { send: post(world, { path: CONSENTS, token: await world.lantern.clientToken('payments'), body, ...signing }) };
    },
  };
}

const signatureRows: readonly NegativeRow[] = [
  lodges('a payment consent without a signature is refused', { refused: u('U019'), because: signature }, { signature: null }),
  lodges('a signature that is no JWS is refused', { refused: u('U018'), because: signature }, { signature: 'signed, the third party' }),
  lodges('a signature that carries the payload is refused', { refused: u('U018'), because: signature }, { signature: 'eyJhbGciOiJQUzI1NiJ9.e30.c2ln' }),
  lodges('a signature with b64 is refused', { refused: u('U018'), because: signature }, { header: { b64: true } }),
  lodges('a signature over other bytes is refused', { refused: u('U015'), because: signature }, { signedPayload: '{}' }),
  lodges('a signature by a stranger under the kid of the client is refused', { refused: u('U015'), because: signature }, { keyPem: strangersKeyPem() }),
  lodges('a signature by a key nobody knows is refused', { refused: u('U016'), because: /signing key/ }, { header: { kid: 'unknown' } }),
  lodges('a signature in the name of another is refused', { refused: u('U016'), because: /somebody.else/ }, { header: { [claim('iss')]: 'somebody/else' } }),
  lodges('a signature from the future is refused', { refused: u('U016'), because: /a time in the past/ }, { header: { [claim('iat')]: seconds(3_600) } }),
  lodges('a signature whose time is text is refused', { refused: u('U016'), because: /today/ }, { header: { [claim('iat')]: 'today' } }),
  lodges('a signature with an empty trust anchor is refused', { refused: u('U017'), because: signature }, { header: { [claim('tan')]: '' } }),
  lodges('a signature for another media type is refused', { refused: u('U016'), because: /text.plain/ }, { header: { cty: 'text/plain' } }),
  ...(['iat', 'iss', 'tan'] as const).map((name) =>
    lodges(`a signature without ${name} is refused`, { refused: u('U017'), because: signature }, { header: { [claim(name)]: undefined } }),
  ),
  lodges('a signature that does not make its claims critical is refused', { refused: u('U016'), because: /exactly/ }, { header: { crit: [claim('iat')] } }),
  lodges('a signature without crit is refused', { refused: u('U017'), because: signature }, { header: { crit: undefined } }),
  lodges('a signature without kid is refused', { refused: u('U017'), because: signature }, { header: { kid: undefined } }),
  lodges('a signature that calls itself unsigned is refused', { refused: u('U016'), because: /PS256/ }, { header: { alg: 'none' } }),
  lodges('an RS256 signature is refused', { refused: u('U016'), because: /PS256/ }, { header: { alg: 'RS256' } }),
];

const trustAnchorRow: NegativeRow = lodges('a signature under another trust anchor is refused', { refused: u('U016'), because: /openbanking.example/ }, { header: { [claim('tan')]: 'openbanking.example' } });

const keyRows: readonly NegativeRow[] = [
  lodges('a payment consent without an idempotency key is refused', { refused: u('U007'), because: /idempotency key/ }, { key: null }),
  lodges('an idempotency key of 41 characters is refused', { refused: u('U006'), because: /idempotency key/ }, { key: 'k'.repeat(41) }),
  {
    name: 'an idempotency key does not stand for two payment consents',
    given: async (world) => {
      const first = await plan(world);
      bodyOf(await postPaymentConsent(world.lantern, first), 201);
      const second = { ...(await plan(world, '13.00')), consentKey: first.consentKey };
      const token = await world.lantern.clientToken('payments');
      return { send: () => postPaymentConsent(world.lantern, second, { token }) };
    },
    refused: { status: 422, uk: 'U029' },
    because: carriesOut,
  },
];

const amountOf = (Amount: unknown, Currency: unknown = 'GBP') => (right: Readonly<Record<string, unknown>>) => ({
  ...right,
  InstructedAmount: { Amount, Currency },
});
const creditorOf = (change: Readonly<Record<string, unknown>>) => (right: Readonly<Record<string, unknown>>) => ({
  ...right,
  CreditorAccount: { ...(right['CreditorAccount'] as object), ...change },
});
const without = (name: string) => (right: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));

const consentRows: readonly NegativeRow[] = [
  lodges('an amount with three decimals is refused', { refused: u('U002'), because: carriesOut }, { initiation: amountOf('1.005') }),
  lodges('an amount of zero is refused', { refused: u('U002'), because: carriesOut }, { initiation: amountOf('0.00') }),
  lodges('a negative amount is refused', { refused: u('U002'), because: fits }, { initiation: amountOf('-1.00') }),
  lodges('an amount that is a number is refused', { refused: u('U002'), because: fits }, { initiation: amountOf(1) }),
  lodges('an amount in words of science is refused', { refused: u('U002'), because: fits }, { initiation: amountOf('1e3') }),
  lodges('a currency that does not exist is refused', { refused: u('U023'), because: carriesOut }, { initiation: amountOf('1.00', 'XYZ') }),
  lodges('a currency that is not the domestic one is refused', { refused: u('U023'), because: carriesOut }, { initiation: amountOf('1.00', 'EUR') }),
  lodges('a rail that this bank does not have is refused', { refused: u('U026'), because: carriesOut }, {
    initiation: (right) => ({ ...right, LocalInstrument: 'UK.OBIE.CHAPS' }),
  }),
  lodges('an account scheme that cannot be paid is refused', { refused: u('U027'), because: carriesOut }, {
    initiation: creditorOf({ SchemeName: 'UK.OBIE.PAN', Identification: '4111111111111111' }),
  }),
  lodges('an account number of 13 digits is refused', { refused: u('U021'), because: carriesOut }, { initiation: creditorOf({ Identification: '1234567890123' }) }),
  lodges('an IBAN with wrong check digits is refused', { refused: u('U021'), because: carriesOut }, {
    initiation: creditorOf({ SchemeName: 'UK.OBIE.IBAN', Identification: 'GB00BRMB12345698765432' }),
  }),
  lodges('a payment without an amount is refused', { refused: u('U004'), because: fits }, { initiation: without('InstructedAmount') }),
  lodges('a payment to nobody is refused', { refused: u('U004'), because: fits }, { initiation: without('CreditorAccount') }),
  lodges('a payment with a field nobody knows is refused', { refused: u('U005'), because: fits }, { initiation: (right) => ({ ...right, Tip: '1.00' }) }),
  lodges('a payment context that does not exist is refused', { refused: u('U002'), because: fits }, { risk: { PaymentContextCode: 'Bribe' } }),
  lodges('a payment context of the past is refused', { refused: u('U002'), because: carriesOut }, { risk: { PaymentContextCode: 'PartyToParty' } }),
  lodges('an authorisation that was to be complete yesterday is refused', { refused: u('U003'), because: carriesOut }, {
    data: { Authorisation: { AuthorisationType: 'Single', CompletionDateTime: '2026-06-15T00:00:00Z' } },
  }),
  lodges('a body that is no JSON is refused before its signature is looked at', { refused: { status: 415, empty: true }, because: /media type/ }, { headers: { 'content-type': 'text/plain' } }),
];

interface Approved {
  readonly plan: PaymentPlan;
  readonly consentId: string;
  readonly token: string;
}

/** An approved consent that is never used up: every order under it is refused. */
function approved(world: World): Promise<Approved> {
  return world.once('approved payment', () => newlyApproved(world));
}

async function newlyApproved(world: World): Promise<Approved> {
  const wanted = await plan(world);
  return { plan: wanted, ...(await approvedPayment(world.lantern, world.customer, wanted)) };
}

/** A consent whose money has been sent. */
function used(world: World): Promise<Approved> {
  return world.once('used payment', async () => {
    const made = await newlyApproved(world);
    bodyOf(await postPayment(world.lantern, made.plan, made), 201);
    return made;
  });
}

type Initiation = (right: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** An order under an approved consent that is right but for what is changed. */
function orders(
  name: string,
  expected: { readonly refused: Refusal; readonly because: RegExp },
  change: (approved: Approved, world: World) => Promise<OrderChange> | OrderChange,
  of: (world: World) => Promise<Approved> = approved,
): NegativeRow {
  return {
    name,
    ...expected,
    given: async (world) => {
      const made = await of(world);
      const { initiation = (right) => right, risk = TRANSFER, consentId = made.consentId, data, ...call } = await change(made, world);
      const body = { Data: { ConsentId: consentId, Initiation: initiation(made.plan.initiation), ...data }, Risk: risk };
      return { send: post(world, { path: ORDERS, token: made.token, body, ...call }) };
    },
  };
}

interface OrderChange extends Partial<Omit<Post, 'path' | 'body'>> {
  readonly initiation?: Initiation;
  readonly risk?: unknown;
  readonly consentId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

const differs = /equals what was agreed/;

const orderRows: readonly NegativeRow[] = [
  orders('an order of another amount is refused', { refused: u('U008'), because: differs }, () => ({ initiation: amountOf('12.51') })),
  orders('an order to another payee is refused', { refused: u('U008'), because: differs }, async (_made, world) => ({
    initiation: creditorOf({ Identification: payeeOf(await world.customerOf('pensioner')).identification }),
  })),
  orders('an order to another name is refused', { refused: u('U008'), because: differs }, () => ({ initiation: creditorOf({ Name: 'Somebody Else' }) })),
  orders('an order with another reference is refused', { refused: u('U008'), because: differs }, () => ({
    initiation: (right) => ({ ...right, RemittanceInformation: { Unstructured: ['another reference'] } }),
  })),
  orders('an order with another end-to-end identification is refused', { refused: u('U008'), because: differs }, () => ({
    initiation: (right) => ({ ...right, EndToEndIdentification: 'another' }),
  })),
  orders('an order that leaves the reference out is refused', { refused: u('U008'), because: differs }, () => ({ initiation: without('RemittanceInformation') })),
  orders('an order that names an account to pay from is refused', { refused: u('U008'), because: differs }, (_made, { customer }) => ({
    initiation: (right) => ({
      ...right,
      DebtorAccount: { SchemeName: 'UK.OBIE.SortCodeAccountNumber', Identification: customer.accounts[0]?.identification, Name: customer.name },
    }),
  })),
  orders('an order with another risk is refused', { refused: u('U008'), because: differs }, () => ({ risk: { PaymentContextCode: 'TransferToSelf' } })),
  orders('an order that sets its own status is refused', { refused: u('U005'), because: fits }, () => ({ data: { Status: 'ACSC' } })),
  orders('an order without a signature is refused', { refused: u('U019'), because: signature }, () => ({ signature: null })),
  orders('an order with the signature of its consent is refused', { refused: u('U015'), because: signature }, ({ plan: { initiation } }) => ({
    signedPayload: JSON.stringify({ Data: { Initiation: initiation }, Risk: TRANSFER }),
  })),
  orders('an order without an idempotency key is refused', { refused: u('U007'), because: /idempotency key/ }, () => ({ key: null })),
  orders('an order with a token of the client alone is refused', { refused: { status: 403, uk: 'U042' }, because: /grant of the token/ }, async (_made, { lantern }) => ({
    token: await lantern.clientToken('payments'),
  })),
  orders('an order with a token for accounts is refused', { refused: { status: 403, uk: 'U042' }, because: /scopes/ }, (_made, { access }) => ({ token: access.token })),
  orders('an order under a consent that does not exist is refused', { refused: u('U011'), because: carriesOut }, () => ({ consentId: 'nobodys-consent' })),
  orders("an order under another third party's consent is refused", { refused: { status: 403, uk: 'U011' }, because: carriesOut }, async ({ plan: agreed }, { rival }) => ({
    consentId: bodyOf(await postPaymentConsent(rival, agreed), 201).Data.ConsentId,
  })),
  orders('an order under another consent of the same client is refused', { refused: u('U008'), because: carriesOut }, async ({ plan: agreed }, { lantern }) => ({
    consentId: bodyOf(await postPaymentConsent(lantern, { ...agreed, consentKey: randomUUID() }), 201).Data.ConsentId,
  })),
  orders('an order by another third party with the token of the first is refused', { refused: { status: 401, empty: true }, because: /bound to/ }, (_made, { rival }) => ({ client: rival })),
  orders('a second order under a consent is refused', { refused: u('U009'), because: carriesOut }, () => ({}), used),
  orders('the key of an order does not stand for another order', { refused: { status: 422, uk: 'U029' }, because: carriesOut }, ({ plan: { orderKey } }) => ({
    key: orderKey,
    initiation: amountOf('99.00'),
  }), used),
];

const readRows: readonly NegativeRow[] = [
  {
    name: 'funds are not confirmed to a token of the client alone',
    given: async (world) => {
      const { consentId } = await approved(world);
      const token = await world.lantern.clientToken('payments');
      return { send: () => world.lantern.call('GET', `${CONSENTS}/${consentId}/funds-confirmation`, { token }) };
    },
    refused: { status: 403, uk: 'U042' },
    because: /grant of the token/,
  },
  {
    name: 'funds are not confirmed for a consent that has been used',
    given: async (world) => {
      const { consentId, token } = await used(world);
      return { send: () => world.lantern.call('GET', `${CONSENTS}/${consentId}/funds-confirmation`, { token }) };
    },
    refused: u('U009'),
    because: /in force/,
  },
  {
    name: 'funds are not confirmed for the consent of another token',
    given: async (world) => {
      const { token } = await approved(world);
      const { consentId } = await used(world);
      return { send: () => world.lantern.call('GET', `${CONSENTS}/${consentId}/funds-confirmation`, { token }) };
    },
    refused: u('U008'),
    because: carriesOut,
  },
  {
    name: 'a payment that does not exist is not found',
    given: async ({ lantern }) => {
      const token = await lantern.clientToken('payments');
      return { send: () => lantern.call('GET', `${ORDERS}/nobodys-payment`, { token }) };
    },
    refused: u('U011'),
    because: carriesOut,
  },
  {
    name: "another third party's payment is out of reach",
    given: async (world) => {
      const { lantern, rival, customer } = world;
      const wanted = await plan(world, '1.00');
      const made = await approvedPayment(rival, customer, wanted);
      const order = bodyOf(await postPayment(rival, wanted, made), 201);
      const token = await lantern.clientToken('payments');
      return { send: () => lantern.call('GET', `${ORDERS}/${order.Data.DomesticPaymentId}`, { token }) };
    },
    refused: { status: 403, uk: 'U011' },
    because: carriesOut,
  },
  {
    name: 'a payment consent is not deleted: the standard has no such thing',
    given: async (world) => {
      const { consentId } = await approved(world);
      const token = await world.lantern.clientToken('payments');
      return { send: () => world.lantern.call('DELETE', `${CONSENTS}/${consentId}`, { token }) };
    },
    refused: { status: 405, empty: true },
    because: /path and method/,
  },
];

/** After all refusals: the approved consent is as good as on the first day. */
const stillGoodRow: NegativeRow = orders('a consent that survived all this is used once more than it may be', { refused: u('U009'), because: carriesOut }, () => ({}), async (world) => {
  const made = await approved(world);
  bodyOf(await postPayment(world.lantern, made.plan, made), 201);
  return made;
});

export const paymentRows: readonly NegativeRow[] = [
  ...signatureRows,
  trustAnchorRow,
  ...keyRows,
  ...consentRows,
  ...orderRows,
  ...readRows,
  stillGoodRow,
];
