import { EMBEDDED, REDIRECT, type BerlinAnswer, type BerlinParty, type Json } from '../../support/berlin-party.js';
import { CONSENT, type BerlinStage } from '../../support/berlin-stage.js';
import { transfer } from './orders.js';

/** What the rows of the table are about: made once, before the first of them. */
export interface Refused extends BerlinStage {
  /** Another third party, with all roles. */
  readonly stranger: BerlinParty;
  /** Valid, to read everything. */
  readonly consentId: string;
  /** Valid, to see the list and no more. */
  readonly listOnly: string;
  /** Waits for its customer. */
  readonly waiting: string;
  /** Ended by its third party. */
  readonly ended: string;
  /** Waits for its customer, embedded. */
  readonly paymentId: string;
  readonly basketId: string;
  readonly fundsConsentId: string;
}

export interface Row {
  readonly what: string;
  /** Status and code: `400 FORMAT_ERROR`. */
  readonly told: string;
  call(stage: Refused): Promise<BerlinAnswer>;
}

export const UNKNOWN = '000000000000';
export const SEPA = '/v1/payments/sepa-credit-transfers';
export const FUNDS_CONSENTS = '/v2/consents/confirmation-of-funds';

/** A row in a line. */
export function row(told: string, what: string, call: Row['call']): Row {
  return { told, what, call };
}

/** A token that nobody gave out, where a certificate alone would do. */
export function strangeToken(method: 'GET' | 'POST', path: string): Row {
  return row('401 TOKEN_UNKNOWN', 'a token that the bank did not give out', ({ party }) =>
    party.ask(method, path, { headers: { ...REDIRECT, authorization: 'Bearer 4711' } }),
  );
}

export async function prepare(stage: BerlinStage, stranger: BerlinParty): Promise<Refused> {
  const make = async (path: string, body: Json, name: string): Promise<string> => {
    const answer = await stage.party.ask('POST', path, { body, headers: EMBEDDED });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
    return answer.body[name];
  };
  const access = { allPsd2: 'allAccounts' };
  const once = { recurringIndicator: false, frequencyPerDay: 1 };
  const ended = await stage.consent(access, once);
  await stage.party.ask('DELETE', `/v1/consents/${ended}`);
  const paymentId = await make(SEPA, transfer(stage), 'paymentId');
  return {
    ...stage,
    stranger,
    ended,
    consentId: await stage.consent(access),
    listOnly: await stage.consent({ availableAccounts: 'allAccounts' }, once),
    waiting: await make('/v1/consents', { ...CONSENT, access }, 'consentId'),
    paymentId,
    basketId: await make('/v1/signing-baskets', { paymentIds: [paymentId] }, 'basketId'),
    fundsConsentId: await make(FUNDS_CONSENTS, { account: { iban: stage.payer.ibans[0] } }, 'consentId'),
  };
}

export function consentWith(
  stage: Refused,
  access: Json,
  more: Json = {},
  headers: Json = REDIRECT,
): Promise<BerlinAnswer> {
  return stage.party.ask('POST', '/v1/consents', { body: { ...CONSENT, access, ...more }, headers });
}

export function orderWith(stage: Refused, more: Json, path = SEPA, headers: Json = REDIRECT): Promise<BerlinAnswer> {
  return stage.party.ask('POST', path, { body: transfer(stage, more), headers });
}

/** A reading of the payer's giro account. */
export function reading(stage: Refused, tail: string, headers: Json = {}): Promise<BerlinAnswer> {
  const path = `/v1/accounts/${stage.payer.accounts[0]?.id ?? ''}${tail}`;
  return stage.party.ask('GET', path, { headers: { 'consent-id': stage.consentId, ...headers } });
}
