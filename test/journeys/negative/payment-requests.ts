import { randomUUID } from 'node:crypto';

import { detachedJws, seconds } from '../../support/forged-jwt.js';
import type { ApiAnswer, ThirdParty } from '../../support/third-party.js';
import { planPayment, payeeOf, type PaymentPlan } from '../../support/uk-bank.js';
import type { NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

export const CONSENTS = '/pisp/domestic-payment-consents';
export const ORDERS = '/pisp/domestic-payments';
export const TRANSFER = { PaymentContextCode: 'TransferToThirdParty' };
export const claim = (name: string): string => `http://openbanking.org.uk/${name}`;
export const carriesOut = /carries out/;
export const fits = /fits the document/;
export const signature = /message signature is good/;

export const u = (code: string): Refusal => ({ status: 400, uk: code });

export async function plan(world: World, amount = '12.50'): Promise<PaymentPlan> {
  return planPayment({ amount, payee: payeeOf(await world.customerOf('freelancer')) });
}

export interface Signing {
  /** Instead of the right signature; `null` sends none. */
  readonly signature?: string | null;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly keyPem?: string;
  readonly signedPayload?: string;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Post extends Signing {
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
  readonly client?: ThirdParty;
}

export function post(world: World, call: Post): () => Promise<ApiAnswer> {
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
  const right = (): string =>
    detachedJws(call.signedPayload ?? payload, header, call.keyPem ?? tpp.signing.privateKeyPem);
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
export function lodges(
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
      const {
        initiation = (right: Readonly<Record<string, unknown>>) => right,
        data,
        risk = TRANSFER,
        ...signing
      } = change;
      const { initiation: right } = await plan(world);
      const body = { Data: { Initiation: initiation(right), ...data }, Risk: risk };
      return {
        send: post(world, { path: CONSENTS, token: await world.lantern.clientToken('payments'), body, ...signing }),
      };
    },
  };
}

export const amountOf =
  (Amount: unknown, Currency: unknown = 'GBP') =>
  (right: Readonly<Record<string, unknown>>) => ({
    ...right,
    InstructedAmount: { Amount, Currency },
  });
export const creditorOf =
  (change: Readonly<Record<string, unknown>>) => (right: Readonly<Record<string, unknown>>) => ({
    ...right,
    CreditorAccount: { ...(right['CreditorAccount'] as object), ...change },
  });
export const without = (name: string) => (right: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
