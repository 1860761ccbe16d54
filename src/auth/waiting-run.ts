import type { Authorisation, Consents } from '../bank/index.js';

/**
 * The newest authorisation of a consent that a call of the API began and in which nobody has logged in yet: two browsers
 * may open it, and the first to log in has it. One that ends with a confirmation is for linked pages.
 */
export async function waitingRun(
  consents: Pick<Consents, 'authorisationsOf'>,
  consentId: string,
): Promise<Authorisation | undefined> {
  const runs = await consents.authorisationsOf(consentId);
  return runs.findLast(
    ({ mode, status, needsConfirmation = false }) =>
      mode === 'redirect' && !needsConfirmation && (status === 'received' || status === 'psu-identified'),
  );
}
