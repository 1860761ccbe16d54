import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bankMigrations,
  createBank,
  parseRate,
  type Account,
  type Bank,
  type BankProfile,
  type Consent,
  type Planner,
  type ReferenceRates,
} from '../../../src/bank/index.js';
import {
  createClock,
  createIdScheme,
  dateOf,
  fromParts,
  instant,
  isSandbankError,
  localDate,
  MS_PER_DAY,
  parts,
  plusMonths,
  plusMs,
} from '../../../src/kernel/index.js';
import { createDocumentShelf } from '../../../src/http/documents.js';
import type { Call, Reply } from '../../../src/standards/standard.js';
import { ukObie } from '../../../src/standards/uk-obie/index.js';
import { PERMISSIONS } from '../../../src/standards/uk-obie/permissions.js';
import { countersMigrations, openSqlite, type SqlTransaction } from '../../../src/storage/index.js';
import { settling, type Booked } from '../cast.js';
import type { Json } from './json.js';

export const START = instant(Date.UTC(2026, 10, 25, 9));
export const BASE = 'https://localhost:8444/bramble/open-banking/v4.0';

const version = ukObie.versions[0]!;
const OPENAPI = new URL('../../../openapi/', import.meta.url).pathname;
const PROFILE: BankProfile = {
  id: 'bramble',
  name: 'Bramble Bank',
  country: 'GB',
  currency: 'GBP',
  sortCode: '402050',
  bic: 'BRMBGB2L',
  payments: { acceptMs: 1_000, settleMs: 1_000, debitMs: 1_000, creditMs: 1_000 },
};

const RATES: ReferenceRates = {
  base: 'EUR',
  perBase: { GBP: parseRate('0.86')!, USD: parseRate('1.09')! },
  seed: 'test',
};

export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly key?: string;
  readonly consent?: Consent;
  readonly clientId?: string;
}

/** An answer as it goes over the wire, whether the handler replied or refused. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/**
 * The handlers over a real bank on a real database. Every request and answer is checked against the document, as the
 * listener does; who asks and what the consent allows is the business of the pipeline and its tests.
 */
