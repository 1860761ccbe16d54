import type { Sandbox } from '../../src/index.js';
import { DECOUPLED, EMBEDDED, newBerlinParty, REDIRECT, type BerlinParty, type Json } from './berlin-party.js';
import { customerOf, type Customer } from './customer.js';
import { fixturesWith } from './fixtures.js';
import { startTestSandbox } from './test-sandbox.js';

/** Dogger Bank with one third party, a customer who pays and one who is paid. */
export interface BerlinStage {
  readonly sandbox: Sandbox;
  readonly party: BerlinParty;
  readonly payer: Person;
  readonly payee: Person;
  /** Password, method and code, sent through the interface; answers the last of the answers. */
  embedded(href: string, person?: Person): Promise<Json>;
  /** A consent of this access that the payer agreed to at the third party, or on her phone where she picks. */
  consent(access: Json, more?: Json): Promise<string>;
  close(): Promise<void>;
}

export interface Person extends Customer {
  readonly password: string;
  /** Her accounts in the order of the bank; the first is a current account. */
  readonly ibans: readonly string[];
}

export const CONSENT = {
  recurringIndicator: true,
  validUntil: '2026-09-30',
  frequencyPerDay: 4,
  combinedServiceIndicator: false,
};

/** `dogger`: what its file says otherwise than the one of the repository. */
export async function openBerlinStage({ dogger }: { readonly dogger?: Json } = {}): Promise<BerlinStage> {
  const fixtures = dogger === undefined ? undefined : fixturesWith({ banks: { dogger } });
  const sandbox = await startTestSandbox({ historyMonths: 2, ...(fixtures && { fixturesDir: fixtures.dir }) });
  const party = await newBerlinParty(sandbox);
  const payer = await personOf(sandbox, 'salaried-renter');
  const payee = await personOf(sandbox, 'freelancer');

  const embedded = async (href: string, person: Person = payer): Promise<Json> => {
    const put = async (body: Json): Promise<Json> => {
      const answer = await party.ask('PUT', href, { body, headers: { 'psu-id': person.customerNumber } });
      if (answer.status === 200) return answer.body;
      throw new Error(`a step was answered with ${answer.status}: ${answer.text}`);
    };
    const known = await put({ psuData: { password: person.password } });
    if (known.scaMethods === undefined) throw new Error(`no method to choose: ${JSON.stringify(known)}`);
    await put({ authenticationMethodId: known.scaMethods[0].authenticationMethodId });
    return put({ scaAuthenticationData: await sandbox.bank('dogger').latestCode(person.customerNumber) });
  };

  const consent = async (access: Json, more: Json = {}): Promise<string> => {
    const headers = { ...REDIRECT, ...EMBEDDED, ...(picksAccounts(access) && DECOUPLED) };
    const answer = await party.ask('POST', '/v1/consents', { body: { ...CONSENT, access, ...more }, headers });
    if (answer.status !== 201) throw new Error(`no consent: ${answer.text}`);
    const { consentId } = answer.body;
    await sandbox.bank('dogger').authoriseConsent({ consentId, customer: payer.customerNumber, decision: 'approve' });
    return consentId;
  };

  return {
    sandbox,
    party,
    payer,
    payee,
    embedded,
    consent,
    close: async () => {
      await party.close();
      await sandbox.stop();
      fixtures?.remove();
    },
  };
}

/** One of Dogger Bank's test customers. */
export async function personOf(sandbox: Sandbox, persona: string): Promise<Person> {
  const customer = await customerOf(sandbox, persona, 'dogger');
  const known = (await sandbox.bank('dogger').customers()).find((one) => one.persona === persona);
  return {
    ...customer,
    password: known?.password ?? '',
    ibans: customer.accounts.map(({ identification }) => identification),
  };
}

function picksAccounts(access: Json): boolean {
  return ['accounts', 'balances', 'transactions'].some((name) => access[name]?.length === 0);
}
