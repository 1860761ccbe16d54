import { currencyExponent, SandbankError, type Instant } from '../../../kernel/index.js';
import type { PaymentInstruction } from '../../../bank/index.js';
import { CHARGE_BEARERS, RATE_TYPES, SWIFT } from '../codes.js';
import { accountsOf, amountOf, INITIATION, referenceOf, requireServable } from './instruction-parts.js';
import type { PaymentConsentRequest, WireInternationalInitiation, WireRequestedRate } from './payment-wire.js';

const REFERENCE_LENGTH = 140;
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/;
/** More digits are no rate that a bank would write down; a number of JSON could also be 1e-9. */
const RATE = /^\d{1,7}(?:\.\d{1,10})?$/;

/**
 * A payment abroad or in another currency, in words of the core. `currency` is that of the bank's accounts. Throws what
 * the bank cannot pay, with the field it is about; whether it can change the money is for the bank to say.
 */
export function fromInternationalConsentRequest(
  request: PaymentConsentRequest,
  context: { readonly now: Instant; readonly currency: string },
): PaymentInstruction {
  const Initiation = request.Data.Initiation as WireInternationalInitiation;
  requireServable(request, context.now);
  requireServableRail(Initiation.LocalInstrument);
  const accounts = accountsOf(Initiation, ['iban', 'bban']);
  requireSameCountry(Initiation);
  const creditorAgentBic = agentOf(Initiation);
  const amount = amountOf(Initiation);
  const transferCurrency = transferCurrencyOf(Initiation, context.currency);
  const exchange = exchangeOf(Initiation, context.currency);
  const reference = referenceOf(Initiation, REFERENCE_LENGTH);
  const { PaymentPurposeCode: purpose } = request.Risk;
  return {
    amount,
    ...accounts,
    endToEndId: Initiation.EndToEndIdentification,
    instructionId: Initiation.InstructionIdentification,
    ...(reference !== undefined && { reference }),
    rail: 'cross-border',
    transferCurrency,
    ...(Initiation.ChargeBearer && { charges: CHARGE_BEARERS[Initiation.ChargeBearer] }),
    ...(exchange && { exchange }),
    ...(purpose !== undefined && { purpose }),
    ...(creditorAgentBic !== undefined && { creditorAgentBic }),
  };
}

function requireServableRail(localInstrument: string | undefined): void {
  if (localInstrument === undefined || localInstrument === SWIFT) return;
  throw new SandbankError('payment.unsupported-rail', `This bank does not pay abroad by ${localInstrument}.`, {
    path: `${INITIATION}.LocalInstrument`,
    expected: `${SWIFT}, or none`,
    actual: localInstrument,
  });
}

/** An IBAN says where its account is held. */
function requireSameCountry({ CreditorAccount, DestinationCountryCode }: WireInternationalInitiation): void {
  const country = CreditorAccount.Identification.slice(0, 2);
  if (DestinationCountryCode === undefined || CreditorAccount.SchemeName !== 'UK.OBIE.IBAN') return;
  if (DestinationCountryCode === country) return;
  throw new SandbankError('field.invalid', 'The account to pay is held in another country.', {
    path: `${INITIATION}.DestinationCountryCode`,
    expected: country,
    actual: DestinationCountryCode,
  });
}

/** An IBAN leads to its bank; any other number needs the bank named beside it. */
function agentOf({ CreditorAgent, CreditorAccount }: WireInternationalInitiation): string | undefined {
  const path = `${INITIATION}.CreditorAgent`;
  const { SchemeName, Identification } = CreditorAgent ?? {};
  if (Identification === undefined) {
    if (CreditorAccount.SchemeName === 'UK.OBIE.IBAN') return undefined;
    throw missing(`${path}.Identification`, 'the BIC of the bank, where the account has no IBAN');
  }
  if (SchemeName === undefined) throw missing(`${path}.SchemeName`, 'the scheme of the identification');
  if (SchemeName !== 'UK.OBIE.BICFI') {
    throw new SandbankError('account.unsupported-identifier', `${SchemeName} cannot be used for this payment.`, {
      path: `${path}.SchemeName`,
      expected: 'UK.OBIE.BICFI',
      actual: SchemeName,
      unsupported: 'scheme',
    });
  }
  if (BIC.test(Identification)) return Identification;
  throw invalid(`${path}.Identification`, 'a BIC of 8 or 11 characters', Identification);
}

/** What is instructed is either the amount that goes out or, in the bank's currency, the amount that is changed. */
function transferCurrencyOf(
  { InstructedAmount, CurrencyOfTransfer }: WireInternationalInitiation,
  currency: string,
): string {
  const path = `${INITIATION}.CurrencyOfTransfer`;
  if (currencyExponent(CurrencyOfTransfer) === undefined) {
    throw unsupported(path, 'a supported ISO 4217 code', CurrencyOfTransfer);
  }
  if (InstructedAmount.Currency !== CurrencyOfTransfer && InstructedAmount.Currency !== currency) {
    throw unsupported(
      `${INITIATION}.InstructedAmount.Currency`,
      `${CurrencyOfTransfer} or ${currency}`,
      InstructedAmount.Currency,
    );
  }
  return CurrencyOfTransfer;
}

/**
 * 4.0.1, international payment consents: an agreed rate comes with its number and its contract; of the others the number
 * is the bank's to say. The unit is the currency of the account that pays.
 */
function exchangeOf(
  { ExchangeRateInformation: wanted, CurrencyOfTransfer }: WireInternationalInitiation,
  currency: string,
): PaymentInstruction['exchange'] {
  if (!wanted) return undefined;
  const path = `${INITIATION}.ExchangeRateInformation`;
  if (CurrencyOfTransfer === currency) throw unexpected(path, 'no rate, as no money is changed');
  if (wanted.UnitCurrency !== currency) throw invalid(`${path}.UnitCurrency`, currency, wanted.UnitCurrency);
  const type = RATE_TYPES[wanted.RateType];
  if (type === 'agreed') return { type, ...agreed(wanted, path) };
  for (const name of ['ExchangeRate', 'ContractIdentification'] as const) {
    if (wanted[name] !== undefined) throw unexpected(`${path}.${name}`, `none with ${wanted.RateType}`);
  }
  return { type };
}

function agreed(
  { ExchangeRate, ContractIdentification }: WireRequestedRate,
  path: string,
): { readonly rate: string; readonly contract: string } {
  if (ExchangeRate === undefined) throw missing(`${path}.ExchangeRate`, 'the rate that was agreed');
  if (ContractIdentification === undefined) throw missing(`${path}.ContractIdentification`, 'the contract of the rate');
  const rate = String(ExchangeRate);
  if (!RATE.test(rate) || ExchangeRate <= 0) throw invalid(`${path}.ExchangeRate`, 'a rate above zero', rate);
  return { rate, contract: ContractIdentification };
}

function missing(path: string, expected: string): SandbankError {
  return new SandbankError('field.missing', `${path} is missing.`, { path, expected });
}

function unexpected(path: string, expected: string): SandbankError {
  return new SandbankError('field.unexpected', `${path} is not allowed here.`, { path, expected });
}

function invalid(path: string, expected: string, actual: string): SandbankError {
  return new SandbankError('field.invalid', `${path} is not ${expected}.`, { path, expected, actual });
}

function unsupported(path: string, expected: string, actual: string): SandbankError {
  return new SandbankError('payment.unsupported-currency', `This bank cannot pay that in ${actual}.`, {
    path,
    expected,
    actual,
  });
}
