import { randomUUID } from 'node:crypto';

import {
  approvedPayment,
  bodyOf,
  payeeOf,
  postPayment,
  postPaymentConsent,
  type PaymentPlan,
} from '../../support/uk-bank.js';
import {
  amountOf,
  carriesOut,
  CONSENTS,
  creditorOf,
  fits,
  ORDERS,
  plan,
  post,
  signature,
  TRANSFER,
  u,
  without,
  type Post,
} from './payment-requests.js';
import type { NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

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
      const {
        initiation = (right) => right,
        risk = TRANSFER,
        consentId = made.consentId,
        data,
        ...call
      } = await change(made, world);
      const body = {
        Data: { ConsentId: consentId, Initiation: initiation(made.plan.initiation), ...data },
        Risk: risk,
      };
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
  orders('an order of another amount is refused', { refused: u('U008'), because: differs }, () => ({
    initiation: amountOf('12.51'),
  })),
  orders('an order to another payee is refused', { refused: u('U008'), because: differs }, async (_made, world) => ({
    initiation: creditorOf({ Identification: payeeOf(await world.customerOf('pensioner')).identification }),
  })),
  orders('an order to another name is refused', { refused: u('U008'), because: differs }, () => ({
    initiation: creditorOf({ Name: 'Somebody Else' }),
  })),
  orders('an order with another reference is refused', { refused: u('U008'), because: differs }, () => ({
    initiation: (right) => ({ ...right, RemittanceInformation: { Unstructured: ['another reference'] } }),
  })),
  orders(
    'an order with another end-to-end identification is refused',
    { refused: u('U008'), because: differs },
    () => ({
      initiation: (right) => ({ ...right, EndToEndIdentification: 'another' }),
    }),
  ),
  orders('an order that leaves the reference out is refused', { refused: u('U008'), because: differs }, () => ({
    initiation: without('RemittanceInformation'),
  })),
  orders(
    'an order that names an account to pay from is refused',
    { refused: u('U008'), because: differs },
    (_made, { customer }) => ({
      initiation: (right) => ({
        ...right,
        DebtorAccount: {
          SchemeName: 'UK.OBIE.SortCodeAccountNumber',
          Identification: customer.accounts[0]?.identification,
          Name: customer.name,
        },
      }),
    }),
  ),
  orders('an order with another risk is refused', { refused: u('U008'), because: differs }, () => ({
    risk: { PaymentContextCode: 'TransferToSelf' },
  })),
  orders('an order that sets its own status is refused', { refused: u('U005'), because: fits }, () => ({
    data: { Status: 'ACSC' },
  })),
  orders('an order without a signature is refused', { refused: u('U019'), because: signature }, () => ({
    signature: null,
  })),
  orders(
    'an order with the signature of its consent is refused',
    { refused: u('U015'), because: signature },
    ({ plan: { initiation } }) => ({
      signedPayload: JSON.stringify({ Data: { Initiation: initiation }, Risk: TRANSFER }),
    }),
  ),
  orders('an order without an idempotency key is refused', { refused: u('U007'), because: /idempotency key/ }, () => ({
    key: null,
  })),
  orders(
    'an order with a token of the client alone is refused',
    { refused: { status: 403, uk: 'U042' }, because: /grant of the token/ },
    async (_made, { lantern }) => ({
      token: await lantern.clientToken('payments'),
    }),
  ),
  orders(
    'an order with a token for accounts is refused',
    { refused: { status: 403, uk: 'U042' }, because: /scopes/ },
    (_made, { access }) => ({ token: access.token }),
  ),
  orders(
    'an order under a consent that does not exist is refused',
    { refused: u('U011'), because: carriesOut },
    () => ({ consentId: 'nobodys-consent' }),
  ),
  orders(
    "an order under another third party's consent is refused",
    { refused: { status: 403, uk: 'U011' }, because: carriesOut },
    async ({ plan: agreed }, { rival }) => ({
      consentId: bodyOf(await postPaymentConsent(rival, agreed), 201).Data.ConsentId,
    }),
  ),
  orders(
    'an order under another consent of the same client is refused',
    { refused: u('U008'), because: carriesOut },
    async ({ plan: agreed }, { lantern }) => ({
      consentId: bodyOf(await postPaymentConsent(lantern, { ...agreed, consentKey: randomUUID() }), 201).Data.ConsentId,
    }),
  ),
  orders(
    'an order by another third party with the token of the first is refused',
    { refused: { status: 401, empty: true }, because: /bound to/ },
    (_made, { rival }) => ({ client: rival }),
  ),
  orders('a second order under a consent is refused', { refused: u('U009'), because: carriesOut }, () => ({}), used),
  orders(
    'the key of an order does not stand for another order',
    { refused: { status: 422, uk: 'U029' }, because: carriesOut },
    ({ plan: { orderKey } }) => ({
      key: orderKey,
      initiation: amountOf('99.00'),
    }),
    used,
  ),
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
const stillGoodRow: NegativeRow = orders(
  'a consent that survived all this is used once more than it may be',
  { refused: u('U009'), because: carriesOut },
  () => ({}),
  async (world) => {
    const made = await approved(world);
    bodyOf(await postPayment(world.lantern, made.plan, made), 201);
    return made;
  },
);

export const paymentOrderRows: readonly NegativeRow[] = [...orderRows, ...readRows, stillGoodRow];
