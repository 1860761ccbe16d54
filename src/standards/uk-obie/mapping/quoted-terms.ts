import type { PaymentInstruction, PaymentOrder } from '../../../bank/index.js';
import { CHARGE_BEARER_NAMES, CHARGE_TYPE, RATE_TYPE_NAMES } from '../codes.js';
import { toAmount } from './amount.js';
import type { QuotedTerms } from './payment-wire.js';

/** Charges and rate of a consent, as they were quoted when it was lodged. */
export function toQuotedTerms(
  { Charge, Rate }: QuotedTerms,
  { charges = 'shared' }: Pick<PaymentInstruction, 'charges'>,
): Readonly<Record<string, unknown>> {
  return {
    ...(Charge && { Charges: [{ ChargeBearer: CHARGE_BEARER_NAMES[charges], Type: CHARGE_TYPE, Amount: Charge }] }),
    ...(Rate && { ExchangeRateInformation: toRate(Rate, Rate.Rate) }),
  };
}

/** Those of an order: what was taken and at which rate. Nothing of the rate before the money is set aside. */
export function toTakenTerms(
  { chargesTaken, exchangeRate }: PaymentOrder,
  quoted: QuotedTerms | undefined,
): Readonly<Record<string, unknown>> {
  const Charges = chargesTaken.map(({ bearer, amount }) => ({
    ChargeBearer: CHARGE_BEARER_NAMES[bearer],
    Type: CHARGE_TYPE,
    Amount: toAmount(amount.amountMinor, amount.currency),
  }));
  return {
    ...(Charges.length > 0 && { Charges }),
    ...(quoted?.Rate && exchangeRate !== undefined && { ExchangeRateInformation: toRate(quoted.Rate, exchangeRate) }),
  };
}

function toRate(quoted: NonNullable<QuotedTerms['Rate']>, rate: string): Readonly<Record<string, unknown>> {
  const { UnitCurrency, RateType, Contract, ExpirationDateTime } = quoted;
  return {
    UnitCurrency,
    ExchangeRate: Number(rate),
    RateType: RATE_TYPE_NAMES[RateType],
    ...(Contract !== undefined && { ContractIdentification: Contract }),
    ...(ExpirationDateTime !== undefined && { ExpirationDateTime }),
  };
}
