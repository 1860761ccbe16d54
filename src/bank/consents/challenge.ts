// eslint-disable-next-line no-restricted-imports -- one-time codes are secrets of the bank itself
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

import { formatMoney, MS_PER_MINUTE, type Money } from '../../kernel/index.js';
import type { ConsentSubject } from './consent.js';

export const CHALLENGE_MS = 5 * MS_PER_MINUTE;
/** Of one run, over all codes sent in it: asking for another code wins no further tries. */
export const CHALLENGE_ATTEMPTS = 5;

export interface CodeHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export function drawCode(): string {
  return randomInt(1_000_000).toString().padStart(6, '0');
}

export function hashCode(code: string, salt: Uint8Array = randomBytes(16)): CodeHash {
  return { salt, hash: createHash('sha256').update(salt).update(code).digest() };
}

export function isCode(code: string, { salt, hash }: CodeHash): boolean {
  return timingSafeEqual(hashCode(code, salt).hash, hash);
}

/** Amount and payee stand in the text: the customer must see what she approves (PSD2 RTS on SCA, art. 5(1)(a)). */
export function challengeText(bankName: string, code: string, subject: ConsentSubject): string {
  const purpose =
    subject.kind === 'payment'
      ? `approve a payment of ${shownMoney(subject.instruction.amount)} to ${subject.instruction.creditor.name ?? subject.instruction.creditor.identification}`
      : 'approve access to your accounts';
  return `${bankName}: ${code} is your code to ${purpose}. Never share it.`;
}

const SIGNS: Readonly<Record<string, string>> = { GBP: '£', EUR: '€', USD: '$' };

function shownMoney(amount: Money): string {
  return `${SIGNS[amount.currency] ?? `${amount.currency} `}${formatMoney(amount)}`;
}

/** `the number ending in 1234` */
export function maskedMobile(mobile: string): string {
  return `the number ending in ${mobile.slice(-4)}`;
}
