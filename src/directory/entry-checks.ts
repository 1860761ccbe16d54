import { SandbankError } from '../kernel/index.js';
import { DIRECTORY_ROLES, type DirectoryRole } from './directory.js';

/** Longest organisation name a certificate may carry: ub-organization-name of RFC 5280, appendix A. */
export const MAX_NAME = 64;

/**
 * A text that people will read on a consent page: control characters and those that turn or hide text (right-to-left
 * overrides, zero-width ones) are refused, since they let one name look like another. Answers it in NFC, trimmed.
 */
export function checkText(path: string, value: string, maxLength: number): string {
  const refuse = (expected: string, actual: string): never => {
    throw new SandbankError('directory.invalid-request', `The value of ${path} is not acceptable.`, {
      path,
      expected,
      actual,
    });
  };
  if (typeof value !== 'string') return refuse('text', typeof value);
  const text = value.normalize('NFC').trim();
  const length = [...text].length;
  if (length === 0 || length > maxLength)
    refuse(`1 to ${String(maxLength)} characters`, `${String(length)} characters`);
  const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u.exec(text)?.[0];
  if (hidden !== undefined) {
    refuse(
      'no control or invisible characters',
      `U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
    );
  }
  return text;
}

/** Throws `directory.invalid-role` for an unknown role, none at all, or one that `allowed` lacks. */
export function checkRoles(
  roles: readonly string[],
  allowed: readonly DirectoryRole[] = DIRECTORY_ROLES,
): readonly DirectoryRole[] {
  const refuse = (message: string, actual: string): never => {
    throw new SandbankError('directory.invalid-role', message, {
      path: 'roles',
      expected: `any of ${allowed.join(', ')}`,
      actual,
    });
  };
  if (roles.length === 0) refuse('At least one role is needed.', 'none');
  for (const role of roles) {
    if (!isRole(role)) refuse('The role is unknown.', role.slice(0, MAX_NAME));
    else if (!allowed.includes(role)) refuse('The organisation does not have this role.', role);
  }
  return DIRECTORY_ROLES.filter((role) => roles.includes(role));
}

/** The regulator's number as it goes into organizationIdentifier. */
export function checkRegistration(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9.]{0,31}$/.test(value)) return value;
  throw new SandbankError('directory.invalid-request', 'The registration id is not acceptable.', {
    path: 'registrationId',
    expected: '1 to 32 letters, digits or dots',
    actual: value.slice(0, MAX_NAME),
  });
}

/** A country whose authority the directory knows. Throws `directory.invalid-request`. */
export function checkCountry(value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  throw new SandbankError('directory.invalid-request', 'The directory knows no authority of this country.', {
    path: 'country',
    expected: known.join(', '),
    actual: value.slice(0, MAX_NAME),
  });
}

function isRole(role: string): role is DirectoryRole {
  return (DIRECTORY_ROLES as readonly string[]).includes(role);
}
