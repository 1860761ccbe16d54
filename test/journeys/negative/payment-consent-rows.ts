import { amountOf, carriesOut, creditorOf, fits, lodges, u, without } from './payment-requests.js';
import type { NegativeRow } from './table.js';

export const paymentConsentRows: readonly NegativeRow[] = [
  lodges(
    'an amount with three decimals is refused',
    { refused: u('U002'), because: carriesOut },
    { initiation: amountOf('1.005') },
  ),
  lodges('an amount of zero is refused', { refused: u('U002'), because: carriesOut }, { initiation: amountOf('0.00') }),
  lodges('a negative amount is refused', { refused: u('U002'), because: fits }, { initiation: amountOf('-1.00') }),
  lodges('an amount that is a number is refused', { refused: u('U002'), because: fits }, { initiation: amountOf(1) }),
  lodges(
    'an amount in words of science is refused',
    { refused: u('U002'), because: fits },
    { initiation: amountOf('1e3') },
  ),
  lodges(
    'a currency that does not exist is refused',
    { refused: u('U023'), because: carriesOut },
    { initiation: amountOf('1.00', 'XYZ') },
  ),
  lodges(
    'a currency that is not the domestic one is refused',
    { refused: u('U023'), because: carriesOut },
    { initiation: amountOf('1.00', 'EUR') },
  ),
  lodges(
    'a rail that this bank does not have is refused',
    { refused: u('U026'), because: carriesOut },
    {
      initiation: (right) => ({ ...right, LocalInstrument: 'UK.OBIE.Link' }),
    },
  ),
  lodges(
    'an account scheme that cannot be paid is refused',
    { refused: u('U027'), because: carriesOut },
    {
      initiation: creditorOf({ SchemeName: 'UK.OBIE.PAN', Identification: '4111111111111111' }),
    },
  ),
  lodges(
    'an account number of 13 digits is refused',
    { refused: u('U021'), because: carriesOut },
    { initiation: creditorOf({ Identification: '1234567890123' }) },
  ),
  lodges(
    'an IBAN with wrong check digits is refused',
    { refused: u('U021'), because: carriesOut },
    {
      initiation: creditorOf({ SchemeName: 'UK.OBIE.IBAN', Identification: 'GB00BRMB12345698765432' }),
    },
  ),
  lodges(
    'a payment without an amount is refused',
    { refused: u('U004'), because: fits },
    { initiation: without('InstructedAmount') },
  ),
  lodges(
    'a payment to nobody is refused',
    { refused: u('U004'), because: fits },
    { initiation: without('CreditorAccount') },
  ),
  lodges(
    'a payment with a field nobody knows is refused',
    { refused: u('U005'), because: fits },
    { initiation: (right) => ({ ...right, Tip: '1.00' }) },
  ),
  lodges(
    'a payment context that does not exist is refused',
    { refused: u('U002'), because: fits },
    { risk: { PaymentContextCode: 'Bribe' } },
  ),
  lodges(
    'a payment context of the past is refused',
    { refused: u('U002'), because: carriesOut },
    { risk: { PaymentContextCode: 'PartyToParty' } },
  ),
  lodges(
    'an authorisation that was to be complete yesterday is refused',
    { refused: u('U003'), because: carriesOut },
    {
      data: { Authorisation: { AuthorisationType: 'Single', CompletionDateTime: '2026-06-15T00:00:00Z' } },
    },
  ),
  lodges(
    'a body that is no JSON is refused before its signature is looked at',
    { refused: { status: 415, empty: true }, because: /media type/ },
    { headers: { 'content-type': 'text/plain' } },
  ),
];
