import { createHash } from 'node:crypto';

import type { ConsentSubject } from './consent.js';
import type { PaymentInstruction } from './instruction.js';
import type { PaymentMandate } from './mandate.js';

/**
 * What a payment's challenge is bound to: SHA-256 over amount, currency and payee, so that a code for one payment is
 * worth nothing for another (PSD2 RTS on SCA, article 5, dynamic linking). Written as JSON first, so that no two
 * different payments read the same.
 */
export function dynamicLinkHash({ amount, creditor }: Pick<PaymentInstruction, 'amount' | 'creditor'>): string {
  const { scheme, identification, name = '' } = creditor;
  return hashOf([amount.amountMinor.toString(), amount.currency, scheme, identification, name]);
}

/**
 * The same for whatever is to be paid: of a bulk all its amounts and payees (article 5(3)(b)), of a periodic payment its
 * schedule as well. Empty where nothing is paid; a basket is linked by its members (`linkHashOfAll`).
 */
export function subjectLinkHash(subject: ConsentSubject): string {
  switch (subject.kind) {
    case 'payment':
      return dynamicLinkHash(subject.instruction);
    case 'bulk-payment':
      return linkHashOfAll(subject.instructions.map(dynamicLinkHash));
    case 'periodic-payment': {
      const { start, end = '', frequency, dayOfExecution = 0, ifClosed } = subject.schedule;
      return hashOf([dynamicLinkHash(subject.instruction), start, end, frequency, dayOfExecution, ifClosed]);
    }
    case 'recurring-payment':
      return mandateLinkHash(subject.mandate);
    case 'account-access':
    case 'basket':
    case 'funds-check':
      return '';
  }
}

export function linkHashOfAll(links: readonly string[]): string {
  return hashOf(['all', ...links]);
}

/** What is agreed of payments whose amounts are not known yet: everything that limits them. */
function mandateLinkHash(mandate: PaymentMandate): string {
  const {
    creditors = [],
    maximumPerPayment: maximum,
    reference = '',
    validFrom = 0,
    validTo = 0,
    limits = [],
  } = mandate;
  return hashOf([
    'mandate',
    maximum.amountMinor.toString(),
    maximum.currency,
    reference,
    validFrom,
    validTo,
    ...creditors.flatMap(({ scheme, identification, name = '' }) => ['to', scheme, identification, name]),
    ...limits.flatMap(({ period, alignment, amount }) => ['limit', period, alignment, amount.amountMinor.toString()]),
  ]);
}

/** A code for calling a payment back must not pay it. */
export function cancellationLinkHash(link: string): string {
  return hashOf(['cancel', link]);
}

function hashOf(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
