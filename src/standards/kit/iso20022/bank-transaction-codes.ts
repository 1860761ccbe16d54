import type { Transaction } from '../../../bank/index.js';

/** ISO 20022 bank transaction code: domain, family and sub-family of the external code list. */
export interface BankTransactionCode {
  readonly domain: string;
  readonly family: string;
  readonly subFamily: string;
  /** The bank's own code beside it. */
  readonly proprietary?: { readonly code: string; readonly issuer?: string };
}

type Triple = readonly [domain: string, family: string, subFamily: string];

interface Sides {
  readonly credit: Triple;
  readonly debit: Triple;
}

/** Same sub-family, from the side of whoever receives or sends the transfer. */
function transfer(subFamily: string): Sides {
  return { credit: ['PMNT', 'RCDT', subFamily], debit: ['PMNT', 'ICDT', subFamily] };
}

/** Account management: what the bank itself credits or debits. */
function byTheBank(subFamily: string): Sides {
  return { credit: ['ACMT', 'MCOP', subFamily], debit: ['ACMT', 'MDOP', subFamily] };
}

/** Which transactions are credit transfers, whose sub-family depends on the currency: SEPA (ESCT) or domestic (DMCT). */
const CREDIT_TRANSFER = 'credit-transfer';
const DIRECT_DEBIT = 'direct-debit';

const CODES: Readonly<Record<Transaction['code'], Sides | typeof CREDIT_TRANSFER | typeof DIRECT_DEBIT>> = {
  salary: transfer('SALA'),
  payroll: transfer('SALA'),
  benefit: CREDIT_TRANSFER,
  pension: CREDIT_TRANSFER,
  rent: CREDIT_TRANSFER,
  'transfer-in': CREDIT_TRANSFER,
  'transfer-out': CREDIT_TRANSFER,
  invoice: CREDIT_TRANSFER,
  tax: CREDIT_TRANSFER,
  'standing-order': transfer('STDO'),
  'direct-debit': DIRECT_DEBIT,
  'card-payment': { credit: ['PMNT', 'CCRD', 'RIMB'], debit: ['PMNT', 'CCRD', 'POSD'] },
  refund: { credit: ['PMNT', 'MCOP', 'RIMB'], debit: ['PMNT', 'MDOP', 'RIMB'] },
  'cash-withdrawal': { credit: ['PMNT', 'CCRD', 'CDPT'], debit: ['PMNT', 'CCRD', 'CWDL'] },
  fee: byTheBank('CHRG'),
  'interest-paid': byTheBank('INTR'),
  'interest-charged': byTheBank('INTR'),
  'opening-balance': byTheBank('OTHR'),
  'mortgage-payment': { credit: ['LDAS', 'MGLN', 'PPAY'], debit: ['LDAS', 'MGLN', 'PPAY'] },
};

/** The ISO code of a transaction of the bank; the bank's own code goes with it as the proprietary one. */
export function bankTransactionCode(
  transaction: Pick<Transaction, 'code' | 'direction' | 'currency'>,
): BankTransactionCode {
  const { code, direction, currency } = transaction;
  const [domain, family, subFamily] = sidesOf(CODES[code], currency === 'EUR')[direction];
  return { domain, family, subFamily, proprietary: { code } };
}

function sidesOf(entry: Sides | typeof CREDIT_TRANSFER | typeof DIRECT_DEBIT, isEuro: boolean): Sides {
  if (entry === CREDIT_TRANSFER) return transfer(isEuro ? 'ESCT' : 'DMCT');
  if (entry !== DIRECT_DEBIT) return entry;
  const subFamily = isEuro ? 'ESDD' : 'PMDD';
  return { credit: ['PMNT', 'IDDT', subFamily], debit: ['PMNT', 'RDDT', subFamily] };
}
