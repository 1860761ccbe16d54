export { createPayees } from './create-payees.js';
export type { NamedPayee, PayeeConfirmation, Payees } from './payee.js';
