import type { SqlReader } from '../../storage/index.js';
import type { Account, AccountIdentifier } from '../accounts/index.js';
import type { PayeeKind, PayeeRecord } from './payee-record.js';
import type { PaymentModules } from './payment-modules.js';

/** Undefined where such an account would not be at this bank. */
export async function payeeRecordOf(
  sql: SqlReader,
  modules: Pick<PaymentModules, 'accounts' | 'parties'>,
  identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>,
): Promise<PayeeRecord | undefined> {
  const account = await modules.accounts.byIdentifier(identifier, sql);
  if (!account) return modules.accounts.isOfBank(identifier) ? { status: 'account-unknown' } : undefined;
  if (account.status === 'closed') return { status: 'account-closed' };
  if (account.optedOutOfPayeeChecks) return { status: 'opted-out' };
  const kind = account.product.category === 'business' ? 'business' : 'person';
  return { status: 'open', kind, names: await namesOf(modules, account, kind) };
}

/** People sign for a company and are not paid by its account. */
async function namesOf(
  { parties }: Pick<PaymentModules, 'parties'>,
  { holders, holderName }: Account,
  kind: PayeeKind,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { partyId, role } of holders) {
    if (kind === 'business' && role === 'signatory') continue;
    const party = await parties?.get(partyId);
    if (party) names.push(party.fullLegalName, party.name);
  }
  return [...new Set([...names, holderName])];
}
