// eslint-disable-next-line no-restricted-imports -- one-time codes are secrets of the bank itself
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

import { formatMoney, money, MS_PER_MINUTE, type Money } from '../../kernel/index.js';
import type { AccountIdentifier } from '../accounts/index.js';
import type { Authorisation, Consent, ConsentSubject } from './consent.js';
import type { PaymentInstruction } from './instruction.js';
import type { PaymentMandate } from './mandate.js';

export const CHALLENGE_MS = 5 * MS_PER_MINUTE;
/** Of one run, over all codes sent in it: asking for another code wins no further tries. */
export const CHALLENGE_ATTEMPTS = 5;

/** How long the client has to confirm what its customer brought back. */
export const CONFIRMATION_MS = 10 * MS_PER_MINUTE;
export const CONFIRMATION_ATTEMPTS = 3;

export interface CodeHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export function drawCode(): string {
  return randomInt(1_000_000).toString().padStart(6, '0');
}

/** Travels in an address and is never typed, so that it can be too long to guess. */
export function drawConfirmationCode(): string {
  return randomBytes(16).toString('base64url');
}

export function hashCode(code: string, salt: Uint8Array = randomBytes(16)): CodeHash {
  return { salt, hash: createHash('sha256').update(salt).update(code).digest() };
}

export function isCode(code: string, { salt, hash }: CodeHash): boolean {
  return timingSafeEqual(hashCode(code, salt).hash, hash);
}

/** Amount and payee stand in the text: the customer must see what she approves (PSD2 RTS on SCA, art. 5(1)(a)). */
export function challengeText(bankName: string, code: string, purpose: string): string {
  return `${bankName}: ${code} is your code to ${purpose}. Never share it.`;
}

/** The same as a question in the bank's app, where she answers yes or no. */
export function appText(bankName: string, purpose: string): string {
  return `${bankName}: do you want to ${purpose}? Answer in the app.`;
}

/** What a yes does, in words that follow `your code to`. `members` are those of a basket. */
export function purposeText(
  { subject }: Pick<Consent, 'subject'>,
  purpose: Authorisation['purpose'],
  members: readonly Pick<Consent, 'subject'>[] = [],
): string {
  if (subject.kind === 'recurring-payment') return `approve ${mandateText(subject.mandate)}`;
  const subjects = [subject, ...members.map((member) => member.subject)];
  const instructions = subjects.flatMap(instructionsIn);
  if (instructions.length === 0) {
    return subject.kind === 'funds-check'
      ? 'let funds be confirmed on your account'
      : 'approve access to your accounts';
  }
  const verb = purpose === 'cancellation' ? 'cancel' : 'approve';
  const often =
    subject.kind === 'periodic-payment' ? `, ${subject.schedule.frequency} from ${subject.schedule.start}` : '';
  const shares = subjects.some(({ kind }) => kind === 'account-access') ? ' and access to your accounts' : '';
  return `${verb} ${paymentsText(instructions)}${often}${shares}`;
}

function instructionsIn(subject: ConsentSubject): readonly PaymentInstruction[] {
  switch (subject.kind) {
    case 'payment':
    case 'periodic-payment':
      return [subject.instruction];
    case 'bulk-payment':
      return subject.instructions;
    case 'account-access':
    case 'basket':
    case 'recurring-payment':
    case 'funds-check':
      return [];
  }
}

const PAYEES_SHOWN = 3;

function paymentsText(instructions: readonly PaymentInstruction[]): string {
  const to = payeesText(instructions.map(({ creditor }) => creditor));
  const sums = new Map<string, bigint>();
  for (const { amount } of instructions) {
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.amountMinor);
  }
  const total = [...sums].map(([currency, sum]) => shownMoney(money(sum, currency))).join(' and ');
  return instructions.length === 1
    ? `a payment of ${total} to ${to}`
    : `${instructions.length} payments of ${total} in total to ${to}`;
}

function payeesText(creditors: readonly AccountIdentifier[]): string {
  const payees = [...new Set(creditors.map(({ name, identification }) => name ?? identification))];
  const further = payees.length - PAYEES_SHOWN;
  return payees.slice(0, PAYEES_SHOWN).join(', ') + (further > 0 ? ` and ${further} more` : '');
}

function mandateText({ maximumPerPayment, creditors, limits = [] }: PaymentMandate): string {
  const within = limits.map(({ period, amount }) => `, in all ${shownMoney(amount)} per ${period}`).join('');
  const to = creditors ? ` to ${payeesText(creditors)}` : '';
  return `payments${to} of up to ${shownMoney(maximumPerPayment)} each${within}`;
}

const SIGNS: Readonly<Record<string, string>> = { GBP: '£', EUR: '€', USD: '$' };

function shownMoney(amount: Money): string {
  return `${SIGNS[amount.currency] ?? `${amount.currency} `}${formatMoney(amount)}`;
}

/** `the number ending in 1234` */
export function maskedMobile(mobile: string): string {
  return `the number ending in ${mobile.slice(-4)}`;
}
