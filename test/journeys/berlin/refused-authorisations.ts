import { EMBEDDED, refusalOf, type BerlinAnswer, type Json } from '../../support/berlin-party.js';
import { CONSENT, personOf } from '../../support/berlin-stage.js';
import { transfer } from './orders.js';
import { FUNDS_CONSENTS, row, SEPA, UNKNOWN, type Refused, type Row } from './refusals.js';

/** Makes a resource of the service whose authorisation the bank has begun, embedded. */
type Begin = (stage: Refused) => Promise<BerlinAnswer>;

const lodge =
  (path: string, body: (stage: Refused) => Json): Begin =>
  (stage) =>
    stage.party.ask('POST', path, { body: body(stage), headers: EMBEDDED });

const beginBasket: Begin = async (stage) => {
  const { body } = await lodge(SEPA, transfer)(stage);
  return lodge('/v1/signing-baskets', () => ({ paymentIds: [body.paymentId] }))(stage);
};

/** The steps of a run: password, method, code. */
function runOf(stage: Refused, { body }: BerlinAnswer): (step: Json, headers?: Json) => Promise<BerlinAnswer> {
  const headers = { 'psu-id': stage.payer.customerNumber };
  return (step, more = {}) =>
    stage.party.ask('PUT', body._links.updatePsuAuthentication.href, { body: step, headers: { ...headers, ...more } });
}

/** The same mistakes in every family of authorisations, each told in the codes of its service. */
function rowsOf(persona: string, begin: Begin, of = ''): readonly Row[] {
  // Too many failed tries lock a customer out, so that each service has one of its own to try it with.
  const begun = (use: (stage: Refused, started: BerlinAnswer) => Promise<BerlinAnswer>): Row['call'] => {
    return async (stage) => {
      const own = { ...stage, payer: await personOf(stage.sandbox, persona) };
      return use(own, await begin(own));
    };
  };
  return [
    row(
      '400 FORMAT_ERROR',
      `a code that is no text${of}`,
      begun((stage, run) => runOf(stage, run)({ scaAuthenticationData: 123456 })),
    ),
    row(
      '400 SCA_METHOD_UNKNOWN',
      `a method that the customer does not have${of}`,
      begun(async (stage, run) => {
        const put = runOf(stage, run);
        await put({ psuData: { password: stage.payer.password } });
        return put({ authenticationMethodId: 'pigeon' });
      }),
    ),
    row(
      '401 PSU_CREDENTIALS_INVALID',
      `a wrong password${of}`,
      begun((stage, run) => runOf(stage, run)({ psuData: { password: 'falsch' } })),
    ),
    row(
      '409 STATUS_INVALID',
      `a code before the password${of}`,
      begun((stage, run) => runOf(stage, run)({ scaAuthenticationData: '123456' })),
    ),
    row(
      '403 RESOURCE_UNKNOWN',
      `an authorisation that is not there${of}`,
      begun((stage, { body }) => {
        const own: string = body._links.updatePsuAuthentication.href;
        return stage.party.ask('GET', own.replace(/[^/]+$/, UNKNOWN));
      }),
    ),
    row(
      '400 SCA_INVALID',
      `the fifth wrong code, after which there is no other${of}`,
      begun(async (stage, run) => {
        const put = await untilCode(stage, run);
        for (let turn = 1; turn < 5; turn += 1) {
          const wrong = refusalOf(await put({ scaAuthenticationData: '000000' }));
          if (wrong !== '401 PSU_CREDENTIALS_INVALID') throw new Error(`code ${turn}: ${wrong}`);
        }
        return put({ scaAuthenticationData: '000000' });
      }),
    ),
  ];
}

async function untilCode(stage: Refused, begun: BerlinAnswer): Promise<ReturnType<typeof runOf>> {
  const put = runOf(stage, begun);
  const { body } = await put({ psuData: { password: stage.payer.password } });
  await put({ authenticationMethodId: body.scaMethods[0].authenticationMethodId });
  return put;
}

const access = { allPsd2: 'allAccounts' };

export const AUTHORISATION_ROWS = {
  AIS: rowsOf(
    'pensioner',
    lodge('/v1/consents', () => ({ ...CONSENT, access })),
  ),
  PIS: rowsOf('student-in-overdraft', lodge(SEPA, transfer)),
  SBS: rowsOf('family-with-mortgage', beginBasket),
  'FUNDS-CONSENT': rowsOf(
    'new-empty-account',
    lodge(FUNDS_CONSENTS, ({ payer }) => ({ account: { iban: payer.ibans[0] } })),
    ', of a consent for funds',
  ),
} as const satisfies Readonly<Record<string, readonly Row[]>>;
