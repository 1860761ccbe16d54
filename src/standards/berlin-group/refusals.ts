import { SandbankError, type ErrorCode } from '../../kernel/index.js';

/** A refusal that this standard has a finer word for than the core: the word goes along and `errors.ts` uses it. */
export function refusal(
  code: ErrorCode,
  wireCode: string,
  told: { readonly message: string; readonly path?: string; readonly expected?: string; readonly actual?: string },
): SandbankError {
  const { message, ...details } = told;
  return new SandbankError(code, message, { ...details, wireCode });
}

export function notSupported(path: string, message: string): SandbankError {
  return refusal('field.invalid', 'PARAMETER_NOT_SUPPORTED', { message, path });
}

export function notConsistent(path: string, message: string): SandbankError {
  return refusal('consent.invalid-combination', 'PARAMETER_NOT_CONSISTENT', { message, path });
}

/** What the address names is not there, or not for this caller. */
export function unknownResource(what: string, id: string): SandbankError {
  return refusal('payment.not-found', 'RESOURCE_UNKNOWN', { message: `There is no such ${what}.`, actual: id });
}
