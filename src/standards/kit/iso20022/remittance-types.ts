import { choice, sequence, type ElementType } from './grammar.js';

/** What a payment is for: purposes, references, invoices and tax. */
export const REMITTANCE_TYPES: Readonly<Record<string, ElementType>> = {
  CreditorReferenceInformation2: sequence('Tp?:CreditorReferenceType2 Ref?:Max35Text'),
  CreditorReferenceType1Choice: choice('Cd:DocumentType3Code Prtry:Max35Text'),
  CreditorReferenceType2: sequence('CdOrPrtry:CreditorReferenceType1Choice Issr?:Max35Text'),
  DatePeriodDetails: sequence('FrDt:ISODate ToDt:ISODate'),
  DocumentAdjustment1: sequence(`
    Amt:ActiveOrHistoricCurrencyAndAmount CdtDbtInd?:CreditDebitCode Rsn?:Max4Text AddtlInf?:Max140Text
  `),
  Purpose2Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  ReferredDocumentInformation3: sequence('Tp?:ReferredDocumentType2 Nb?:Max35Text RltdDt?:ISODate'),
  ReferredDocumentType1Choice: choice('Cd:DocumentType5Code Prtry:Max35Text'),
  ReferredDocumentType2: sequence('CdOrPrtry:ReferredDocumentType1Choice Issr?:Max35Text'),
  RemittanceAmount1: sequence(`
    DuePyblAmt?:ActiveOrHistoricCurrencyAndAmount DscntApldAmt?:ActiveOrHistoricCurrencyAndAmount
    CdtNoteAmt?:ActiveOrHistoricCurrencyAndAmount TaxAmt?:ActiveOrHistoricCurrencyAndAmount
    AdjstmntAmtAndRsn*:DocumentAdjustment1 RmtdAmt?:ActiveOrHistoricCurrencyAndAmount
  `),
  RemittanceInformation5: sequence('Ustrd*:Max140Text Strd*:StructuredRemittanceInformation7'),
  RemittanceLocation2: sequence(`
    RmtId?:Max35Text RmtLctnMtd?:RemittanceLocationMethod2Code RmtLctnElctrncAdr?:Max2048Text
    RmtLctnPstlAdr?:NameAndAddress10
  `),
  StructuredRemittanceInformation7: sequence(`
    RfrdDocInf*:ReferredDocumentInformation3 RfrdDocAmt?:RemittanceAmount1 CdtrRefInf?:CreditorReferenceInformation2
    Invcr?:PartyIdentification32 Invcee?:PartyIdentification32 AddtlRmtInf{0,3}:Max140Text
  `),
  TaxAmount1: sequence(`
    Rate?:PercentageRate TaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlAmt?:ActiveOrHistoricCurrencyAndAmount
    Dtls*:TaxRecordDetails1
  `),
  TaxAuthorisation1: sequence('Titl?:Max35Text Nm?:Max140Text'),
  TaxInformation3: sequence(`
    Cdtr?:TaxParty1 Dbtr?:TaxParty2 AdmstnZn?:Max35Text RefNb?:Max140Text Mtd?:Max35Text
    TtlTaxblBaseAmt?:ActiveOrHistoricCurrencyAndAmount TtlTaxAmt?:ActiveOrHistoricCurrencyAndAmount Dt?:ISODate
    SeqNb?:Number Rcrd*:TaxRecord1
  `),
  TaxParty1: sequence('TaxId?:Max35Text RegnId?:Max35Text TaxTp?:Max35Text'),
  TaxParty2: sequence('TaxId?:Max35Text RegnId?:Max35Text TaxTp?:Max35Text Authstn?:TaxAuthorisation1'),
  TaxPeriod1: sequence('Yr?:ISODate Tp?:TaxRecordPeriod1Code FrToDt?:DatePeriodDetails'),
  TaxRecord1: sequence(`
    Tp?:Max35Text Ctgy?:Max35Text CtgyDtls?:Max35Text DbtrSts?:Max35Text CertId?:Max35Text FrmsCd?:Max35Text
    Prd?:TaxPeriod1 TaxAmt?:TaxAmount1 AddtlInf?:Max140Text
  `),
  TaxRecordDetails1: sequence('Prd?:TaxPeriod1 Amt:ActiveOrHistoricCurrencyAndAmount'),
};
