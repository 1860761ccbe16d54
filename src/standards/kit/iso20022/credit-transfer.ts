import type { Currency, Instant, LocalDate, Money } from '../../../kernel/index.js';
import type { CodeOrProprietary, MessageAccount, MessageAgent, MessageParty } from './parties.js';
import type { Remittance } from './remittance.js';

/** A customer's credit transfers, as pain.001 carries them: one group, its payments, and the transfers of each. */
export interface CreditTransferInitiation {
  readonly messageId: string;
  readonly createdAt: Instant;
  readonly initiatingParty: MessageParty;
  readonly payments: readonly PaymentInformation[];
}

/** Transfers that leave one account on one day. */
export interface PaymentInformation {
  readonly paymentInformationId: string;
  /** One booking for all transfers, or one for each; absent: as agreed with the bank. */
  readonly batchBooking?: boolean;
  readonly executionDate: LocalDate;
  readonly type?: PaymentTypeInformation;
  readonly chargeBearer?: ChargeBearer;
  readonly debtor: MessageParty;
  readonly debtorAccount: MessageAccount;
  readonly debtorAgent: MessageAgent;
  readonly ultimateDebtor?: MessageParty;
  readonly transfers: readonly CreditTransfer[];
}

export interface CreditTransfer {
  readonly instructionId?: string;
  readonly endToEndId: string;
  readonly type?: PaymentTypeInformation;
  readonly amount: Money;
  /** Where the amount is stated in another currency than the one to transfer (EqvtAmt): the currency to transfer. */
  readonly transferCurrency?: Currency;
  readonly chargeBearer?: ChargeBearer;
  readonly ultimateDebtor?: MessageParty;
  readonly creditorAgent?: MessageAgent;
  readonly creditor?: MessageParty;
  readonly creditorAccount?: MessageAccount;
  readonly ultimateCreditor?: MessageParty;
  readonly purpose?: CodeOrProprietary;
  readonly remittance: Remittance;
}

export type ChargeBearer = 'DEBT' | 'CRED' | 'SHAR' | 'SLEV';

export interface PaymentTypeInformation {
  readonly priority?: 'HIGH' | 'NORM';
  /** `SEPA`, `URGP`, ... */
  readonly serviceLevel?: CodeOrProprietary;
  /** `INST` is an instant credit transfer. */
  readonly localInstrument?: CodeOrProprietary;
  readonly categoryPurpose?: CodeOrProprietary;
}
