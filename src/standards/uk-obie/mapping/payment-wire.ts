import type { WireAmount } from './amount.js';
import type { WireIdentifier } from './identifier.js';

/** What is read of an initiation; the rest of it is only compared and repeated. */
export interface WireInitiation {
  readonly InstructionIdentification: string;
  readonly EndToEndIdentification: string;
  readonly LocalInstrument?: string;
  readonly InstructedAmount: WireAmount;
  readonly DebtorAccount?: WireIdentifier;
  readonly CreditorAccount: WireIdentifier;
  readonly RemittanceInformation?: {
    readonly Unstructured?: readonly string[];
    readonly Structured?: readonly { readonly CreditorReferenceInformation?: { readonly Reference?: string } }[];
  };
}

/** What is read of an international initiation on top. */
export interface WireInternationalInitiation extends WireInitiation {
  readonly ChargeBearer?: WireChargeBearer;
  readonly CurrencyOfTransfer: string;
  readonly DestinationCountryCode?: string;
  readonly ExchangeRateInformation?: WireRequestedRate;
  readonly CreditorAgent?: { readonly SchemeName?: string; readonly Identification?: string };
}

export type WireChargeBearer = 'BorneByCreditor' | 'BorneByDebtor' | 'FollowingServiceLevel' | 'Shared';

export interface WireRequestedRate {
  readonly UnitCurrency: string;
  readonly RateType: 'Actual' | 'Agreed' | 'Indicative';
  readonly ExchangeRate?: number;
  readonly ContractIdentification?: string;
}

export interface WireRisk {
  readonly PaymentContextCode?: string;
  readonly PaymentPurposeCode?: string;
}

export interface PaymentConsentRequest {
  readonly Data: {
    readonly ReadRefundAccount?: 'Yes' | 'No';
    readonly Initiation: WireInitiation;
    readonly Authorisation?: { readonly AuthorisationType: string; readonly CompletionDateTime?: string };
    readonly SCASupportData?: unknown;
  };
  readonly Risk: WireRisk;
  /** What the bank quoted when an international consent was lodged; kept beside the request, and never sent as such. */
  readonly Quoted?: QuotedTerms;
}

/** What a payment abroad was said to cost. */
export interface QuotedTerms {
  /** What leaves the account, charges included. */
  readonly Taken: WireAmount;
  readonly Transferred: WireAmount;
  readonly Charge?: WireAmount;
  /** Absent where no money is exchanged. */
  readonly Rate?: {
    readonly UnitCurrency: string;
    readonly QuotedCurrency: string;
    readonly RateType: 'actual' | 'agreed' | 'indicative';
    /** A decimal number. */
    readonly Rate: string;
    readonly Contract?: string;
    readonly ExpirationDateTime?: string;
  };
}

export interface PaymentRequest {
  readonly Data: { readonly ConsentId: string; readonly Initiation: WireInitiation };
  readonly Risk: WireRisk;
}
