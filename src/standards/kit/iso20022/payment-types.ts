import { choice, sequence, type ElementType } from './grammar.js';

/** The types of pain.001.001.03 (what a customer asks for) and pain.002.001.03 (what became of it). */
export const PAYMENT_TYPES: Readonly<Record<string, ElementType>> = {
  // pain.001.001.03
  CustomerCreditTransferInitiationV03: sequence('GrpHdr:GroupHeader32 PmtInf+:PaymentInstructionInformation3'),
  GroupHeader32: sequence(`
    MsgId:Max35Text CreDtTm:ISODateTime Authstn{0,2}:Authorisation1Choice NbOfTxs:Max15NumericText
    CtrlSum?:DecimalNumber InitgPty:PartyIdentification32 FwdgAgt?:BranchAndFinancialInstitutionIdentification4
  `),
  Authorisation1Choice: choice('Cd:Authorisation1Code Prtry:Max128Text'),
  PaymentInstructionInformation3: sequence(`
    PmtInfId:Max35Text PmtMtd:PaymentMethod3Code BtchBookg?:BatchBookingIndicator NbOfTxs?:Max15NumericText
    CtrlSum?:DecimalNumber PmtTpInf?:PaymentTypeInformation19 ReqdExctnDt:ISODate PoolgAdjstmntDt?:ISODate
    Dbtr:PartyIdentification32 DbtrAcct:CashAccount16 DbtrAgt:BranchAndFinancialInstitutionIdentification4
    DbtrAgtAcct?:CashAccount16 UltmtDbtr?:PartyIdentification32 ChrgBr?:ChargeBearerType1Code
    ChrgsAcct?:CashAccount16 ChrgsAcctAgt?:BranchAndFinancialInstitutionIdentification4
    CdtTrfTxInf+:CreditTransferTransactionInformation10
  `),
  PaymentTypeInformation19: sequence(`
    InstrPrty?:Priority2Code SvcLvl?:ServiceLevel8Choice LclInstrm?:LocalInstrument2Choice
    CtgyPurp?:CategoryPurpose1Choice
  `),
  ServiceLevel8Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  LocalInstrument2Choice: choice('Cd:ExternalCode35 Prtry:Max35Text'),
  CategoryPurpose1Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  CreditTransferTransactionInformation10: sequence(`
    PmtId:PaymentIdentification1 PmtTpInf?:PaymentTypeInformation19 Amt:AmountType3Choice
    XchgRateInf?:ExchangeRateInformation1 ChrgBr?:ChargeBearerType1Code ChqInstr?:Cheque6
    UltmtDbtr?:PartyIdentification32
    IntrmyAgt1?:BranchAndFinancialInstitutionIdentification4 IntrmyAgt1Acct?:CashAccount16
    IntrmyAgt2?:BranchAndFinancialInstitutionIdentification4 IntrmyAgt2Acct?:CashAccount16
    IntrmyAgt3?:BranchAndFinancialInstitutionIdentification4 IntrmyAgt3Acct?:CashAccount16
    CdtrAgt?:BranchAndFinancialInstitutionIdentification4 CdtrAgtAcct?:CashAccount16
    Cdtr?:PartyIdentification32 CdtrAcct?:CashAccount16 UltmtCdtr?:PartyIdentification32
    InstrForCdtrAgt*:InstructionForCreditorAgent1 InstrForDbtrAgt?:Max140Text Purp?:Purpose2Choice
    RgltryRptg{0,10}:RegulatoryReporting3 Tax?:TaxInformation3 RltdRmtInf{0,10}:RemittanceLocation2
    RmtInf?:RemittanceInformation5
  `),
  PaymentIdentification1: sequence('InstrId?:Max35Text EndToEndId:Max35Text'),
  AmountType3Choice: choice('InstdAmt:ActiveOrHistoricCurrencyAndAmount EqvtAmt:EquivalentAmount2'),
  EquivalentAmount2: sequence('Amt:ActiveOrHistoricCurrencyAndAmount CcyOfTrf:ActiveOrHistoricCurrencyCode'),
  ExchangeRateInformation1: sequence('XchgRate?:BaseOneRate RateTp?:ExchangeRateType1Code CtrctId?:Max35Text'),
  Cheque6: sequence(`
    ChqTp?:ChequeType2Code ChqNb?:Max35Text ChqFr?:NameAndAddress10 DlvryMtd?:ChequeDeliveryMethod1Choice
    DlvrTo?:NameAndAddress10 InstrPrty?:Priority2Code ChqMtrtyDt?:ISODate FrmsCd?:Max35Text MemoFld{0,2}:Max35Text
    RgnlClrZone?:Max35Text PrtLctn?:Max35Text
  `),
  ChequeDeliveryMethod1Choice: choice('Cd:ChequeDelivery1Code Prtry:Max35Text'),
  InstructionForCreditorAgent1: sequence('Cd?:Instruction3Code InstrInf?:Max140Text'),
  RegulatoryReporting3: sequence(`
    DbtCdtRptgInd?:RegulatoryReportingType1Code Authrty?:RegulatoryAuthority2 Dtls*:StructuredRegulatoryReporting3
  `),
  RegulatoryAuthority2: sequence('Nm?:Max140Text Ctry?:CountryCode'),
  StructuredRegulatoryReporting3: sequence(`
    Tp?:Max35Text Dt?:ISODate Ctry?:CountryCode Cd?:Max10Text Amt?:ActiveOrHistoricCurrencyAndAmount Inf*:Max35Text
  `),

  // pain.002.001.03. Charges and the copy of the original (ChrgsInf, OrgnlTxRef) are optional and never written.
  CustomerPaymentStatusReportV03: sequence(`
    GrpHdr:GroupHeader36 OrgnlGrpInfAndSts:OriginalGroupInformation20
    OrgnlPmtInfAndSts*:OriginalPaymentInformation1
  `),
  GroupHeader36: sequence(`
    MsgId:Max35Text CreDtTm:ISODateTime InitgPty?:PartyIdentification32
    FwdgAgt?:BranchAndFinancialInstitutionIdentification4 DbtrAgt?:BranchAndFinancialInstitutionIdentification4
    CdtrAgt?:BranchAndFinancialInstitutionIdentification4
  `),
  OriginalGroupInformation20: sequence(`
    OrgnlMsgId:Max35Text OrgnlMsgNmId:Max35Text OrgnlCreDtTm?:ISODateTime OrgnlNbOfTxs?:Max15NumericText
    OrgnlCtrlSum?:DecimalNumber GrpSts?:TransactionGroupStatus3Code StsRsnInf*:StatusReasonInformation8
    NbOfTxsPerSts*:NumberOfTransactionsPerStatus3
  `),
  OriginalPaymentInformation1: sequence(`
    OrgnlPmtInfId:Max35Text OrgnlNbOfTxs?:Max15NumericText OrgnlCtrlSum?:DecimalNumber
    PmtInfSts?:TransactionGroupStatus3Code StsRsnInf*:StatusReasonInformation8
    NbOfTxsPerSts*:NumberOfTransactionsPerStatus3 TxInfAndSts*:PaymentTransactionInformation25
  `),
  PaymentTransactionInformation25: sequence(`
    StsId?:Max35Text OrgnlInstrId?:Max35Text OrgnlEndToEndId?:Max35Text TxSts?:TransactionIndividualStatus3Code
    StsRsnInf*:StatusReasonInformation8 AccptncDtTm?:ISODateTime AcctSvcrRef?:Max35Text ClrSysRef?:Max35Text
  `),
  StatusReasonInformation8: sequence('Orgtr?:PartyIdentification32 Rsn?:StatusReason6Choice AddtlInf*:Max105Text'),
  StatusReason6Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  NumberOfTransactionsPerStatus3: sequence(
    'DtldNbOfTxs:Max15NumericText DtldSts:TransactionIndividualStatus3Code DtldCtrlSum?:DecimalNumber',
  ),
};
