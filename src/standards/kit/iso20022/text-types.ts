import { isIban } from '../../../bank/index.js';
import { parseInstant } from '../../../kernel/index.js';
import { parseDecimal } from './decimals.js';

/** What the text of an element may be: the simple types of the messages. */
export interface TextType {
  /** For people: what was expected. */
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
  /** XML Schema drops the white space around numbers, dates and booleans, and keeps it in strings. */
  readonly collapses?: boolean;
  /** The element carries the attribute Ccy. */
  readonly hasCurrency?: boolean;
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?$/;
const BIC = /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?$/;
const IBAN = /^[A-Z]{2}\d{2}[a-zA-Z0-9]{1,30}$/;
export const CURRENCY = /^[A-Z]{3}$/;

function text(longest: number): TextType {
  return {
    expected: `1 to ${longest} characters`,
    // Length is counted in characters, not in UTF-16 units; counting is only worth it where the units are too many.
    accepts: (value) => value.length > 0 && (value.length <= longest || isAtMost(value, longest)),
  };
}

function isAtMost(value: string, longest: number): boolean {
  return value.length <= longest * 2 && [...value].length <= longest;
}

function pattern(expression: RegExp, expected: string): TextType {
  return { expected, accepts: (value) => expression.test(value) };
}

function codes(list: string): TextType {
  const allowed = list.split(' ');
  return { expected: `one of ${allowed.join(', ')}`, accepts: (value) => allowed.includes(value) };
}

function decimal(totalDigits: number, fractionDigits: number, least?: 0): TextType {
  return {
    expected: `a number of at most ${totalDigits} digits, ${fractionDigits} of them decimals`,
    collapses: true,
    accepts: (value) => {
      const number = parseDecimal(value);
      if (!number) return false;
      const isNegative = number.negative && number.whole + number.fraction !== '';
      const fits =
        number.fraction.length <= fractionDigits && number.whole.length + number.fraction.length <= totalDigits;
      return fits && !(least === 0 && isNegative);
    },
  };
}

const boolean: TextType = { ...codes('true false 1 0'), collapses: true };

const BIC_TYPE = pattern(BIC, 'a BIC (ISO 9362)');

/** Every simple type the messages use, by its name in the ISO 20022 repository. */
export const TEXT_TYPES: Readonly<Record<string, TextType>> = {
  ActiveOrHistoricCurrencyAndAmount: { ...decimal(18, 5, 0), hasCurrency: true },
  ActiveOrHistoricCurrencyCode: pattern(CURRENCY, 'a currency code (ISO 4217)'),
  AddressType2Code: codes('ADDR PBOX HOME BIZZ MLTO DLVY'),
  AnyBICIdentifier: BIC_TYPE,
  Authorisation1Code: codes('AUTH FDET FSUM ILEV'),
  BalanceType12Code: codes('XPCD OPAV ITAV CLAV FWAV CLBD ITBD OPBD PRCD INFO'),
  BaseOneRate: decimal(11, 10),
  BatchBookingIndicator: boolean,
  BICIdentifier: BIC_TYPE,
  CashAccountType4Code: codes('CASH CHAR COMM TAXE CISH TRAS SACC CACC SVGS ONDP MGLD NREX MOMA LOAN SLRY ODFT'),
  ChargeBearerType1Code: codes('DEBT CRED SHAR SLEV'),
  ChequeDelivery1Code: codes('MLDB MLCD MLFA CRDB CRCD CRFA PUDB PUCD PUFA RGDB RGCD RGFA'),
  ChequeType2Code: codes('CCHQ CCCH BCHQ DRFT ELDR'),
  CountryCode: pattern(/^[A-Z]{2}$/, 'a country code (ISO 3166-1)'),
  CreditDebitCode: codes('CRDT DBIT'),
  DecimalNumber: decimal(18, 17),
  DocumentType3Code: codes('RADM RPIN FXDR DISP PUOR SCOR'),
  DocumentType5Code: codes('MSIN CNFA DNFA CINV CREN DEBN HIRI SBIN CMCN SOAC DISP BOLD VCHR AROI TSUT'),
  EntryStatus2Code: codes('BOOK PDNG INFO'),
  ExchangeRateType1Code: codes('SPOT SALE AGRD'),
  /** The code sets that ISO keeps outside the schema; the schema only limits their length. */
  ExternalCode4: text(4),
  ExternalCode5: text(5),
  ExternalCode35: text(35),
  IBAN2007Identifier: {
    expected: 'an IBAN (ISO 13616) whose check digits fit',
    accepts: (value) => IBAN.test(value) && isIban(value.toUpperCase()),
  },
  Instruction3Code: codes('CHQB HOLD PHOB TELB'),
  ISODate: {
    expected: 'a date such as 2026-11-25',
    collapses: true,
    accepts: (value) => DATE.test(value) && parseInstant(value.slice(0, 10)) !== undefined,
  },
  ISODateTime: {
    expected: 'a date and time such as 2026-11-25T10:30:00Z',
    collapses: true,
    accepts: (value) => DATE_TIME.test(value) && parseInstant(value) !== undefined,
  },
  Max4Text: text(4),
  Max10Text: text(10),
  Max16Text: text(16),
  Max34Text: text(34),
  Max35Text: text(35),
  Max70Text: text(70),
  Max105Text: text(105),
  Max128Text: text(128),
  Max140Text: text(140),
  Max500Text: text(500),
  Max2048Text: text(2048),
  Max5NumericText: pattern(/^\d{1,5}$/, '1 to 5 digits'),
  Max15NumericText: pattern(/^\d{1,15}$/, '1 to 15 digits'),
  NamePrefix1Code: codes('DOCT MIST MISS MADM'),
  Number: decimal(18, 0),
  PaymentMethod3Code: codes('CHK TRF TRA'),
  PercentageRate: decimal(11, 10),
  PhoneNumber: pattern(/^\+\d{1,3}-[0-9()+-]{1,30}$/, 'a telephone number such as +49-301234567'),
  Priority2Code: codes('HIGH NORM'),
  RegulatoryReportingType1Code: codes('CRED DEBT BOTH'),
  RemittanceLocationMethod2Code: codes('FAXI EDIC URID EMAL POST SMSM'),
  TaxRecordPeriod1Code: codes(
    'MM01 MM02 MM03 MM04 MM05 MM06 MM07 MM08 MM09 MM10 MM11 MM12 QTR1 QTR2 QTR3 QTR4 HLF1 HLF2',
  ),
  TransactionGroupStatus3Code: codes('ACTC RCVD PART RJCT PDNG ACCP ACSP ACSC ACWC'),
  TransactionIndividualStatus3Code: codes('ACTC RJCT PDNG ACCP ACSP ACSC ACWC'),
  TrueFalseIndicator: boolean,
  YesNoIndicator: boolean,
};
