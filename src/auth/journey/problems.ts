import { isSandbankError, type ErrorCode } from '../../kernel/index.js';

/** In plain words, what was wrong with a form. `final`: the journey cannot go on. */
export interface Problem {
  /** Tells it apart: screens in other languages have words of their own for it. */
  readonly code: string;
  readonly text: string;
  readonly final: boolean;
}

const PROBLEMS: Partial<Readonly<Record<ErrorCode, Omit<Problem, 'code'>>>> = {
  'credentials.invalid': { text: 'The customer number or the password is not right.', final: false },
  'credentials.locked': { text: 'Too many failed tries. Please try again in 15 minutes.', final: false },
  'challenge.invalid': { text: 'That code is not right. Please check the newest message.', final: false },
  'challenge.expired': { text: 'That code has expired. Please ask for a new one.', final: false },
  'challenge.locked': { text: 'Too many wrong codes. Nothing was agreed.', final: true },
  'consent.account-not-covered': { text: 'Please choose one of the accounts that are offered.', final: false },
};

/** Undefined for what is not a mistake of the customer. */
export function problemOf(error: unknown): Problem | undefined {
  if (!isSandbankError(error)) return undefined;
  const known = PROBLEMS[error.code];
  if (known) return { ...known, code: error.code };
  return /^(consent|authorisation|account)\./.test(error.code)
    ? { code: error.code, text: error.message, final: true }
    : undefined;
}

/** The words for a problem by its code. */
export function problemText(code: string): string {
  return (PROBLEMS as Readonly<Record<string, Omit<Problem, 'code'> | undefined>>)[code]?.text ?? code;
}
