import { SandbankError } from '../../../kernel/index.js';
import type { Account, AccountHolder, Party } from '../../../bank/index.js';
import type { Call, Operation } from '../../standard.js';
import { whole } from '../envelope.js';
import { toParty, type WireParty } from '../mapping/party.js';
import { accountOfPath, coverageOf, coveredAccounts } from '../../kit/covered.js';

const access = { grant: 'customer', scopes: ['accounts'], consent: 'account-access' } as const;

export const partyOperations: Readonly<Record<string, Operation>> = {
  GetAccountsAccountIdParties: {
    policy: { access: { ...access, allOf: ['party.account-holders'], accountParameter: 'AccountId' } },
    async handle(call) {
      const account = await accountOfPath(call, 'AccountId');
      return whole(call, { Party: await Promise.all(account.holders.map((holder) => partyOf(call, account, holder))) });
    },
  },
  GetAccountsAccountIdParty: {
    policy: { access: { ...access, allOf: ['party.account-holders'], accountParameter: 'AccountId' } },
    async handle(call) {
      const account = await accountOfPath(call, 'AccountId');
      return whole(call, {
        Party: await partyOf(call, account, mainHolder(account, coverageOf(call).consent.partyId)),
      });
    },
  },
  GetParty: {
    policy: { access: { ...access, allOf: ['party.customer'] } },
    async handle(call) {
      const { partyId } = coverageOf(call).consent;
      if (partyId === undefined) throw new SandbankError('party.not-found', 'Nobody has authorised this consent.');
      const [party, accounts] = await Promise.all([call.bank.parties.get(partyId), coveredAccounts(call)]);
      return whole(call, { Party: toParty(party, { role: roleIn(accounts, party) }) });
    },
  },
};

async function partyOf(call: Call, account: Account, holder: AccountHolder): Promise<WireParty> {
  const party = await call.bank.parties.get(holder.partyId);
  return toParty(party, {
    role: holder.role,
    account: { id: account.id, url: call.url(`/accounts/${account.id}`) },
  });
}

/** Of several, the one who gave the consent; else whom the bank names first. */
function mainHolder(account: Account, partyId: string | undefined): AccountHolder {
  const holder = account.holders.find((candidate) => candidate.partyId === partyId) ?? account.holders[0];
  if (!holder)
    throw new SandbankError('party.not-found', 'The account has no holder on record.', { actual: account.id });
  return holder;
}

/** The customer's role in the first account she gave access to. */
function roleIn(accounts: readonly Account[], party: Party): AccountHolder['role'] {
  const holders = accounts.flatMap((account) => account.holders);
  return holders.find(({ partyId }) => partyId === party.id)?.role ?? 'sole';
}
