import type { Authorisation, Bank, Consent } from '../bank/index.js';
import { SandbankError } from '../kernel/index.js';
import { findCustomer, type JourneyResult } from './journey-driver.js';
import { answerOnPhone } from './phone.js';

/** A customer's decision on a consent that has no page: in her app, or with what she would type at the third party. */
export interface ConsentScript {
  readonly bank: Bank;
  readonly consentId: string;
  readonly customer: string;
  readonly accounts?: readonly string[];
  readonly decision: 'approve' | 'deny';
}

/** Plays the customer in the newest open run of the consent. Throws `authorisation.wrong-state` where there is none. */
export async function driveConsent(
  script: ConsentScript,
  viewOf: (consent: Consent) => unknown,
): Promise<JourneyResult> {
  const { bank, consentId } = script;
  const customer = await findCustomer(script);
  const open = (await bank.consents.authorisationsOf(consentId)).filter(
    ({ status, mode }) => mode !== 'redirect' && !['finalised', 'failed', 'exempted'].includes(status),
  );
  const run = open.at(-1);
  if (!run) {
    throw new SandbankError('authorisation.wrong-state', 'Nothing of this consent waits for its customer.', {
      path: 'consentId',
      expected: 'a started decoupled or embedded authorisation',
      actual: consentId,
    });
  }
  return run.mode === 'decoupled'
    ? inTheApp(script, { run, customer, viewOf })
    : atTheThirdParty(script, { run, customer, viewOf });
}

interface Played {
  readonly run: Authorisation;
  readonly customer: Awaited<ReturnType<typeof findCustomer>>;
  readonly viewOf: (consent: Consent) => unknown;
}

async function inTheApp(script: ConsentScript, { run, customer, viewOf }: Played): Promise<JourneyResult> {
  const { bank, decision, accounts } = script;
  const { consents } = bank;
  if (run.status === 'received') await consents.identify(run.id, customer.customerNumber);
  if (run.status !== 'challenged') await consents.sendChallenge(run.id);
  await answerOnPhone(
    { bank, viewOf },
    {
      authorisationId: run.id,
      partyId: customer.partyId,
      decision: decision === 'approve' ? 'approve' : 'refuse',
      ...(accounts && { accounts }),
    },
  );
  return { steps: ['app'] };
}

/** The same calls of the bank that the third party's own calls lead to, each step that is still to be done. */
async function atTheThirdParty(script: ConsentScript, played: Played): Promise<JourneyResult> {
  const { customer, viewOf } = played;
  const { bank, decision, accounts } = script;
  const { consents } = bank;
  const steps: string[] = [];
  let { run } = played;
  if (decision === 'deny') {
    await consents.refuse(run.id, 'refused-by-psu');
    return { steps: ['refused'] };
  }
  if (run.status === 'received' || run.status === 'psu-identified') {
    const { customerNumber, password } = customer;
    run = await consents.authenticate(run.id, { customerNumber, password });
    steps.push('login');
  }
  const consent = await consents.get(run.consentId);
  if (run.accounts.length === 0) {
    const eligible = (await consents.eligibleAccounts(run.id)).filter((one) => one.eligible);
    const offered = eligible.map(({ account }) => account.id);
    const chosen = consent.subject.kind === 'account-access' ? offered : offered.slice(0, 1);
    run = await consents.chooseAccounts(run.id, accounts ?? chosen);
    steps.push('accounts');
  }
  if (run.status !== 'challenged') await consents.sendChallenge(run.id);
  const message = (await bank.messages.inbox(customer.partyId)).find(({ code }) => code !== undefined);
  await consents.answerChallenge(run.id, message?.code ?? '');
  const shown = JSON.stringify(viewOf(consent), (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  await consents.approve(run.id, shown);
  return { steps: [...steps, 'code'] };
}
