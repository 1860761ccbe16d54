import type { Sandbox } from '../../src/index.js';
import { createBrowser, type BrowserPage } from './browser.js';

/** A customer of a bank in front of a browser. */
export interface Customer {
  readonly name: string;
  readonly customerNumber: string;
  readonly accounts: readonly { readonly id: string; readonly identification: string }[];
  /** Opens an authorization URL in a fresh browser, to go on step by step. */
  open(authorizationUrl: string): Promise<Journey>;
  /** All steps of sharing accounts: all of them, or the ones named. Answers where the browser was sent. */
  share(authorizationUrl: string, accounts?: readonly string[]): Promise<URL>;
  /** All steps of approving a payment, from the named account or the first that can pay. */
  pay(authorizationUrl: string, account?: string): Promise<URL>;
  /** Goes as far as the decision and says no. */
  deny(authorizationUrl: string): Promise<URL>;
}

export interface Journey {
  readonly page: BrowserPage;
  logIn(password?: string): Promise<void>;
  enterCode(code?: string): Promise<void>;
  chooseAccounts(accounts?: readonly string[]): Promise<void>;
  /** Shares, or enters the code that approves the payment. */
  approve(code?: string): Promise<URL>;
  deny(): Promise<URL>;
  close(): Promise<void>;
}

/** One of the bank's test customers, by persona or by customer number. Codes are read from the simulated inbox. */
export async function customerOf(sandbox: Sandbox, persona: string, bankId = 'bramble'): Promise<Customer> {
  const bank = sandbox.bank(bankId);
  const customers = await bank.customers();
  const known = customers.find((one) => one.persona === persona || one.customerNumber === persona);
  if (!known) throw new Error(`no persona ${persona}, only ${customers.map((one) => one.persona ?? '-').join(', ')}`);

  const newestCode = async (): Promise<string> => {
    const code = await bank.latestCode(known.customerNumber);
    if (code === undefined) throw new Error(`no code in the inbox of ${persona}`);
    return code;
  };

  const open = async (authorizationUrl: string): Promise<Journey> => {
    const browser = createBrowser({ caPem: sandbox.caPem, publicOrigin: sandbox.status.publicOrigin });
    let page = await browser.visit(authorizationUrl);
    const end = async (): Promise<URL> => {
      await browser.close();
      if (page.leftFor) return page.leftFor;
      throw new Error(`the journey stays at ${describePage(page)}`);
    };
    return {
      get page() {
        return page;
      },
      logIn: async (password = known.password) => {
        page = await browser.press(page, 'login-submit', {
          'login-username': known.customerNumber,
          'login-password': password,
        });
      },
      enterCode: async (code) => {
        page = await browser.press(page, 'sca-submit', { 'sca-code': code ?? (await newestCode()) });
      },
      chooseAccounts: async (accounts) => {
        page = await browser.press(page, 'accounts-submit', choices(page, accounts));
      },
      approve: async (code) => {
        page = page.has('consent-approve')
          ? await browser.press(page, 'consent-approve')
          : await browser.press(page, 'sca-submit', { 'sca-code': code ?? (await newestCode()) });
        return end();
      },
      deny: async () => {
        page = await browser.press(page, 'consent-deny');
        return end();
      },
      close: () => browser.close(),
    };
  };

  return {
    name: known.name,
    customerNumber: known.customerNumber,
    accounts: known.accounts,
    open,
    share: async (authorizationUrl, accounts) => {
      const journey = await open(authorizationUrl);
      await toDecision(journey, accounts);
      return journey.approve();
    },
    pay: async (authorizationUrl, account) => {
      const journey = await open(authorizationUrl);
      await toDecision(journey, account === undefined ? undefined : [account]);
      return journey.approve();
    },
    deny: async (authorizationUrl) => {
      const journey = await open(authorizationUrl);
      await toDecision(journey);
      return journey.deny();
    },
  };
}

/** Through whatever the bank asks until it is the customer's turn to decide. A payment's code is part of the decision. */
async function toDecision(journey: Journey, accounts?: readonly string[]): Promise<void> {
  for (let step = 0; step < 6; step += 1) {
    if (journey.page.has('consent-deny')) return;
    if (journey.page.has('login-submit')) await journey.logIn();
    else if (journey.page.has('sca-submit')) await journey.enterCode();
    else if (journey.page.has('accounts-submit')) await journey.chooseAccounts(accounts);
    else throw new Error(`no step of a journey: ${describePage(journey.page)}`);
  }
  throw new Error(`the journey does not come to a decision: ${describePage(journey.page)}`);
}

/** Boxes by the account ids they stand for; radio buttons take one. */
function choices(page: BrowserPage, accounts: readonly string[] | undefined): Readonly<Record<string, boolean>> {
  const offered = page.ids(/^account-\d+$/).map((id) => ({
    id,
    account: new RegExp(`<input\\b(?=[^>]*\\bid="${id}")[^>]*\\bvalue="([^"]*)"`).exec(page.html)?.[1] ?? '',
  }));
  const one = page.html.includes('type="radio"');
  const wanted = accounts ?? (one ? offered.slice(0, 1) : offered).map(({ account }) => account);
  const unknown = wanted.filter((account) => !offered.some((box) => box.account === account));
  if (unknown.length > 0) throw new Error(`not offered: ${unknown.join(', ')}`);
  return Object.fromEntries(offered.map(({ id, account }) => [id, wanted.includes(account)]));
}

/** What a page says, for a failure that can be understood. */
export function describePage(page: BrowserPage): string {
  const title = /<title>([^<]*)</.exec(page.html)?.[1] ?? page.html.slice(0, 200);
  return `${page.url.href} (HTTP ${page.status}, ${title}${page.has('error-code') ? `, ${page.text('error-code') ?? ''}` : ''})`;
}