export async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-uk-'));
  const storage = openSqlite({ file: join(folder, 'bank.db'), durability: 'OFF' });
  await storage.migrate([countersMigrations, ...bankMigrations]);
  const clock = createClock({ mode: 'frozen', at: START });
  const bank = createBank({ profile: PROFILE, storage, clock, ids: createIdScheme('test'), rates: RATES });
  const shelf = createDocumentShelf(OPENAPI);
  const documents = await Promise.all(
    version.apis.map(async (api) => ({ api, document: await shelf.load(api.document) })),
  );

  const ask = async (operationId: string, asked: Asked = {}): Promise<Answer> => {
    const found = documents.find(({ api }) => Object.hasOwn(api.operations, operationId))!;
    const call = callOf(found.api, operationId, asked, bank);
    const described = describedOperation(found, operationId, call);
    const findings = described
      .checkRequest({
        path: call.selfUrl.slice(`${BASE}/${found.api.path}`.length).split('?')[0]!,
        query: call.query,
        headers: call.headers,
        body: call.body,
      })
      .map((violation: Json) => version.wire.finding(violation));
    let reply: Reply;
    try {
      if (findings.length > 0) reply = version.wire.error(refusal(findings), { interactionId: 'interaction-1' });
      else reply = await found.api.operations[operationId]!.handle(call);
    } catch (error) {
      if (!isSandbankError(error)) throw error;
      reply = version.wire.error(error, { interactionId: 'interaction-1' });
    }
    const body: unknown = JSON.parse(textOf(reply) ?? 'null');
    const violations = described.checkResponse(reply.status, body);
    if (violations.length > 0)
      throw new Error(`${operationId} ${reply.status}: ${violations.join('; ')} in ${JSON.stringify(body)}`);
    return { status: reply.status, body };
  };

  bank.arrangements.plannedBy('monthly', MONTHLY);
  const people = await settle(bank, storage);
  const end = (id: string, accounts: readonly string[], decision: 'approve' | 'refuse' = 'approve') =>
    authorise(bank, { id, accounts, decision, partyId: people.amelia.id });
  return {
    bank,
    storage,
    clock,
    ask,
    ...people,
    /** Runs the journey of a customer to its end. */
    authorise: end,
    /** Access to Amelia's accounts, lodged and authorised. */
    async consentFor(permissions: readonly string[] = ALL_PERMISSIONS, more: object = {}): Promise<Consent> {
      const { body } = await ask('CreateAccountAccessConsents', {
        body: { Data: { Permissions: permissions, ...more }, Risk: {} },
      });
      return end(body.Data.ConsentId, [people.current.id, people.card.id]);
    },
    /** A payment to Ben that waits for a day, agreed to through whatever standard. */
    async payLater(day: string): Promise<void> {
      const creditor = { ...people.bens.identifiers[0]!, name: 'Ben Okafor' };
      const { value } = await bank.consents.create({
        execution: 'on-authorisation',
        clientId: 'tpp',
        standard: 'another',
        subject: {
          kind: 'payment',
          instruction: {
            amount: { amountMinor: 4_200n, currency: 'GBP' },
            creditor,
            endToEndId: 'LATER-1',
            instructionId: 'LATER-1',
            reference: 'BIRTHDAY',
            rail: 'faster-payments',
            executionDate: localDate(day),
          },
        },
        reauthorisable: false,
        wire: '{}',
      });
      await end(value.id, [people.current.id]);
    },
    advance: async (ms: number) => {
      const until = plusMs(clock.now(), ms);
      clock.moveTo(until);
      await bank.catchUp(until);
    },
    close: async () => {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export const ALL_PERMISSIONS: readonly string[] = [...PERMISSIONS];

/** `U003 Data.ExpirationDateTime`, for each error of an answer. */
export function codesOf(body: Json): readonly string[] {
  return body.Errors.map((error: Json) => `${error.ErrorCode} ${error.Path ?? ''}`.trim());
}

type Found = { readonly api: (typeof version.apis)[number]; readonly document: Json };

function describedOperation(found: Found, operationId: string, call: Call): Json {
  const path = new URL(call.selfUrl).pathname.slice(new URL(`${BASE}/${found.api.path}`).pathname.length);
  const method = /^(Get|Delete|Create)/.exec(operationId)![1]!;
  const verb = { Get: 'GET', Delete: 'DELETE', Create: 'POST' }[method]!;
  const match = found.document.find(verb, path);
  if (match.kind !== 'found') throw new Error(`no operation at ${verb} ${path}`);
  return match.target;
}

const PATHS: Readonly<Record<string, string>> = {
  CreateAccountAccessConsents: '/account-access-consents',
  GetAccountAccessConsentsConsentId: '/account-access-consents/{ConsentId}',
  DeleteAccountAccessConsentsConsentId: '/account-access-consents/{ConsentId}',
  GetAccounts: '/accounts',
  GetAccountsAccountId: '/accounts/{AccountId}',
  GetAccountsAccountIdBalances: '/accounts/{AccountId}/balances',
  GetBalances: '/balances',
  GetAccountsAccountIdTransactions: '/accounts/{AccountId}/transactions',
  GetTransactions: '/transactions',
  GetAccountsAccountIdParties: '/accounts/{AccountId}/parties',
  GetAccountsAccountIdParty: '/accounts/{AccountId}/party',
  GetParty: '/party',
  ...Object.fromEntries(
    ['StandingOrders', 'DirectDebits', 'ScheduledPayments', 'Beneficiaries', 'Statements'].flatMap((name) => {
      const path = name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
      return [
        [`Get${name}`, `/${path}`],
        [`GetAccountsAccountId${name}`, `/accounts/{AccountId}/${path}`],
      ];
    }),
  ),
  GetAccountsAccountIdStatementsStatementId: '/accounts/{AccountId}/statements/{StatementId}',
  GetAccountsAccountIdStatementsStatementIdTransactions: '/accounts/{AccountId}/statements/{StatementId}/transactions',
  CreateDomesticPaymentConsents: '/domestic-payment-consents',
  GetDomesticPaymentConsentsConsentId: '/domestic-payment-consents/{ConsentId}',
  GetDomesticPaymentConsentsConsentIdFundsConfirmation: '/domestic-payment-consents/{ConsentId}/funds-confirmation',
  CreateDomesticPayments: '/domestic-payments',
  GetDomesticPaymentsDomesticPaymentId: '/domestic-payments/{DomesticPaymentId}',
  GetDomesticPaymentsDomesticPaymentIdPaymentDetails: '/domestic-payments/{DomesticPaymentId}/payment-details',
  CreateInternationalPaymentConsents: '/international-payment-consents',
  GetInternationalPaymentConsentsConsentId: '/international-payment-consents/{ConsentId}',
  GetInternationalPaymentConsentsConsentIdFundsConfirmation:
    '/international-payment-consents/{ConsentId}/funds-confirmation',
  CreateInternationalPayments: '/international-payments',
  GetInternationalPaymentsInternationalPaymentId: '/international-payments/{InternationalPaymentId}',
  GetInternationalPaymentsInternationalPaymentIdPaymentDetails:
    '/international-payments/{InternationalPaymentId}/payment-details',
};

function callOf(api: Found['api'], operationId: string, asked: Asked, bank: Bank): Call {
  const { params = {}, query = {}, body, key, consent, clientId = 'tpp' } = asked;
  const path = PATHS[operationId]!.replace(/\{(\w+)\}/g, (_, name: string) => params[name]!);
  const url: Call['url'] = (below, more = {}) => {
    const pairs = Object.entries(more).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const text = new URLSearchParams(pairs).toString();
    return `${BASE}/${api.path}${below}${text === '' ? '' : `?${text}`}`;
  };
  return {
    operationId,
    params,
    query,
    headers: {
      authorization: 'Bearer x',
      ...(key !== undefined && { 'x-idempotency-key': key, 'x-jws-signature': 'checked before' }),
    },
    body,
    rawBody: new TextEncoder().encode(JSON.stringify(body ?? null)),
    client: { clientId, organisationId: 'org', softwareId: 'software', name: 'Lantern' },
    ...(consent && { consent }),
    bank,
    now: bank.clock.now(),
    interactionId: 'interaction-1',
    answerType: 'application/json',
    settings: undefined,
    authorisationUrl: () => Promise.reject(new Error('no pages here')),
    selfUrl: url(path, query),
    url,
    check: () => undefined,
  };
}

function refusal(findings: readonly Json[]): Json {
  return Object.assign(new Error('refused'), { code: findings[0].code, details: { findings } });
}

/** Amelia with a current account and a card, and Ben, whom she pays. */
async function settle(bank: Bank, storage: ReturnType<typeof openSqlite>) {
  return storage.transaction(async (tx) => {
    const { person, open, book } = await settling({
      bank,
      tx,
      at: START,
      password: 'correct horse',
      mobile: '+447700900123',
      address: { streetName: 'Hill Road', buildingNumber: '7', postCode: 'LS2 2BB', townName: 'Leeds', country: 'GB' },
      product: { id: 'current', name: 'Bramble Current', type: 'current', category: 'personal' },
    });
    const amelia = await person('Ms Amelia Clarke', '10000001');
    const ben = await person('Mr Ben Okafor', '10000002');
    const current = await open(amelia, { nickname: 'Bills', overdraftLimitMinor: 50_000n });
    const card = await open(amelia, {
      product: { id: 'card', name: 'Bramble Card', type: 'credit-card', category: 'personal' },
      overdraftLimitMinor: 200_000n,
      identifiers: [{ scheme: 'pan', identification: '5555341244441115' }],
    });
    const bens = await open(ben);
    for (const entry of HISTORY) await book(current, entry);
    await arrange(bank, tx, current);
    await book(card, { daysAgo: 5, amountMinor: -4_599n, code: 'card-payment', text: 'QUAY CINEMA' });
    return { amelia, ben, current, card, bens };
  });
}

/** Her rent and the water, as the lines of the history pay them, and somebody whom she pays now and then. */
async function arrange(bank: Bank, tx: SqlTransaction, { id: accountId }: Account): Promise<void> {
  const recurring = (code: 'standing-order' | 'direct-debit', day: number, amountMinor: bigint) =>
    ({
      recurrence: { every: 'months', months: 1, day },
      since: plusMs(START, -90 * MS_PER_DAY),
      isFixed: true,
      code,
      planner: 'monthly',
      plan: { day, amount: String(amountMinor) },
    }) as const;
  const rent = HISTORY[3]!.counterparty!;
  await bank.arrangements.add(tx, {
    kind: 'standing-order',
    accountId,
    payee: rent,
    reference: 'RENT',
    recurring: recurring('standing-order', 5, 80_000n),
  });
  await bank.arrangements.add(tx, {
    kind: 'direct-debit',
    accountId,
    payee: { name: 'Leeds Water' },
    recurring: recurring('direct-debit', 23, 1_500n),
  });
  await bank.arrangements.add(tx, { kind: 'beneficiary', accountId, payee: rent, reference: 'RENT' });
}

/** Runs on one day of each month, weekend or not. */
const MONTHLY: Planner = {
  nextRun: (plan, at) => {
    const { day, amount } = plan as { day: number; amount: string };
    const [year, month, today] = parts(dateOf(at));
    const first = fromParts(year, month, day);
    return { day: today < day ? first : plusMonths(first, 1), amountMinor: BigInt(amount) };
  },
  lastRun: (plan, at) => {
    const { day, amount } = plan as { day: number; amount: string };
    const [year, month, today] = parts(dateOf(at));
    const first = fromParts(year, month, day);
    return { day: today >= day ? first : plusMonths(first, -1), amountMinor: BigInt(amount) };
  },
};

const HISTORY: readonly Booked[] = [
  { daysAgo: 90, amountMinor: 30_000n, code: 'opening-balance', text: 'OPENING BALANCE' },
  {
    daysAgo: 60,
    amountMinor: 210_000n,
    code: 'salary',
    text: 'LARKRISE BAKERY SALARY',
    reference: 'SALARY SEP',
    counterparty: { name: 'Larkrise Bakery Ltd', scheme: 'sort-code-account-number', identification: '11223387654321' },
  },
  {
    daysAgo: 40,
    amountMinor: -2_490n,
    code: 'card-payment',
    text: 'LANTERN BOOKS LEEDS',
    merchant: { name: 'Lantern Books', categoryCode: '5942' },
  },
  {
    daysAgo: 20,
    amountMinor: -80_000n,
    code: 'standing-order',
    text: 'RENT HILL ROAD',
    reference: 'RENT',
    counterparty: { name: 'Hill Road Homes', scheme: 'sort-code-account-number', identification: '20304011112222' },
  },
  {
    daysAgo: 2,
    amountMinor: -1_500n,
    code: 'direct-debit',
    text: 'LEEDS WATER',
    counterparty: { name: 'Leeds Water' },
  },
];

async function authorise(
  bank: Bank,
  wanted: {
    readonly id: string;
    readonly accounts: readonly string[];
    readonly decision: 'approve' | 'refuse';
    readonly partyId: string;
  },
): Promise<Consent> {
  const { consents } = bank;
  const run = await consents.startAuthorisation(wanted.id, 'redirect');
  await consents.authenticate(run.id, { customerNumber: '10000001', password: 'correct horse' });
  if (wanted.decision === 'refuse') return consents.refuse(run.id, 'refused-by-psu');
  await consents.chooseAccounts(run.id, wanted.accounts);
  await consents.sendChallenge(run.id);
  const [message] = await bank.messages.inbox(wanted.partyId);
  await consents.answerChallenge(run.id, message!.code!);
  return consents.approve(run.id, 'shown');
}

/** Ready text, as the http layer would put it together, or the body as it would write it. */
function textOf({ json, body }: Reply): string | undefined {
  if (json === undefined) return JSON.stringify(body);
  return typeof json === 'string' ? json : json.map(String).join('');
}
