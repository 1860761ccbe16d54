import type { Sandbox, Tpp } from '../../../src/index.js';
import { customerOf, type Customer } from '../../support/customer.js';
import { watchDatabase, type DatabaseWatch } from '../../support/database-watch.js';
import { openDirectoryDesk, type DirectoryDesk } from '../../support/directory-desk.js';
import { createRawClient, type Identity, type RawClient } from '../../support/raw-client.js';
import { newThirdParty, startTestSandbox } from '../../support/test-sandbox.js';
import type { ThirdParty } from '../../support/third-party.js';
import { accessTo, approvedPayment, payeeOf, planPayment, type Access } from '../../support/uk-bank.js';

/** The stage of the negative table: one sandbox, third parties of every kind, and customers with consents. */
export interface World {
  readonly sandbox: Sandbox;
  readonly issuer: string;
  readonly database: DatabaseWatch;
  readonly directory: DirectoryDesk;
  /** FAPI 2, authenticates with a key; both roles. Most rows are about it. */
  readonly lantern: ThirdParty;
  /** FAPI 1 Advanced: signed request objects by value. */
  readonly harbour: ThirdParty;
  /** FAPI 2, authenticates with its certificate. */
  readonly badge: ThirdParty;
  /** Somebody else, of the same kind as lantern. */
  readonly rival: ThirdParty;
  readonly customer: Customer;
  /** A client that shows this certificate, or none. */
  raw(identity?: Identity): RawClient;
  /** Lantern's consent over all accounts of the customer, with every permission. */
  readonly access: Access;
  /** Another consent of the same customer with lantern, for a row that uses it up. */
  freshAccess(data?: Readonly<Record<string, unknown>>): Promise<Access>;
  /** Lantern's consent over one account, with every permission. */
  accessOf(account: string): Promise<Access>;
  /** A payment that the customer approved and nobody ordered, with its token. */
  paymentAccess(): Promise<{ readonly consentId: string; readonly token: string }>;
  /** An access token for accounts that another sandbox gave. */
  elsewhere(): Promise<string>;
  /** Makes something once for all rows that need it. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
  /** Another third party, closed with the world. */
  thirdParty(
    ...options: Parameters<typeof newThirdParty> extends [Sandbox, ...infer Rest] ? Rest : never
  ): Promise<ThirdParty>;
  /** Keys, certificates and a software statement, but no registration anywhere. */
  newcomer(roles?: readonly string[]): Promise<Tpp>;
  customerOf(persona: string): Promise<Customer>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const sandbox = await startTestSandbox({ historyMonths: 1 });
  const closing: (() => Promise<void> | void)[] = [() => sandbox.stop()];
  const keep = async (making: Promise<ThirdParty>): Promise<ThirdParty> => {
    const made = await making;
    closing.push(() => made.close());
    return made;
  };
  const database = watchDatabase(sandbox);
  closing.push(() => database.close());
  const directory = await openDirectoryDesk(sandbox);
  closing.push(() => directory.close());
  const [lantern, harbour, badge, rival] = await Promise.all([
    keep(newThirdParty(sandbox)),
    keep(newThirdParty(sandbox, { name: 'Harbour Ledger', profile: 'fapi1-advanced' })),
    keep(newThirdParty(sandbox, { name: 'Badge Pay', clientAuthentication: 'tls_client_auth' })),
    keep(newThirdParty(sandbox, { name: 'Rival Insights' })),
  ]);
  const customer = await customerOf(sandbox, 'salaried-renter');
  const access = await accessTo(lantern, customer);
  const clients = new Map<string, RawClient>();
  const made = new Map<string, Promise<unknown>>();
  return {
    sandbox,
    issuer: sandbox.bank('bramble').issuer,
    database,
    directory,
    lantern,
    harbour,
    badge,
    rival,
    customer,
    access,
    raw(identity) {
      const name = identity?.chainPem ?? '';
      let client = clients.get(name);
      if (!client) {
        const opened = createRawClient({ caPem: sandbox.caPem, ...(identity && { identity }) });
        clients.set(name, (client = opened));
        closing.push(() => opened.close());
      }
      return client;
    },
    freshAccess: (data) => accessTo(lantern, customer, { ...(data && { data }) }),
    accessOf: (account) => accessTo(lantern, customer, { accounts: [account] }),
    paymentAccess: async () =>
      approvedPayment(
        lantern,
        customer,
        planPayment({ amount: '1.00', payee: payeeOf(await customerOf(sandbox, 'freelancer')) }),
      ),
    elsewhere: async () => {
      const other = await startTestSandbox({ historyMonths: 1, seed: 2 });
      try {
        const third = await newThirdParty(other);
        const { token } = await accessTo(third, await customerOf(other, 'salaried-renter'));
        await third.close();
        return token;
      } finally {
        await other.stop();
      }
    },
    once<T>(name: string, make: () => Promise<T>) {
      if (!made.has(name)) made.set(name, make());
      return made.get(name) as Promise<T>;
    },
    thirdParty: (input) => keep(newThirdParty(sandbox, input)),
    newcomer: (roles = ['AISP', 'PISP']) => sandbox.createTpp({ name: 'Newcomer', roles, banks: [] }),
    customerOf: (persona) => customerOf(sandbox, persona),
    close: async () => {
      for (const close of closing.reverse()) await close();
    },
  };
}
