import { assert, dateOf, type Instant } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Account } from '../accounts/index.js';
import { subjectLinkHash, type Consent, type ConsentSubject } from '../consents/index.js';
import { beginBulk } from './bulk-batches.js';
import type { PaymentModules } from './payment-modules.js';
import { nextRun, refuseImpossibleSchedule, type PaymentRun } from './rails/payment-runs.js';
import { refuseUnsupported } from './rails/rail-checks.js';
import { debtorOf, placeOrder } from './submit-payment.js';

/** Refuses what a rail does not carry, as it would be refused on the day it is lodged. */
export function refuseUnpayableSubject(
  { profile, clock }: Pick<PaymentModules, 'profile' | 'clock'>,
  subject: ConsentSubject,
): void {
  const today = dateOf(clock.now());
  switch (subject.kind) {
    case 'payment':
      refuseUnsupported(profile, { instruction: subject.instruction, product: 'single', today });
      return;
    case 'bulk-payment':
      for (const instruction of subject.instructions) {
        refuseUnsupported(profile, { instruction, product: 'bulk', today });
      }
      return;
    case 'periodic-payment':
      refuseUnsupported(profile, { instruction: subject.instruction, product: 'periodic', today });
      refuseImpossibleSchedule(subject.schedule, today, profile.country);
      return;
    case 'account-access':
    case 'basket':
    case 'recurring-payment':
    case 'funds-check':
  }
}

/**
 * Makes the orders of what was just authorised, in the same transaction, but for a long bulk, which due work does batch
 * by batch. The members of a bulk are orders of their own,
 * each with its outcome (that they are to be booked as one is a wish, and not followed). A periodic payment has the order
 * of its next run, which brings the one after it; where no run is left there is none.
 */
export async function carryOut(tx: SqlTransaction, modules: PaymentModules, authorised: Consent): Promise<void> {
  const { clock, consents } = modules;
  const { subject } = authorised;
  const consent = await consents.consume(tx, authorised.id, subjectLinkHash(subject));
  const debtor = await debtorOf(tx, modules, consent);
  const at = clock.now();
  const order = { consent, debtor, wire: consent.wire, at };
  switch (subject.kind) {
    case 'payment':
      await placeOrder(tx, modules, { ...order, instruction: subject.instruction, position: 0 });
      return;
    case 'bulk-payment':
      await beginBulk(tx, modules, { consent, subject, debtor });
      return;
    case 'periodic-payment':
      await planRun(tx, modules, { consent, debtor, at });
      return;
    case 'account-access':
    case 'basket':
    case 'recurring-payment':
    case 'funds-check':
      assert(false, `an authorised ${subject.kind} is no payment`);
  }
}

/**
 * Places the order of the first run of a periodic payment, or of the one after `after`. One that begins at once brings the
 * next one with it. Nothing where the consent is not periodic, or has run out.
 */
export async function planRun(
  tx: SqlTransaction,
  modules: PaymentModules,
  plan: { readonly consent: Consent; readonly debtor: Account; readonly at: Instant; readonly after?: PaymentRun },
): Promise<void> {
  const { consent, debtor, at, after } = plan;
  if (consent.subject.kind !== 'periodic-payment') return;
  const { schedule, instruction } = consent.subject;
  const place = { country: modules.profile.country, notBefore: dateOf(at), ...(after && { after }) };
  const run = nextRun(schedule, place);
  if (!run) return;
  const { status } = await placeOrder(tx, modules, {
    consent,
    debtor,
    wire: consent.wire,
    at,
    instruction: { ...instruction, executionDate: run.day },
    position: run.index,
  });
  if (status !== 'scheduled') await planRun(tx, modules, { ...plan, after: run });
}
