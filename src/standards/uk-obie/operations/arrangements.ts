import type { Account, Bank, Capability } from '../../../bank/index.js';
import { accountOfPath, coverageOf, coveredAccounts } from '../../kit/covered.js';
import type { Call, Operation } from '../../standard.js';
import { whole } from '../envelope.js';
import { toBeneficiary, toDirectDebit, toScheduledPayment, toStandingOrder } from '../mapping/arrangement.js';

type ToWire<Item> = (item: Item, capabilities: readonly Capability[]) => unknown;

interface Listing<Item> {
  /** Of the operations: `StandingOrders`. */
  readonly name: string;
  /** In the answer: `StandingOrder`. */
  readonly member: string;
  readonly needs: Capability;
  of(bank: Bank, account: Account): Promise<readonly Item[]>;
  readonly toWire: ToWire<Item>;
}

/** What customers have arranged: each of one account, and of all accounts of the consent. */
export const arrangementOperations: Readonly<Record<string, Operation>> = {
  ...listing({
    name: 'StandingOrders',
    member: 'StandingOrder',
    needs: 'standing-orders.basic',
    of: (bank, { id }) => bank.arrangements.standingOrders(id),
    toWire: toStandingOrder,
  }),
  ...listing({
    name: 'DirectDebits',
    member: 'DirectDebit',
    needs: 'direct-debits',
    of: (bank, { id }) => bank.arrangements.directDebits(id),
    toWire: toDirectDebit,
  }),
  ...listing({
    name: 'ScheduledPayments',
    member: 'ScheduledPayment',
    needs: 'scheduled-payments.basic',
    of: (bank, { id }) => bank.arrangements.scheduledPayments(id),
    toWire: toScheduledPayment,
  }),
  ...listing({
    name: 'Beneficiaries',
    member: 'Beneficiary',
    needs: 'beneficiaries.basic',
    of: (bank, { id }) => bank.arrangements.beneficiaries(id),
    toWire: toBeneficiary,
  }),
};

function listing<Item>({ name, member, needs, of, toWire }: Listing<Item>): Readonly<Record<string, Operation>> {
  const access = { grant: 'customer', scopes: ['accounts'], consent: 'account-access', allOf: [needs] } as const;
  const list = async (call: Call, accounts: readonly Account[]): ReturnType<Operation['handle']> => {
    const { capabilities } = coverageOf(call);
    const items = await Promise.all(accounts.map((account) => of(call.bank, account)));
    return whole(call, { [member]: items.flat().map((item) => toWire(item, capabilities)) });
  };
  return {
    [`GetAccountsAccountId${name}`]: {
      policy: { access: { ...access, accountParameter: 'AccountId' } },
      handle: async (call) => list(call, [await accountOfPath(call, 'AccountId')]),
    },
    [`Get${name}`]: {
      policy: { access },
      handle: async (call) => list(call, await coveredAccounts(call)),
    },
  };
}
