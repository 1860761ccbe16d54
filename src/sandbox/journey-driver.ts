import type { Bank } from '../bank/index.js';
import { SandbankError } from '../kernel/index.js';
import type { HttpAnswer, TlsClient } from './tls-client.js';

/** How a test wants its customer to act. */
export interface ScriptedCustomer {
  readonly bank: Bank;
  readonly authorizationUrl: string;
  /** Customer number, or the persona's name. */
  readonly customer: string;
  /** Account ids to share or to pay from; the default is all eligible ones, or the first for a payment. */
  readonly accounts?: readonly string[];
  readonly decision: 'approve' | 'deny';
}

export interface JourneyResult {
  /** The final redirect, with its code or error; absent where the customer went through no pages. */
  readonly redirectTo?: string;
  /** The pages the customer went through, by step. */
  readonly steps: readonly string[];
}

/**
 * Plays the customer: requests the pages a browser would and posts the same forms, so that a scripted approval takes
 * the path of a real one. Only our own origin is ever called.
 */
export async function driveJourney(
  script: ScriptedCustomer,
  { client, publicOrigin }: { readonly client: TlsClient; readonly publicOrigin: string },
): Promise<JourneyResult> {
  const start = absolute(script.authorizationUrl, publicOrigin);
  if (start.origin !== publicOrigin) {
    throw new SandbankError('field.invalid', 'The authorization URL does not belong to this sandbox.', {
      path: 'authorizationUrl',
      expected: publicOrigin,
      actual: start.origin,
    });
  }
  const customer = await findCustomer(script);
  const browser = createBrowser(client, publicOrigin);
  const steps: string[] = [];
  let page = await browser.get(start);
  for (let turn = 0; turn < 12; turn += 1) {
    if (page.leftFor !== undefined) return { redirectTo: page.leftFor, steps };
    const step = stepOf(page);
    steps.push(step);
    page = await browser.submit(page, await answerFor(step, { script, customer, page }));
  }
  throw new SandbankError('internal', 'The journey did not come to an end.');
}

interface Customer {
  readonly partyId: string;
  readonly customerNumber: string;
  readonly password: string;
}

/** A test customer by number or persona. Throws `party.not-found`. */
export async function findCustomer({ bank, customer }: Pick<ScriptedCustomer, 'bank' | 'customer'>): Promise<Customer> {
  const known = await bank.parties.testCustomers();
  const found = known.find((one) => one.customerNumber === customer || one.persona === customer);
  if (!found) {
    throw new SandbankError('party.not-found', 'No such test customer.', {
      path: 'customer',
      expected: known.map((one) => one.customerNumber).join(', '),
      actual: customer,
    });
  }
  return found;
}

async function answerFor(
  step: string,
  {
    script,
    customer,
    page,
  }: { readonly script: ScriptedCustomer; readonly customer: Customer; readonly page: BrowserPage },
): Promise<Readonly<Record<string, string | readonly string[]>>> {
  const newestCode = async (): Promise<string> => {
    const message = (await script.bank.messages.inbox(customer.partyId)).find(({ code }) => code !== undefined);
    return message?.code ?? '';
  };
  switch (step) {
    case 'login':
      return { username: customer.customerNumber, password: customer.password };
    case 'code':
      return { code: await newestCode() };
    case 'accounts':
      return { account: script.accounts ?? offeredAccounts(page) };
    case 'review':
      return { decision: script.decision };
    case 'confirm':
      return script.decision === 'approve'
        ? { decision: 'approve', code: await newestCode() }
        : { decision: 'deny', code: '' };
    default:
      throw new SandbankError('internal', `The journey has no step ${step}.`);
  }
}

function offeredAccounts(page: BrowserPage): readonly string[] {
  const offered = [...page.html.matchAll(/<input[^>]*id="account-\d+"[^>]*>/g)].map(
    ([tag]) => attribute(tag, 'value') ?? '',
  );
  return page.html.includes('type="radio"') ? offered.slice(0, 1) : offered;
}

/** Which step a page shows; an error page ends the script with what the bank said. */
function stepOf(page: BrowserPage): string {
  const error = /id="error-code"[^>]*>([^<]*)</.exec(page.html)?.[1];
  if (error !== undefined || page.status >= 400) {
    throw new SandbankError('authorisation.wrong-state', 'The bank ended the journey with an error page.', {
      actual: error ?? `HTTP ${String(page.status)}`,
    });
  }
  return page.url.pathname.split('/').at(-1) ?? '';
}

interface BrowserPage {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
  /** The address outside the sandbox that the last redirect went to. */
  readonly leftFor?: string;
}

interface Browser {
  get(url: URL): Promise<BrowserPage>;
  submit(page: BrowserPage, fields: Readonly<Record<string, string | readonly string[]>>): Promise<BrowserPage>;
}

/** A cookie jar and a form filler: as little of a browser as plain forms need. */
function createBrowser(client: TlsClient, publicOrigin: string): Browser {
  const jar = new Map<string, { readonly value: string; readonly path: string }>();
  const cookiesFor = (url: URL): string =>
    [...jar]
      .filter(
        ([, { path }]) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
      )
      .map(([name, { value }]) => `${name.slice(0, name.indexOf('|'))}=${value}`)
      .join('; ');
  const remember = (answer: HttpAnswer, url: URL): void => {
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? url.pathname;
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const gone = value === '' || attributes.some((part) => /^expires=Thu, 01 Jan 1970/i.test(part));
      if (gone) jar.delete(`${name}|${path}`);
      else jar.set(`${name}|${path}`, { value, path });
    }
  };
  const visit = async (url: URL, form?: string): Promise<BrowserPage> => {
    let target = url;
    let body = form;
    for (let hop = 0; hop < 10; hop += 1) {
      const answer = await client.call(target.href, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          cookie: cookiesFor(target),
          accept: 'text/html',
          ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', origin: publicOrigin }),
        },
        ...(body !== undefined && { body }),
      });
      remember(answer, target);
      const location = answer.headers['location'];
      if (answer.status < 300 || answer.status > 399 || typeof location !== 'string') {
        return { url: target, status: answer.status, html: answer.body };
      }
      const next = new URL(location, target);
      if (next.origin !== publicOrigin) return { url: target, status: answer.status, html: '', leftFor: next.href };
      target = next;
      body = undefined;
    }
    throw new SandbankError('internal', 'Too many redirects.');
  };
  return {
    get: (url) => visit(url),
    submit: (page, fields) => {
      const form = /<form[^>]*>[\s\S]*?<\/form>/.exec(page.html)?.[0] ?? '';
      const action = new URL(attribute(form, 'action') ?? '', page.url);
      const values = new URLSearchParams();
      for (const [tag] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
        values.append(attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '');
      }
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) values.append(name, one);
      return visit(action, values.toString());
    },
  };
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&');
}

function absolute(url: string, base: string): URL {
  try {
    return new URL(url, base);
  } catch (error) {
    throw new SandbankError(
      'field.invalid',
      'The authorization URL is not a URL.',
      { path: 'authorizationUrl' },
      { cause: error },
    );
  }
}
