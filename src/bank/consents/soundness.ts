import { SandbankError } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import { normaliseIdentification } from '../accounts/index.js';
import { isCarriedOutByBank } from './approve.js';
import { refuseUnfitMembers } from './baskets.js';
import type { ConsentsOptions } from './change-consent.js';
import type { ConsentSubject, NewConsent } from './consent.js';
import { refuseUnsoundMandate } from './mandate-soundness.js';

/** Refuses what nobody should be asked to agree to, when it is lodged. */
export async function refuseUnsound(sql: SqlReader, options: ConsentsOptions, consent: NewConsent): Promise<void> {
  const { subject, execution = 'by-client' } = consent;
  refuseMixedBulk(subject);
  if (subject.kind === 'recurring-payment') refuseUnsoundMandate(subject.mandate);
  if (subject.kind === 'account-access' && subject.choice === 'named' && (subject.named ?? []).length === 0) {
    throw new SandbankError('consent.invalid-combination', 'Access to named accounts names at least one.');
  }
  await refuseUnfitMembers(sql, options, consent);
  if (isCarriedOutByBank({ subject, execution })) options.payments?.refuseUnpayable(subject);
}

/** A bulk is paid from one account, in its currency. */
function refuseMixedBulk(subject: ConsentSubject): void {
  if (subject.kind !== 'bulk-payment') return;
  const debtors = subject.instructions.map(({ debtor }) =>
    debtor ? `${debtor.scheme}:${normaliseIdentification(debtor.identification)}` : '',
  );
  if (subject.instructions.length === 0 || new Set(debtors).size !== 1) {
    throw new SandbankError('consent.invalid-combination', 'A bulk has payments, all from the same account.');
  }
  if (new Set(subject.instructions.map(({ amount }) => amount.currency)).size !== 1) {
    throw new SandbankError('payment.unsupported-currency', 'The payments of a bulk are in one currency.');
  }
}
