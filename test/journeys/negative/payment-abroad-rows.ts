import { planAbroad } from '../../support/uk-payments-abroad.js';
import { carriesOut, fits, post, TRANSFER, u } from './payment-requests.js';
import type { NegativeRow, Refusal } from './table.js';

const CONSENTS = '/pisp/international-payment-consents';
const PAYEE = { name: 'Buchhandlung Leuchtturm', iban: 'DE89370400440532013000' };
const rate = (more: object) => ({ ExchangeRateInformation: { UnitCurrency: 'GBP', RateType: 'Actual', ...more } });

/** A consent to pay abroad that is right but for what is changed in its initiation. */
function lodges(
  name: string,
  expected: { readonly refused: Refusal; readonly because: RegExp },
  initiation: Readonly<Record<string, unknown>>,
): NegativeRow {
  return {
    name,
    ...expected,
    given: async (world) => {
      const body = {
        Data: { Initiation: planAbroad({ amount: '5.00', payee: PAYEE }, initiation).initiation },
        Risk: TRANSFER,
      };
      return { send: post(world, { path: CONSENTS, token: await world.lantern.clientToken('payments'), body }) };
    },
  };
}

export const paymentAbroadRows: readonly NegativeRow[] = [
  lodges(
    'a currency to transfer that does not exist is refused',
    { refused: u('U023'), because: carriesOut },
    { CurrencyOfTransfer: 'XYZ', InstructedAmount: { Amount: '5.00', Currency: 'XYZ' } },
  ),
  lodges(
    'an amount in a third currency is refused',
    { refused: u('U023'), because: carriesOut },
    { InstructedAmount: { Amount: '5.00', Currency: 'USD' } },
  ),
  lodges(
    'a payment abroad without a currency to transfer is refused',
    { refused: u('U004'), because: fits },
    { CurrencyOfTransfer: undefined },
  ),
  lodges(
    'an agreed rate without its contract is refused',
    { refused: u('U004'), because: carriesOut },
    rate({ RateType: 'Agreed', ExchangeRate: 1.2 }),
  ),
  lodges(
    'an agreed rate without the rate is refused',
    { refused: u('U004'), because: carriesOut },
    rate({ RateType: 'Agreed', ContractIdentification: 'FX-1' }),
  ),
  lodges(
    'an actual rate with a number is refused',
    { refused: u('U005'), because: carriesOut },
    rate({ ExchangeRate: 1.2 }),
  ),
  lodges('a rate that is a text is refused', { refused: u('U002'), because: fits }, rate({ ExchangeRate: '1.2' })),
  lodges('a kind of rate nobody knows is refused', { refused: u('U002'), because: fits }, rate({ RateType: 'Best' })),
  lodges(
    'a rate in units of the money that arrives is refused',
    { refused: u('U002'), because: carriesOut },
    rate({ UnitCurrency: 'EUR' }),
  ),
  lodges(
    'charges borne by nobody are refused',
    { refused: u('U002'), because: fits },
    { ChargeBearer: 'BorneByNobody' },
  ),
  lodges(
    'a country that is not that of the IBAN is refused',
    { refused: u('U002'), because: carriesOut },
    { DestinationCountryCode: 'FR' },
  ),
  lodges(
    'a bank named otherwise than by its BIC is refused',
    { refused: u('U027'), because: carriesOut },
    { CreditorAgent: { SchemeName: 'UK.OBIE.Clearing', Identification: '20-30-40' } },
  ),
  lodges(
    'a rail that does not leave the country is refused',
    { refused: u('U026'), because: carriesOut },
    { LocalInstrument: 'UK.OBIE.FPS' },
  ),
];
