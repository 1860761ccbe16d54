import { createHmac, randomBytes } from 'node:crypto';

import { Router, urlencoded, type Request, type Response } from 'express';

import { linesOf, type ConsentView } from '../auth/journey/index.js';
import type { Account, Authorisation, Bank, Consent, TestCustomer } from '../bank/index.js';
import { isSandbankError } from '../kernel/index.js';
import {
  contentSecurityPolicy,
  PhonePage,
  readerTexts,
  renderPage,
  type PhoneProps,
  type Theme,
  type Waiting,
} from '../web/index.js';
import { answerOnPhone, questionsFor } from './phone.js';

export interface PhoneOptions {
  readonly bank: Bank;
  readonly theme: Theme;
  /** `/dogger` */
  readonly path: string;
  readonly languages: readonly string[];
  viewOf(consent: Consent): ConsentView;
  nameOf(clientId: string): Promise<string>;
}

/** What the page says went wrong. */
type Failure = Pick<PhoneProps, 'problem' | 'isNoneChosen'>;

/**
 * The simulated phone of every test customer, for decoupled authorisations. A simulation: opening it takes the customer
 * number alone, as the phone in her hand does. Forms carry a token, so that no other page can answer for her.
 */
export function phoneRouter(options: PhoneOptions): Router {
  const { bank } = options;
  const secret = randomBytes(32);
  const router = Router();
  const customerOf = async (number: unknown): Promise<TestCustomer | undefined> =>
    (await bank.parties.testCustomers()).find(({ customerNumber }) => customerNumber === number);
  const tokenOf = (number: string): string => createHmac('sha256', secret).update(number).digest('base64url');
  const show = async (
    request: Request,
    response: Response,
    customer: TestCustomer | undefined,
    failure: Failure = {},
  ) => {
    const waiting = customer === undefined ? [] : await waitingOf(customer, options);
    const page = PhonePage({
      theme: options.theme,
      assets: `${options.path}/assets`,
      texts: readerTexts(request, options.languages),
      customers: await bank.parties.testCustomers(),
      ...(customer && { customer, csrf: tokenOf(customer.customerNumber) }),
      waiting,
      ...failure,
    });
    response
      .set('content-security-policy', contentSecurityPolicy())
      .set('cache-control', 'no-store')
      .type('html')
      .send(renderPage(page));
  };
  router.use('/phone', urlencoded({ extended: false, limit: '4kb', parameterLimit: 20 }));
  router.get('/phone', async (request, response) => {
    await show(request, response, await customerOf(request.query['customer']));
  });
  router.post('/phone', async (request, response) => {
    const form = (request.body ?? {}) as Readonly<Record<string, string | readonly string[] | undefined>>;
    const { customer: number, csrf } = form;
    const authorisationId = textOf(form['authorisation']);
    const accounts = [form['account'] ?? []].flat();
    const isApproval = form['decision'] === 'approve';
    const customer = await customerOf(number);
    if (!customer || csrf !== tokenOf(customer.customerNumber)) {
      response.status(400);
      await show(request, response, undefined, { problem: 'form-not-genuine' });
      return;
    }
    const question = (await waitingOf(customer, options)).find((one) => one.authorisationId === authorisationId);
    if (isApproval && accounts.length === 0 && question !== undefined && question.accounts.length > 0) {
      response.status(400);
      await show(request, response, customer, { isNoneChosen: true });
      return;
    }
    try {
      await answerOnPhone(options, {
        authorisationId,
        partyId: customer.partyId,
        decision: isApproval ? 'approve' : 'refuse',
        ...(accounts.length > 0 && { accounts }),
      });
    } catch (error) {
      if (!isSandbankError(error)) throw error;
      response.status(400);
      await show(request, response, customer, { problem: error.message });
      return;
    }
    response.redirect(303, `${options.path}/phone?customer=${encodeURIComponent(customer.customerNumber)}`);
  });
  return router;
}

async function waitingOf(customer: TestCustomer, options: PhoneOptions): Promise<readonly Waiting[]> {
  const { bank } = options;
  return Promise.all(
    (await questionsFor(bank, customer.partyId)).map(async ({ run, consent }) => ({
      authorisationId: run.id,
      asker: await options.nameOf(consent.clientId),
      lines: (await viewsIn(consent, options)).flatMap(linesOf),
      isCancellation: run.purpose === 'cancellation',
      clusters: [...new Set((await viewsIn(consent, options)).flatMap(clustersOf))],
      accounts: await choicesIn(run, bank),
      settled: await Promise.all(run.accounts.map((id) => bank.accounts.get(id))),
    })),
  );
}

async function choicesIn(run: Authorisation, bank: Bank): Promise<readonly Account[]> {
  if (run.accounts.length > 0 || run.purpose === 'cancellation') return [];
  const offered = await bank.consents.eligibleAccounts(run.id);
  return offered.filter(({ eligible }) => eligible).map(({ account }) => account);
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Of a basket the views of all its members. */
async function viewsIn(consent: Consent, { bank, viewOf }: PhoneOptions): Promise<readonly ConsentView[]> {
  if (consent.subject.kind !== 'basket') return [viewOf(consent)];
  return (await Promise.all(consent.subject.members.map((id) => bank.consents.get(id)))).map(viewOf);
}

function clustersOf(view: ConsentView): readonly string[] {
  return view.kind === 'account-access' ? view.clusters.map(({ title }) => title) : [];
}
