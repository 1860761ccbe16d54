import type { LocalDate } from '../../../kernel/index.js';
import { localDate } from '../../../kernel/index.js';
import { find, findAll, textAt, type MessageElement } from './message-element.js';
import type { Fields } from './message-writer.js';
import { codeFields, readCode, type CodeOrProprietary } from './parties.js';
import { fitText } from './text-fitting.js';

export interface Remittance {
  /** Lines of at most 140 characters. */
  readonly unstructured: readonly string[];
  readonly structured: readonly StructuredRemittance[];
}

export interface StructuredRemittance {
  readonly documents: readonly ReferredDocument[];
  readonly creditorReference?: {
    /** SCOR is the structured creditor reference (ISO 11649, `RF18...`). */
    readonly type?: CodeOrProprietary;
    readonly issuer?: string;
    readonly reference?: string;
  };
  readonly additional: readonly string[];
}

/** An invoice or another document that is paid. */
export interface ReferredDocument {
  readonly type?: CodeOrProprietary;
  readonly number?: string;
  readonly date?: LocalDate;
}

export function readRemittance(element: MessageElement | undefined): Remittance {
  return {
    unstructured: findAll(element, 'Ustrd').map((line) => line.text),
    structured: findAll(element, 'Strd').map(readStructured),
  };
}

export function remittanceFields(remittance: Remittance | undefined): Fields | undefined {
  if (!remittance) return undefined;
  return {
    Ustrd: remittance.unstructured.flatMap((line) => fitText(line, 140) ?? []),
    Strd: remittance.structured.map(structuredFields),
  };
}

function readStructured(element: MessageElement): StructuredRemittance {
  const creditorReference = find(element, 'CdtrRefInf');
  return {
    documents: findAll(element, 'RfrdDocInf').map(readDocument),
    ...(creditorReference && { creditorReference: readCreditorReference(creditorReference) }),
    additional: findAll(element, 'AddtlRmtInf').map((line) => line.text),
  };
}

function structuredFields(structured: StructuredRemittance): Fields {
  const reference = structured.creditorReference;
  return {
    RfrdDocInf: structured.documents.map(documentFields),
    CdtrRefInf: reference && {
      Tp: reference.type && { CdOrPrtry: codeFields(reference.type), Issr: reference.issuer },
      Ref: reference.reference,
    },
    AddtlRmtInf: structured.additional.flatMap((line) => fitText(line, 140) ?? []),
  };
}

function readCreditorReference(element: MessageElement): NonNullable<StructuredRemittance['creditorReference']> {
  const type = readCode(find(element, 'Tp', 'CdOrPrtry'));
  const issuer = textAt(element, 'Tp', 'Issr');
  const reference = textAt(element, 'Ref');
  return {
    ...(type && { type }),
    ...(issuer !== undefined && { issuer }),
    ...(reference !== undefined && { reference }),
  };
}

function readDocument(element: MessageElement): ReferredDocument {
  const type = readCode(find(element, 'Tp', 'CdOrPrtry'));
  const number = textAt(element, 'Nb');
  const date = textAt(element, 'RltdDt');
  return {
    ...(type && { type }),
    ...(number !== undefined && { number }),
    ...(date !== undefined && { date: localDate(date.slice(0, 10)) }),
  };
}

function documentFields(document: ReferredDocument): Fields {
  return {
    Tp: document.type && { CdOrPrtry: codeFields(document.type) },
    Nb: document.number,
    RltdDt: document.date,
  };
}
