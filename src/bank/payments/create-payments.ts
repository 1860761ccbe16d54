import { assert, SandbankError, type Money } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import { findWrite, rememberWrite } from '../idempotency/index.js';
import { ADVANCE, advancePayment } from './advance-payment.js';
import { beginPayment } from './begin-payment.js';
import { cancelPayment, isCancellable } from './cancel-payment.js';
import { carryOut, refuseUnpayableSubject } from './carry-out.js';
import type { PaymentModules } from './payment-modules.js';
import type { PaymentId, PaymentOrder } from './payment-order.js';
import { takenOf, termsOf } from './payment-terms.js';
import { selectOrder, selectOrderIdByConsent, selectOrdersOf } from './payment-rows.js';
import type { Payments } from './payments.js';
import { toClearingMember } from './receive-transfer.js';
import { BEGIN, debtorAccountIdOf, instructionOf, submitPayment } from './submit-payment.js';

/** Payments of one bank. Registers its handlers with the bank's schedules, and the bank with the clearing. */
export function createPayments(modules: PaymentModules): Payments {
  const { profile, storage, clock, accounts, consents, schedules } = modules;
  const bank = profile.id;
  schedules.handle(ADVANCE, (tx, item) => advancePayment(tx, modules, item));
  schedules.handle(BEGIN, (tx, item) => beginPayment(tx, modules, item));
  modules.clearing?.join(toClearingMember(modules));

  const find = async (sql: SqlReader, id: PaymentId): Promise<PaymentOrder | undefined> =>
    (await selectOrder(sql, bank, id))?.order;

  const fundsAvailableOn = async (accountId: string, amount: Money): Promise<boolean> => {
    if ((await accounts.get(accountId)).status === 'closed') return false;
    const { currency, availableMinor, overdraftLimitMinor } = await accounts.balance(accountId);
    return currency === amount.currency && availableMinor + overdraftLimitMinor >= amount.amountMinor;
  };

  return {
    submit: (submission, idempotency) =>
      storage.transaction(async (tx) => {
        const write = { bank, kind: 'payment', idempotency };
        const known = await findWrite(tx, write, clock.now());
        if (known !== undefined) {
          const value = await find(tx, known);
          assert(value, `payment ${known} of a remembered key`);
          return { value, replayed: true };
        }
        const value = await submitPayment(tx, modules, submission);
        await rememberWrite(tx, write, value.id);
        return { value, replayed: false };
      }),
    async get(id, { clientId } = {}) {
      const order = await find(storage.read, id);
      if (!order) throw new SandbankError('payment.not-found', 'There is no such payment.', { actual: id });
      if (clientId !== undefined && order.clientId !== clientId) {
        throw new SandbankError('payment.of-another-client', 'This payment was made by another client.', {
          actual: id,
        });
      }
      return order;
    },
    async byConsent(consentId) {
      const id = await selectOrderIdByConsent(storage.read, bank, consentId);
      return id === undefined ? undefined : find(storage.read, id);
    },
    async fundsAvailable(consentId) {
      const consent = await consents.get(consentId);
      const instruction = instructionOf(consent);
      const account = debtorAccountIdOf(consent);
      if (consent.status !== 'authorised' || account === undefined) {
        throw new SandbankError('consent.wrong-status', 'Funds are confirmed for an authorised payment only.', {
          expected: 'authorised',
          actual: consent.status,
        });
      }
      const debtor = await accounts.get(account);
      const terms = await termsOf(storage.read, modules, { instruction, debtor, at: clock.now() });
      return fundsAvailableOn(account, takenOf(terms, instruction));
    },
    fundsAvailableOn,
    ordersOf: async (consentId) => (await selectOrdersOf(storage.read, bank, consentId)).map(({ order }) => order),
    isCancellable: (consentId) => isCancellable(modules, consentId),
    cancel: (tx, consentId, actor) => cancelPayment(tx, modules, { consentId, actor }),
    refuseUnpayable: (subject) => {
      refuseUnpayableSubject(modules, subject);
    },
    onAuthorised: (tx, consent) => carryOut(tx, modules, consent),
  };
}
