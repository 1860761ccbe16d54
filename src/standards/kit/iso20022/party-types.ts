import { choice, sequence, type ElementType } from './grammar.js';

/** Who and where: parties, accounts, banks and addresses. The same types serve all four messages. */
export const PARTY_TYPES: Readonly<Record<string, ElementType>> = {
  AccountIdentification4Choice: choice('IBAN:IBAN2007Identifier Othr:GenericAccountIdentification1'),
  AccountSchemeName1Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  BranchAndFinancialInstitutionIdentification4: sequence(
    'FinInstnId:FinancialInstitutionIdentification7 BrnchId?:BranchData2',
  ),
  BranchData2: sequence('Id?:Max35Text Nm?:Max140Text PstlAdr?:PostalAddress6'),
  CashAccount16: sequence(`
    Id:AccountIdentification4Choice Tp?:CashAccountType2 Ccy?:ActiveOrHistoricCurrencyCode Nm?:Max70Text
  `),
  CashAccount20: sequence(`
    Id:AccountIdentification4Choice Tp?:CashAccountType2 Ccy?:ActiveOrHistoricCurrencyCode Nm?:Max70Text
    Ownr?:PartyIdentification32 Svcr?:BranchAndFinancialInstitutionIdentification4
  `),
  CashAccountType2: choice('Cd:CashAccountType4Code Prtry:Max35Text'),
  ClearingSystemIdentification2Choice: choice('Cd:ExternalCode5 Prtry:Max35Text'),
  ClearingSystemMemberIdentification2: sequence('ClrSysId?:ClearingSystemIdentification2Choice MmbId:Max35Text'),
  ContactDetails2: sequence(`
    NmPrfx?:NamePrefix1Code Nm?:Max140Text PhneNb?:PhoneNumber MobNb?:PhoneNumber FaxNb?:PhoneNumber
    EmailAdr?:Max2048Text Othr?:Max35Text
  `),
  DateAndPlaceOfBirth: sequence('BirthDt:ISODate PrvcOfBirth?:Max35Text CityOfBirth:Max35Text CtryOfBirth:CountryCode'),
  FinancialIdentificationSchemeName1Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  FinancialInstitutionIdentification7: sequence(`
    BIC?:BICIdentifier ClrSysMmbId?:ClearingSystemMemberIdentification2 Nm?:Max140Text PstlAdr?:PostalAddress6
    Othr?:GenericFinancialIdentification1
  `),
  GenericAccountIdentification1: sequence('Id:Max34Text SchmeNm?:AccountSchemeName1Choice Issr?:Max35Text'),
  GenericFinancialIdentification1: sequence(
    'Id:Max35Text SchmeNm?:FinancialIdentificationSchemeName1Choice Issr?:Max35Text',
  ),
  GenericOrganisationIdentification1: sequence(
    'Id:Max35Text SchmeNm?:OrganisationIdentificationSchemeName1Choice Issr?:Max35Text',
  ),
  GenericPersonIdentification1: sequence('Id:Max35Text SchmeNm?:PersonIdentificationSchemeName1Choice Issr?:Max35Text'),
  NameAndAddress10: sequence('Nm:Max140Text Adr:PostalAddress6'),
  OrganisationIdentification4: sequence('BICOrBEI?:AnyBICIdentifier Othr*:GenericOrganisationIdentification1'),
  OrganisationIdentificationSchemeName1Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  Party6Choice: choice('OrgId:OrganisationIdentification4 PrvtId:PersonIdentification5'),
  PartyIdentification32: sequence(`
    Nm?:Max140Text PstlAdr?:PostalAddress6 Id?:Party6Choice CtryOfRes?:CountryCode CtctDtls?:ContactDetails2
  `),
  PersonIdentification5: sequence('DtAndPlcOfBirth?:DateAndPlaceOfBirth Othr*:GenericPersonIdentification1'),
  PersonIdentificationSchemeName1Choice: choice('Cd:ExternalCode4 Prtry:Max35Text'),
  PostalAddress6: sequence(`
    AdrTp?:AddressType2Code Dept?:Max70Text SubDept?:Max70Text StrtNm?:Max70Text BldgNb?:Max16Text PstCd?:Max16Text
    TwnNm?:Max35Text CtrySubDvsn?:Max35Text Ctry?:CountryCode AdrLine{0,7}:Max70Text
  `),
};
