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

export interface WireRisk {
  readonly PaymentContextCode?: string;
}

export interface PaymentConsentRequest {
  readonly Data: {
    readonly ReadRefundAccount?: 'Yes' | 'No';
    readonly Initiation: WireInitiation;
    readonly Authorisation?: { readonly AuthorisationType: string; readonly CompletionDateTime?: string };
    readonly SCASupportData?: unknown;
  };
  readonly Risk: WireRisk;
}

export interface PaymentRequest {
  readonly Data: { readonly ConsentId: string; readonly Initiation: WireInitiation };
  readonly Risk: WireRisk;
}
