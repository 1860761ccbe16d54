import type { DemoStage } from './stage.js';
import { expectStatus, type Balances, type ConsentAnswer } from './answers.js';
import { digestOf, type ThirdParty } from './third-party.js';

const PERMISSIONS = [
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
];

interface Accounts {
  readonly Data: {
    readonly Account: readonly {
      readonly AccountId: string;
      readonly Nickname?: string;
      readonly AccountTypeCode?: string;
    }[];
  };
}

interface Transactions {
  readonly Data: {
    readonly Transaction: readonly {
      readonly BookingDateTime: string;
      readonly CreditDebitIndicator: string;
      readonly Amount: { readonly Amount: string; readonly Currency: string };
      readonly TransactionInformation?: string;
    }[];
  };
}

/** Consent, customer's approval, accounts, balances, transactions. */
export async function accountJourney(stage: DemoStage, tpp: ThirdParty): Promise<void> {
  const { step, control, bank } = stage;
  const clientToken = await step(
    'Get a client token',
    () => tpp.clientToken('accounts'),
    (token) => `bound to our certificate, digest ${digestOf(token)}`,
  );
  const consent = await step(
    'Lodge an account-access consent',
    async () =>
      expectStatus<ConsentAnswer>(
        201,
        await tpp.call('POST', '/aisp/account-access-consents', {
          token: clientToken,
          body: { Data: { Permissions: PERMISSIONS }, Risk: {} },
        }),
      ),
    ({ Data }) => `${Data.ConsentId}, status ${Data.Status}`,
  );
  const pending = await step(
    'Push the authorization request',
    () => tpp.beginConsent(consent.Data.ConsentId, 'accounts'),
    ({ authorizationUrl }) => authorizationUrl,
  );
  const customer = await firstCustomer(stage, 'salaried-renter');
  const back = await step(
    `${customer.name} logs in, enters her code, chooses accounts, approves`,
    () =>
      control.post<{ redirectTo: string; steps: readonly string[] }>(`/banks/${bank.id}/authorise`, {
        authorizationUrl: pending.authorizationUrl,
        customer: customer.customerNumber,
        decision: 'approve',
      }),
    ({ steps }) => `pages: ${steps.join(', ')}`,
  );
  const token = await step(
    'Redeem the code',
    () => tpp.finishConsent(pending, back.redirectTo),
    (value) => `access token, digest ${digestOf(value)}`,
  );
  const { Data } = await step(
    'Read accounts',
    async () => expectStatus<Accounts>(200, await tpp.call('GET', '/aisp/accounts', { token })),
    (answer) =>
      answer.Data.Account.map(
        (account) => `${account.AccountId} ${account.Nickname ?? account.AccountTypeCode ?? ''}`,
      ).join('; '),
  );
  const accountId = Data.Account[0]?.AccountId ?? '';
  await step(
    'Read balances',
    async () => expectStatus<Balances>(200, await tpp.call('GET', `/aisp/accounts/${accountId}/balances`, { token })),
    (answer) =>
      answer.Data.Balance.map(
        ({ Type, Amount, CreditDebitIndicator }) =>
          `${Type} ${CreditDebitIndicator === 'Debit' ? '-' : ''}${Amount.Amount} ${Amount.Currency}`,
      ).join('; '),
  );
  await step(
    'Read transactions, newest first',
    async () =>
      expectStatus<Transactions>(200, await tpp.call('GET', `/aisp/accounts/${accountId}/transactions`, { token })),
    (answer) =>
      answer.Data.Transaction.slice(0, 5)
        .map(({ BookingDateTime, CreditDebitIndicator, Amount, TransactionInformation }) => {
          const sign = CreditDebitIndicator === 'Debit' ? '-' : '+';
          return `${BookingDateTime.slice(0, 10)} ${`${sign}${Amount.Amount}`.padStart(10)}  ${TransactionInformation ?? ''}`;
        })
        .join('\n       '),
  );
}

export async function firstCustomer(
  { control, bank }: DemoStage,
  persona: string,
): Promise<{ name: string; customerNumber: string; accounts: readonly { identification: string }[] }> {
  const { customers } = await control.get<{
    customers: readonly {
      name: string;
      persona?: string;
      customerNumber: string;
      accounts: readonly { identification: string }[];
    }[];
  }>(`/banks/${bank.id}/customers`);
  const found = customers.find((customer) => customer.persona === persona) ?? customers[0];
  if (!found) throw new Error('the bank has no customers');
  return found;
}
