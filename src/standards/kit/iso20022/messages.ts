import { assert } from '../../../kernel/index.js';
import { ACCOUNT_TYPES } from './account-types.js';
import type { ElementType } from './grammar.js';
import { PARTY_TYPES } from './party-types.js';
import { PAYMENT_TYPES } from './payment-types.js';
import { REMITTANCE_TYPES } from './remittance-types.js';
import { TEXT_TYPES, type TextType } from './text-types.js';

export type MessageId = 'pain.001.001.03' | 'pain.002.001.03' | 'camt.052.001.02' | 'camt.053.001.02';

export interface MessageDefinition {
  readonly id: MessageId;
  readonly namespace: string;
  /** The one child of Document. */
  readonly root: string;
  readonly type: string;
}

/** The messages, each as ISO 20022 publishes it: `urn:iso:std:iso:20022:tech:xsd:` and the message's name. */
export const MESSAGES: Readonly<Record<MessageId, MessageDefinition>> = {
  'pain.001.001.03': message('pain.001.001.03', 'CstmrCdtTrfInitn', 'CustomerCreditTransferInitiationV03'),
  'pain.002.001.03': message('pain.002.001.03', 'CstmrPmtStsRpt', 'CustomerPaymentStatusReportV03'),
  'camt.052.001.02': message('camt.052.001.02', 'BkToCstmrAcctRpt', 'BankToCustomerAccountReportV02'),
  'camt.053.001.02': message('camt.053.001.02', 'BkToCstmrStmt', 'BankToCustomerStatementV02'),
};

function message(id: MessageId, root: string, type: string): MessageDefinition {
  return { id, namespace: `urn:iso:std:iso:20022:tech:xsd:${id}`, root, type };
}

/** All types with children. The reader and the writer both walk this table, so they cannot disagree. */
export const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  ...PARTY_TYPES,
  ...REMITTANCE_TYPES,
  ...PAYMENT_TYPES,
  ...ACCOUNT_TYPES,
};

export type ContentType =
  { readonly kind: 'text'; readonly text: TextType } | { readonly kind: 'elements'; readonly elements: ElementType };

export function contentType(name: string): ContentType {
  const text = TEXT_TYPES[name];
  if (text) return { kind: 'text', text };
  const elements = ELEMENT_TYPES[name];
  assert(elements !== undefined, `a type called ${name}`);
  return { kind: 'elements', elements };
}
