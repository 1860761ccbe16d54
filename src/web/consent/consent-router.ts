import { Router, urlencoded, type Request, type Response } from 'express';

import type { Journey, JourneyOutcome, JourneyStep, Visit } from '../../auth/journey/index.js';
import { contentSecurityPolicy, renderPage, type Texts, type Theme } from '../kit/index.js';
import { ErrorPage } from './error-page.js';
import { readerTexts, rememberLanguage } from './reader-language.js';
import type { TestHints } from './test-hints.js';
import { StepPage } from './steps.js';

export interface ConsentRouterOptions {
  readonly journey: Journey;
  readonly theme: Theme;
  /** Path of the bank: `/bramble`. Interactions and assets lie below it. */
  readonly path: string;
  /** Local use only: what a tester needs to know at this step. */
  readonly testHints?: (step: JourneyStep) => Promise<TestHints>;
  /** Below the bank's path: `/interaction` (default), or where linked pages are. */
  readonly route?: string;
  /** Those of the bank's file; default English alone. */
  readonly languages?: readonly string[];
  /** The interaction id of the request, shown as a reference on error pages. */
  readonly reference: () => string | undefined;
}

/** The screens of the journey, below `/interaction/{uid}`. One page a step; a form answers with 303 to the next. */
export function consentRouter(options: ConsentRouterOptions): Router {
  const { journey } = options;
  const router = Router();
  const route = options.route ?? '/interaction';
  router.use(route, rememberLanguage(options));
  router.use(route, urlencoded({ extended: false, limit: '16kb', parameterLimit: 200 }));
  router.get(`${route}/:uid`, async (request, response) => {
    goTo(await journey.current(visitOf(request, response)), response, options);
  });
  router.get(`${route}/:uid/:step`, async (request, response) => {
    const outcome = await journey.current(visitOf(request, response));
    if (outcome.outcome === 'step' && outcome.step.step === request.params['step']) {
      await showStep(outcome.step, response, options);
    } else goTo(outcome, response, options);
  });
  for (const [path, act] of Object.entries(FORMS)) {
    router.post(`${route}/:uid/${path}`, async (request, response) => {
      goTo(await act(journey, visitOf(request, response), formOf(request)), response, options);
    });
  }
  router.post(`${route}/:uid/:step/cancel`, async (request, response) => {
    goTo(await journey.cancel(visitOf(request, response), { csrf: formOf(request).one('csrf') }), response, options);
  });
  return router;
}

type Act = (journey: Journey, visit: Visit, form: Form) => Promise<JourneyOutcome>;

const FORMS: Readonly<Record<string, Act>> = {
  login: (journey, visit, form) =>
    journey.submitLogin(visit, {
      csrf: form.one('csrf'),
      username: form.one('username'),
      password: form.one('password'),
    }),
  code: (journey, visit, form) => journey.submitCode(visit, { csrf: form.one('csrf'), code: form.one('code') }),
  'code/resend': (journey, visit, form) => journey.resendCode(visit, { csrf: form.one('csrf') }),
  accounts: (journey, visit, form) =>
    journey.submitAccounts(visit, { csrf: form.one('csrf'), accounts: form.all('account') }),
  review: (journey, visit, form) => journey.decide(visit, { csrf: form.one('csrf'), decision: decisionOf(form) }),
  confirm: (journey, visit, form) =>
    journey.confirm(visit, { csrf: form.one('csrf'), decision: decisionOf(form), code: form.one('code') }),
  'confirm/resend': (journey, visit, form) => journey.resendCode(visit, { csrf: form.one('csrf') }),
};

interface Form {
  /** The first value of a field, or nothing. */
  one(name: string): string;
  all(name: string): readonly string[];
}

function formOf(request: Request): Form {
  const body = new Map(Object.entries((request.body ?? {}) as Readonly<Record<string, string | string[]>>));
  const all = (name: string): readonly string[] => [body.get(name) ?? []].flat();
  return { all, one: (name) => all(name)[0] ?? '' };
}

/** Only a clear yes is a yes. */
function decisionOf(form: Form): 'approve' | 'deny' {
  return form.one('decision') === 'approve' ? 'approve' : 'deny';
}

function visitOf(request: Request, response: Response): Visit {
  return { uid: String(request.params['uid'] ?? ''), request, response };
}

/** 303 and never 307: what was typed into a form must not be sent on (RFC 9700, 4.12). */
function goTo(outcome: JourneyOutcome, response: Response, options: ConsentRouterOptions): void {
  response.set('cache-control', 'no-store');
  switch (outcome.outcome) {
    case 'step':
      response.redirect(
        303,
        `${options.path}${options.route ?? '/interaction'}/${outcome.step.uid}/${outcome.step.step}`,
      );
      return;
    case 'done':
      response.redirect(303, outcome.redirectTo);
      return;
    case 'failed': {
      const { code, message, redirectTo } = outcome;
      const reference = options.reference();
      const page = renderErrorPage({
        theme: options.theme,
        path: options.path,
        code,
        message,
        ...(reference !== undefined && { reference }),
        ...(redirectTo !== undefined && { returnTo: { url: redirectTo } }),
        texts: readerTexts(response.req, options.languages),
      });
      response.status(400).set('content-security-policy', contentSecurityPolicy()).type('html').send(page);
    }
  }
}

async function showStep(
  step: JourneyStep,
  response: Response,
  { theme, path, testHints, languages }: ConsentRouterOptions,
): Promise<void> {
  const hints = await testHints?.(step);
  const page = renderPage(
    StepPage({
      step,
      context: {
        theme,
        assets: `${path}/assets`,
        texts: readerTexts(response.req, languages),
        ...(hints && { testHints: hints }),
      },
    }),
  );
  response
    .set('content-security-policy', contentSecurityPolicy(step.asker.redirectOrigin.split(' ')))
    .set('cache-control', 'no-store')
    .type('html')
    .send(page);
}

/** The bank's page for what cannot be answered to the third party. */
export function renderErrorPage(options: {
  readonly theme: Theme;
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly reference?: string;
  readonly returnTo?: { readonly name?: string; readonly url: string };
  readonly texts?: Texts;
}): string {
  const { theme, path, code, message, reference, returnTo, texts } = options;
  return renderPage(
    ErrorPage({
      theme,
      assets: `${path}/assets`,
      code,
      message,
      ...(reference !== undefined && { interactionId: reference }),
      ...(returnTo && { returnTo }),
      ...(texts && { texts }),
    }),
  );
}
