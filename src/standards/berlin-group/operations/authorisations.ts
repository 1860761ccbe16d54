import { assert } from '../../../kernel/index.js';
import type { Authorisation, ConsentKind } from '../../../bank/index.js';
import type { Call, Operation, OperationPolicy } from '../../standard.js';
import { progressOf, startRun, type Authorisable } from '../authorising.js';
import { nothingToConfirm, readStep, takeStep } from '../authorisation-steps.js';
import { scaStatusOf } from '../codes.js';
import { whyFailed } from '../explanations.js';
import { refusal } from '../refusals.js';
import { productOfPath } from './payment-path.js';

/** A kind of resource whose authorisations are sub-resources: the same four operations below each. */
interface Family {
  readonly start: string;
  readonly list: string;
  readonly status: string;
  readonly update: string;
  readonly roles: readonly string[];
  readonly parameter: string;
  readonly kinds: readonly ConsentKind[];
  readonly purpose: Authorisation['purpose'];
  pathOf(call: Call, id: string): string;
}

const PAYMENT_KINDS: readonly ConsentKind[] = ['payment', 'bulk-payment', 'periodic-payment'];

export function paymentPath(call: Call, id: string): string {
  const { service, product } = productOfPath(call);
  return `/v1/${service}/${product.wireName}/${id}`;
}

const FAMILIES: readonly Family[] = [
  {
    start: 'startConsentAuthorisation',
    list: 'getConsentAuthorisation',
    status: 'getConsentScaStatus',
    update: 'updateConsentsPsuData',
    // Consents for the confirmation of funds are authorised here as well: their own document has no such operations.
    roles: ['AISP', 'CBPII'],
    parameter: 'consentId',
    kinds: ['account-access', 'funds-check'],
    purpose: 'consent',
    pathOf: (_call, id) => `/v1/consents/${id}/authorisations`,
  },
  {
    start: 'startPaymentAuthorisation',
    list: 'getPaymentInitiationAuthorisation',
    status: 'getPaymentInitiationScaStatus',
    update: 'updatePaymentPsuData',
    roles: ['PISP'],
    parameter: 'paymentId',
    kinds: PAYMENT_KINDS,
    purpose: 'consent',
    pathOf: (call, id) => `${paymentPath(call, id)}/authorisations`,
  },
  {
    start: 'startPaymentInitiationCancellationAuthorisation',
    list: 'getPaymentInitiationCancellationAuthorisationInformation',
    status: 'getPaymentCancellationScaStatus',
    update: 'updatePaymentCancellationPsuData',
    roles: ['PISP'],
    parameter: 'paymentId',
    kinds: PAYMENT_KINDS,
    purpose: 'cancellation',
    pathOf: (call, id) => `${paymentPath(call, id)}/cancellation-authorisations`,
  },
  {
    start: 'startSigningBasketAuthorisation',
    list: 'getSigningBasketAuthorisation',
    status: 'getSigningBasketScaStatus',
    update: 'updateSigningBasketPsuData',
    roles: ['PISP'],
    parameter: 'basketId',
    kinds: ['basket'],
    purpose: 'consent',
    pathOf: (_call, id) => `/v1/signing-baskets/${id}/authorisations`,
  },
];

function operationsOf(family: Family): Readonly<Record<string, Operation>> {
  const { roles, parameter, kinds, purpose } = family;
  const policy: OperationPolicy = {
    access: { grant: 'certificate', roles, consent: { from: { parameter }, kinds, inForce: false } },
  };
  const resourceOf = (call: Call): Authorisable => {
    assert(call.consent, `${call.operationId} names a resource`);
    return { consent: call.consent, path: family.pathOf(call, call.consent.id), purpose };
  };
  return {
    [family.start]: {
      policy,
      async handle(call) {
        const resource = resourceOf(call);
        const step = readStep(call.body);
        if (step.kind === 'confirmation') throw nothingToConfirm();
        const begun = await startRun(call, resource, { hasSecret: step.kind !== 'identification' });
        const run = step.kind === 'identification' ? begun : await takeStep(call, begun, step);
        const { body, links, headers } = await progressOf(call, resource, run);
        return {
          status: 201,
          headers: { ...headers, Location: call.url(`${resource.path}/${run.id}`) },
          body: { authorisationId: run.id, ...body, _links: links },
        };
      },
    },
    [family.list]: {
      policy,
      async handle(call) {
        const { consent } = resourceOf(call);
        const runs = await call.bank.consents.authorisationsOf(consent.id, purpose);
        return { status: 200, body: { authorisationIds: runs.map(({ id }) => id) } };
      },
    },
    [family.status]: {
      policy,
      async handle(call) {
        const resource = resourceOf(call);
        const run = await runOfPath(call, resource);
        const confirmation = { href: call.url(`${resource.path}/${run.id}`) };
        return {
          status: 200,
          body: {
            scaStatus: scaStatusOf(run),
            ...(run.status === 'unconfirmed' && { _links: { confirmation } }),
            ...(run.status === 'failed' && (await whyFailed(call, run))),
          },
        };
      },
    },
    [family.update]: {
      policy,
      async handle(call) {
        const resource = resourceOf(call);
        const run = await runOfPath(call, resource);
        const moved = await takeStep(call, run, readStep(call.body));
        const { body, links, headers } = await progressOf(call, resource, moved);
        return { status: 200, headers, body: { ...body, _links: links } };
      },
    },
  };
}

async function runOfPath(call: Call, { consent, purpose }: Authorisable): Promise<Authorisation> {
  const id = call.params['authorisationId'] ?? '';
  const run = (await call.bank.consents.authorisationsOf(consent.id, purpose)).find((one) => one.id === id);
  if (run) return run;
  throw refusal('payment.not-found', 'RESOURCE_UNKNOWN', { message: 'There is no such authorisation.', actual: id });
}

const [CONSENTS, PAYMENTS, CANCELLATIONS, BASKETS] = FAMILIES.map(operationsOf);

export const consentAuthorisationOperations: Readonly<Record<string, Operation>> = { ...CONSENTS };
export const paymentAuthorisationOperations: Readonly<Record<string, Operation>> = { ...PAYMENTS, ...CANCELLATIONS };
export const basketAuthorisationOperations: Readonly<Record<string, Operation>> = { ...BASKETS };
