import { choice, sequence, type ElementType } from './grammar.js';

/**
 * The types of camt.052.001.02 and camt.053.001.02. They differ in three names and in whether a balance must be there.
 * Optional elements of securities, interest calculation and charges are left out: the bank never writes them.
 */
export const ACCOUNT_TYPES: Readonly<Record<string, ElementType>> = {
  BankToCustomerAccountReportV02: sequence('GrpHdr:GroupHeader42 Rpt+:AccountReport11'),
  BankToCustomerStatementV02: sequence('GrpHdr:GroupHeader42 Stmt+:AccountStatement2'),
  GroupHeader42: sequence(`
    MsgId:Max35Text CreDtTm:ISODateTime MsgRcpt?:PartyIdentification32 MsgPgntn?:Pagination AddtlInf?:Max500Text
  `),
  Pagination: sequence('PgNb:Max5NumericText LastPgInd:YesNoIndicator'),
  AccountReport11: sequence(`
    Id:Max35Text ElctrncSeqNb?:Number LglSeqNb?:Number CreDtTm:ISODateTime FrToDt?:DateTimePeriodDetails
    Acct:CashAccount20 Bal*:CashBalance3 TxsSummry?:TotalTransactions2 Ntry*:ReportEntry2 AddtlRptInf?:Max500Text
  `),
  AccountStatement2: sequence(`
    Id:Max35Text ElctrncSeqNb?:Number LglSeqNb?:Number CreDtTm:ISODateTime FrToDt?:DateTimePeriodDetails
    Acct:CashAccount20 Bal+:CashBalance3 TxsSummry?:TotalTransactions2 Ntry*:ReportEntry2 AddtlStmtInf?:Max500Text
  `),
  DateTimePeriodDetails: sequence('FrDtTm:ISODateTime ToDtTm:ISODateTime'),
  CashBalance3: sequence(`
    Tp:BalanceType12 CdtLine?:CreditLine2 Amt:ActiveOrHistoricCurrencyAndAmount CdtDbtInd:CreditDebitCode
    Dt:DateAndDateTimeChoice
  `),
  BalanceType12: sequence('CdOrPrtry:BalanceType5Choice SubTp?:BalanceSubType1Choice'),
  BalanceType5Choice: choice('Cd:BalanceType12Code Prtry:Max35Text'),
  BalanceSubType1Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  CreditLine2: sequence('Incl:TrueFalseIndicator Amt?:ActiveOrHistoricCurrencyAndAmount'),
  DateAndDateTimeChoice: choice('Dt:ISODate DtTm:ISODateTime'),
  TotalTransactions2: sequence(`
    TtlNtries?:NumberAndSumOfTransactions2 TtlCdtNtries?:NumberAndSumOfTransactions1
    TtlDbtNtries?:NumberAndSumOfTransactions1
  `),
  NumberAndSumOfTransactions1: sequence('NbOfNtries?:Max15NumericText Sum?:DecimalNumber'),
  NumberAndSumOfTransactions2: sequence(`
    NbOfNtries?:Max15NumericText Sum?:DecimalNumber TtlNetNtryAmt?:DecimalNumber CdtDbtInd?:CreditDebitCode
  `),
  ReportEntry2: sequence(`
    NtryRef?:Max35Text Amt:ActiveOrHistoricCurrencyAndAmount CdtDbtInd:CreditDebitCode RvslInd?:TrueFalseIndicator
    Sts:EntryStatus2Code BookgDt?:DateAndDateTimeChoice ValDt?:DateAndDateTimeChoice AcctSvcrRef?:Max35Text
    BkTxCd:BankTransactionCodeStructure4 NtryDtls*:EntryDetails1 AddtlNtryInf?:Max500Text
  `),
  BankTransactionCodeStructure4: sequence(
    'Domn?:BankTransactionCodeStructure5 Prtry?:ProprietaryBankTransactionCodeStructure1',
  ),
  BankTransactionCodeStructure5: sequence('Cd:ExternalCode4 Fmly:BankTransactionCodeStructure6'),
  BankTransactionCodeStructure6: sequence('Cd:ExternalCode4 SubFmlyCd:ExternalCode4'),
  ProprietaryBankTransactionCodeStructure1: sequence('Cd:Max35Text Issr?:Max35Text'),
  EntryDetails1: sequence('Btch?:BatchInformation2 TxDtls*:EntryTransaction2'),
  BatchInformation2: sequence(`
    MsgId?:Max35Text PmtInfId?:Max35Text NbOfTxs?:Max15NumericText TtlAmt?:ActiveOrHistoricCurrencyAndAmount
    CdtDbtInd?:CreditDebitCode
  `),
  EntryTransaction2: sequence(`
    Refs?:TransactionReferences2 AmtDtls?:AmountAndCurrencyExchange3 BkTxCd?:BankTransactionCodeStructure4
    RltdPties?:TransactionParty2 RltdAgts?:TransactionAgents2 Purp?:Purpose2Choice RmtInf?:RemittanceInformation5
    AddtlTxInf?:Max500Text
  `),
  TransactionReferences2: sequence(`
    MsgId?:Max35Text AcctSvcrRef?:Max35Text PmtInfId?:Max35Text InstrId?:Max35Text EndToEndId?:Max35Text
    TxId?:Max35Text MndtId?:Max35Text ChqNb?:Max35Text ClrSysRef?:Max35Text Prtry?:ProprietaryReference1
  `),
  ProprietaryReference1: sequence('Tp:Max35Text Ref:Max35Text'),
  AmountAndCurrencyExchange3: sequence(
    'InstdAmt?:AmountAndCurrencyExchangeDetails3 TxAmt?:AmountAndCurrencyExchangeDetails3',
  ),
  AmountAndCurrencyExchangeDetails3: sequence('Amt:ActiveOrHistoricCurrencyAndAmount'),
  TransactionParty2: sequence(`
    InitgPty?:PartyIdentification32 Dbtr?:PartyIdentification32 DbtrAcct?:CashAccount16
    UltmtDbtr?:PartyIdentification32 Cdtr?:PartyIdentification32 CdtrAcct?:CashAccount16
    UltmtCdtr?:PartyIdentification32
  `),
  TransactionAgents2: sequence(`
    DbtrAgt?:BranchAndFinancialInstitutionIdentification4 CdtrAgt?:BranchAndFinancialInstitutionIdentification4
  `),
};
