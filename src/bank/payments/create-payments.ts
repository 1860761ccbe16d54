import { assert, SandbankError } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import { findWrite, rememberWrite } from '../idempotency/index.js';
import { ADVANCE, advancePayment } from './advance-payment.js';
import { beginPayment } from './begin-payment.js';
import { BATCH, orderBatch, progressOf } from './bulk-batches.js';
import { cancelPayment, isCancellable } from './cancel-payment.js';
import { carryOut, refuseUnpayableSubject } from './carry-out.js';
import { fundsAvailable, fundsAvailableOn } from './funds.js';
import { useOf } from './mandates/mandate-use.js';
import { mandateOf, submitUnderMandate } from './mandates/submit-under-mandate.js';
import type { PaymentModules } from './payment-modules.js';
import type { PaymentId, PaymentOrder } from './payment-order.js';
import { selectOrder, selectOrderIdByConsent, selectOrdersOf } from './payment-rows.js';
import type { Payments } from './payments.js';
import { selectRecallsOf } from './recalls/recall-rows.js';
import { answerDueRecall, RECALL, recallPayment } from './recalls/recall-payment.js';
import { toClearingMember } from './receive-transfer.js';
import { BEGIN, submitPayment, type Submission } from './submit-payment.js';

/** Payments of one bank. Registers its handlers with the bank's schedules, and the bank with the clearing. */
export function createPayments(modules: PaymentModules): Payments {
  const { profile, storage, clock, consents, schedules } = modules;
  const bank = profile.id;
  schedules.handle(ADVANCE, (tx, item) => advancePayment(tx, modules, item));
  schedules.handle(BEGIN, (tx, item) => beginPayment(tx, modules, item));
  schedules.handle(BATCH, (tx, item) => orderBatch(tx, modules, item));
  schedules.handle(RECALL, (tx, item) => answerDueRecall(tx, modules, item));
  modules.clearing?.join(toClearingMember(modules));

  const find = async (sql: SqlReader, id: PaymentId): Promise<PaymentOrder | undefined> =>
    (await selectOrder(sql, bank, id))?.order;

  const submit = async (tx: SqlTransaction, submission: Submission): Promise<PaymentOrder> => {
    const { clientId, consentId, instruction, wire } = submission;
    // The write lock is ours: what was committed about the consent cannot change under this transaction.
    const consent = await consents.get(consentId, { clientId });
    if (consent.subject.kind !== 'recurring-payment') return submitPayment(tx, modules, { consent, ...submission });
    if (!instruction) throw new SandbankError('field.missing', 'A payment under a mandate says what it is.');
    return submitUnderMandate(tx, modules, { consent, instruction, wire });
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
        const value = await submit(tx, submission);
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
    async mandateUse(consentId) {
      const consent = await consents.get(consentId);
      return useOf(storage.read, { consent, mandate: mandateOf(consent), at: clock.now() });
    },
    fundsAvailable: (consentId, amount) => fundsAvailable(modules, { consentId, ...(amount && { amount }) }),
    fundsAvailableOn: (accountId, amount) => fundsAvailableOn(modules, { accountId, amount }),
    ordersOf: async (consentId) => (await selectOrdersOf(storage.read, bank, consentId)).map(({ order }) => order),
    recall: (paymentId, reason) => storage.transaction((tx) => recallPayment(tx, modules, { paymentId, reason })),
    recallsOf: (id) => selectRecallsOf(storage.read, bank, id),
    progressOf: (consentId) => progressOf(modules, consentId),
    isCancellable: (consentId) => isCancellable(modules, consentId),
    cancel: (tx, consentId, actor) => cancelPayment(tx, modules, { consentId, actor }),
    refuseUnpayable: (subject) => {
      refuseUnpayableSubject(modules, subject);
    },
    onAuthorised: (tx, consent) => carryOut(tx, modules, consent),
  };
}
