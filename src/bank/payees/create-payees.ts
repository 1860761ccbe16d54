import type { Storage } from '../../storage/index.js';
import type { Accounts } from '../accounts/index.js';
import type { Parties } from '../parties/index.js';
import { payeeRecordOf, type Clearing, type PayeeRecord } from '../payments/index.js';
import { compareNames, LIKENESSES } from './compare-names.js';
import type { NamedPayee, PayeeConfirmation, Payees } from './payee.js';

/** Confirmation of payee at one bank, which asks the others of its ecosystem where the account is not its own. */
export function createPayees(options: {
  readonly storage: Storage;
  readonly accounts: Accounts;
  readonly parties: Pick<Parties, 'get'>;
  readonly clearing?: Pick<Clearing, 'payee'>;
}): Payees {
  const { storage, clearing } = options;
  return {
    async confirm(payee) {
      const record =
        (await payeeRecordOf(storage.read, options, payee.identifier)) ??
        (await clearing?.payee(storage.read, payee.identifier));
      return record ? judge(payee, record) : { outcome: 'unavailable', why: 'bank-out-of-reach' };
    },
  };
}

function judge({ name, kind }: NamedPayee, record: PayeeRecord): PayeeConfirmation {
  if (record.status !== 'open') return { outcome: 'unavailable', why: record.status };
  const likenesses = record.names.map((one) => compareNames(name, one, record.kind));
  const likeness = LIKENESSES.find((one) => likenesses.includes(one)) ?? 'none';
  const accountKind = kind !== undefined && kind !== record.kind ? { accountKind: record.kind } : {};
  switch (likeness) {
    case 'match':
      return { outcome: 'match', ...accountKind };
    case 'close':
      return { outcome: 'close-match', name: record.names[likenesses.indexOf('close')] ?? '', ...accountKind };
    case 'none':
      return { outcome: 'no-match' };
  }
}
