import type { DemoStage } from './stage.js';
import { firstCustomer } from './account-journey.js';
import { expectStatus, type ConsentAnswer } from './answers.js';
import type { ThirdParty } from './third-party.js';

interface PaymentAnswer {
  readonly Data: { readonly DomesticPaymentId: string; readonly Status: string };
}

/** A payment between two customers of the bank: consent, approval, order, and the clock that settles it. */
export async function paymentJourney(stage: DemoStage, tpp: ThirdParty): Promise<void> {
  const { step, control, bank } = stage;
  const [payer, payee] = await Promise.all([
    firstCustomer(stage, 'salaried-renter'),
    firstCustomer(stage, 'freelancer'),
  ]);
  const clientToken = await step(
    'Get a client token',
    () => tpp.clientToken('payments'),
    () => 'scope payments',
  );
  const initiation = {
    InstructionIdentification: `DEMO-${crypto.randomUUID().slice(0, 8)}`,
    EndToEndIdentification: 'DEMO-1',
    InstructedAmount: { Amount: '12.50', Currency: 'GBP' },
    CreditorAccount: {
      SchemeName: 'UK.OBIE.SortCodeAccountNumber',
      Identification: payee.accounts[0]?.identification ?? '',
      Name: payee.name,
    },
    RemittanceInformation: { Unstructured: ['Thank you'] },
  };
  const consent = await step(
    `Lodge a signed consent: 12.50 GBP to ${payee.name}`,
    async () =>
      expectStatus<ConsentAnswer>(
        201,
        await tpp.call('POST', '/pisp/domestic-payment-consents', {
          token: clientToken,
          sign: true,
          idempotencyKey: crypto.randomUUID(),
          body: { Data: { Initiation: initiation }, Risk: {} },
        }),
      ),
    ({ Data }) => `${Data.ConsentId}, status ${Data.Status}`,
  );
  const pending = await tpp.beginConsent(consent.Data.ConsentId, 'payments');
  const back = await step(
    `${payer.name} sees amount and payee, and approves with her code`,
    () =>
      control.post<{ redirectTo: string; steps: readonly string[] }>(`/banks/${bank.id}/authorise`, {
        authorizationUrl: pending.authorizationUrl,
        customer: payer.customerNumber,
        decision: 'approve',
      }),
    ({ steps }) => `pages: ${steps.join(', ')}`,
  );
  const token = await tpp.finishConsent(pending, back.redirectTo);
  const order = await step(
    'Submit the payment order',
    async () =>
      expectStatus<PaymentAnswer>(
        201,
        await tpp.call('POST', '/pisp/domestic-payments', {
          token,
          sign: true,
          idempotencyKey: crypto.randomUUID(),
          body: { Data: { ConsentId: consent.Data.ConsentId, Initiation: initiation }, Risk: {} },
        }),
      ),
    ({ Data }) => `${Data.DomesticPaymentId}, status ${Data.Status}`,
  );
  await step(
    'Let the clock settle it',
    async () => {
      await control.post('/clock/advance', { duration: 'PT2M' });
      return expectStatus<PaymentAnswer>(
        200,
        await tpp.call('GET', `/pisp/domestic-payments/${order.Data.DomesticPaymentId}`, { token: clientToken }),
      );
    },
    ({ Data }) => `two minutes later: status ${Data.Status}`,
  );
}
