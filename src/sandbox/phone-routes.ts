import { createHmac, randomBytes } from 'node:crypto';

import { Router, urlencoded, type Request, type Response } from 'express';

import { linesOf, type ConsentView } from '../auth/journey/index.js';
import type { Authorisation, Bank, Consent, TestCustomer } from '../bank/index.js';
import { isSandbankError } from '../kernel/index.js';
import { contentSecurityPolicy, PhonePage, readerTexts, renderPage, type Theme, type Waiting } from '../web/index.js';
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
  const show = async (request: Request, response: Response, customer: TestCustomer | undefined, problem?: string) => {
    const waiting = customer === undefined ? [] : await waitingOf(customer, options);
    const page = PhonePage({
      theme: options.theme,
      assets: `${options.path}/assets`,
      texts: readerTexts(request, options.languages),
      customers: await bank.parties.testCustomers(),
      ...(customer && { customer, csrf: tokenOf(customer.customerNumber) }),
      waiting,
      ...(problem !== undefined && { problem }),
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
    const form = (request.body ?? {}) as Readonly<Record<string, string | undefined>>;
    const { customer: number, csrf, authorisation = '', account } = form;
    const customer = await customerOf(number);
    if (!customer || csrf !== tokenOf(customer.customerNumber)) {
      response.status(400);
      await show(request, response, undefined, 'form-not-genuine');
      return;
    }
    try {
      await answerOnPhone(options, {
        authorisationId: authorisation,
        partyId: customer.partyId,
        decision: form['decision'] === 'approve' ? 'approve' : 'refuse',
        ...(account !== undefined && { accounts: [account] }),
      });
    } catch (error) {
      if (!isSandbankError(error)) throw error;
      response.status(400);
      await show(request, response, customer, error.message);
      return;
    }
    response.redirect(303, `${options.path}/phone?customer=${encodeURIComponent(customer.customerNumber)}`);
  });
  return router;
}

async function waitingOf(customer: TestCustomer, options: PhoneOptions): Promise<readonly Waiting[]> {
  const { bank, viewOf } = options;
  return Promise.all(
    (await questionsFor(bank, customer.partyId)).map(async ({ run, consent }) => ({
      authorisationId: run.id,
      asker: await options.nameOf(consent.clientId),
      lines: await linesIn(consent, options),
      isCancellation: run.purpose === 'cancellation',
      clusters: clustersOf(viewOf(consent)),
      accounts: needsAccount(run, consent)
        ? (await bank.consents.eligibleAccounts(run.id))
            .filter(({ eligible }) => eligible)
            .map(({ account }) => account)
        : [],
    })),
  );
}

function needsAccount(run: Authorisation, { subject }: Consent): boolean {
  return run.accounts.length === 0 && subject.kind !== 'account-access';
}

async function linesIn({ subject, ...consent }: Consent, { bank, viewOf }: PhoneOptions): Promise<Waiting['lines']> {
  if (subject.kind !== 'basket') return linesOf(viewOf({ subject, ...consent }));
  return (await Promise.all(subject.members.map((id) => bank.consents.get(id)))).flatMap((one) => linesOf(viewOf(one)));
}

function clustersOf(view: ConsentView): readonly string[] {
  return view.kind === 'account-access' ? view.clusters.map(({ title }) => title) : [];
}
