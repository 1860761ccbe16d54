import { createHash } from 'node:crypto';

import type { PaymentInstruction } from './instruction.js';

/**
 * What a payment's challenge is bound to: SHA-256 over amount, currency and payee, so that a code for one payment is
 * worth nothing for another (PSD2 RTS on SCA, article 5, dynamic linking). Written as JSON first, so that no two
 * different payments read the same.
 */
export function dynamicLinkHash({ amount, creditor }: Pick<PaymentInstruction, 'amount' | 'creditor'>): string {
  const { scheme, identification, name = '' } = creditor;
  const linked = [amount.amountMinor.toString(), amount.currency, scheme, identification, name];
  return createHash('sha256').update(JSON.stringify(linked)).digest('base64url');
}
