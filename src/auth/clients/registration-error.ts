/** Codes of UK DCR 3.3 (RFC 7591 3.2.2), and what may stand in the way of managing a registration. */
export type RegistrationErrorCode =
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'invalid_software_statement'
  | 'unapproved_software_statement'
  | 'invalid_client'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'method_not_allowed'
  | 'server_error';

/** A refusal of the registration endpoint, as it goes to the wire. */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
  readonly code: RegistrationErrorCode;
  readonly status: number;

  constructor(code: RegistrationErrorCode, description: string, status = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }
}
