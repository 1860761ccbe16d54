import { describe, expect, test } from '@jest/globals';
import { instant, isSandbankError } from '../../../../src/kernel/index.js';
import { fromInternationalConsentRequest } from '../../../../src/standards/uk-obie/mapping/international-instruction.js';
import type { PaymentConsentRequest } from '../../../../src/standards/uk-obie/mapping/payment-wire.js';
import { toWireError } from '../../../../src/standards/uk-obie/errors.js';
import { validatorOf } from '../documents.js';
import { FULL_PAYMENT_ABROAD } from '../samples.js';
import type { Json } from '../json.js';

const NOW = instant(Date.UTC(2026, 10, 25, 8));
const BASE = FULL_PAYMENT_ABROAD as PaymentConsentRequest;
const INITIATION = 'Data.Initiation';
const RATE = `${INITIATION}.ExchangeRateInformation`;
const AGENT = `${INITIATION}.CreditorAgent`;
const CREDITOR = `${INITIATION}.CreditorAccount`;
const AMOUNT = `${INITIATION}.InstructedAmount`;

/** The sample with members set, by their paths; undefined takes one away. */
function changed(changes: Readonly<Record<string, unknown>>): PaymentConsentRequest {
  const copy = structuredClone(BASE);
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.');
    const parent = steps.slice(0, -1).reduce((at: Json, step) => at[step], copy);
    parent[steps.at(-1)!] = value;
  }
  // Through text, where undefined members vanish.
  return JSON.parse(JSON.stringify(copy));
}

const instructionOf = (request: PaymentConsentRequest) =>
  fromInternationalConsentRequest(request, { now: NOW, currency: 'GBP' });

function answerTo(request: PaymentConsentRequest): unknown {
  try {
    instructionOf(request);
    return 'accepted';
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    const { status, body } = toWireError(error, { interactionId: 'i' }) as Json;
    return [status, body.Errors[0].ErrorCode, body.Errors[0].Path];
  }
}

describe('uk-obie international payment consent request', () => {
  test('the sample fits the document and becomes a neutral instruction', async () => {
    const validate = await validatorOf('payment-initiation.yaml', 'InternationalPaymentConsentRequest');
    expect(validate(BASE)).toEqual([]);
    expect(instructionOf(BASE)).toEqual({
      amount: { amountMinor: 7500n, currency: 'EUR' },
      creditor: { scheme: 'iban', identification: 'DE89370400440532013000', name: 'Buchhandlung Leuchtturm' },
      debtor: { scheme: 'sort-code-account-number', identification: '40205012345678', name: 'MS A CLARKE' },
      endToEndId: 'LANTERN-3107',
      instructionId: 'ORDER-3107',
      reference: 'Order 3107',
      rail: 'cross-border',
      transferCurrency: 'EUR',
      charges: 'shared',
      exchange: { type: 'agreed', rate: '1.17', contract: 'FX-2026-11' },
      purpose: 'GDDS',
      creditorAgentBic: 'DGGRDEFFXXX',
    });
  });

  test.each([
    ['BorneByCreditor', 'creditor'],
    ['BorneByDebtor', 'debtor'],
    ['FollowingServiceLevel', 'service-level'],
    ['Shared', 'shared'],
  ])('charges %s are borne by: %s', (wire, neutral) => {
    expect(instructionOf(changed({ [`${INITIATION}.ChargeBearer`]: wire })).charges).toBe(neutral);
  });

  test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['an agreed rate without the rate', { [`${RATE}.ExchangeRate`]: undefined }, [400, 'U004', `${RATE}.ExchangeRate`]],
    [
      'an agreed rate without its contract',
      { [`${RATE}.ContractIdentification`]: undefined },
      [400, 'U004', `${RATE}.ContractIdentification`],
    ],
    ['a rate of nothing', { [`${RATE}.ExchangeRate`]: 0 }, [400, 'U002', `${RATE}.ExchangeRate`]],
    ['a rate below zero', { [`${RATE}.ExchangeRate`]: -1.2 }, [400, 'U002', `${RATE}.ExchangeRate`]],
    ['a rate beyond writing down', { [`${RATE}.ExchangeRate`]: 1e-9 }, [400, 'U002', `${RATE}.ExchangeRate`]],
    ['an actual rate with a number', { [`${RATE}.RateType`]: 'Actual' }, [400, 'U005', `${RATE}.ExchangeRate`]],
    [
      'an indicative rate with a contract',
      { [`${RATE}.RateType`]: 'Indicative', [`${RATE}.ExchangeRate`]: undefined },
      [400, 'U005', `${RATE}.ContractIdentification`],
    ],
    ['an actual rate', { [RATE]: { UnitCurrency: 'GBP', RateType: 'Actual' } }, 'accepted'],
    ['an indicative rate', { [RATE]: { UnitCurrency: 'GBP', RateType: 'Indicative' } }, 'accepted'],
    ['no word about the rate', { [RATE]: undefined }, 'accepted'],
    [
      'a rate in units of the money that arrives',
      { [`${RATE}.UnitCurrency`]: 'EUR' },
      [400, 'U002', `${RATE}.UnitCurrency`],
    ],
    [
      'a rate where no money is changed',
      { [`${INITIATION}.CurrencyOfTransfer`]: 'GBP', [`${AMOUNT}.Currency`]: 'GBP' },
      [400, 'U005', RATE],
    ],
    ['an amount in the currency of the account', { [`${AMOUNT}.Currency`]: 'GBP' }, 'accepted'],
    ['an amount in a third currency', { [`${AMOUNT}.Currency`]: 'USD' }, [400, 'U023', `${AMOUNT}.Currency`]],
    ['an unknown currency of the amount', { [`${AMOUNT}.Currency`]: 'XXX' }, [400, 'U023', `${AMOUNT}.Currency`]],
    [
      'an unknown currency to transfer',
      { [`${INITIATION}.CurrencyOfTransfer`]: 'XXX' },
      [400, 'U023', `${INITIATION}.CurrencyOfTransfer`],
    ],
    ['more decimals than the currency has', { [`${AMOUNT}.Amount`]: '75.005' }, [400, 'U002', `${AMOUNT}.Amount`]],
    ['nothing to pay', { [`${AMOUNT}.Amount`]: '0.00' }, [400, 'U002', `${AMOUNT}.Amount`]],
    [
      'a rail of the country',
      { [`${INITIATION}.LocalInstrument`]: 'UK.OBIE.FPS' },
      [400, 'U026', `${INITIATION}.LocalInstrument`],
    ],
    ['a rail left open', { [`${INITIATION}.LocalInstrument`]: undefined }, 'accepted'],
    [
      'a country that is not that of the IBAN',
      { [`${INITIATION}.DestinationCountryCode`]: 'FR' },
      [400, 'U002', `${INITIATION}.DestinationCountryCode`],
    ],
    [
      'a sort code abroad',
      { [`${CREDITOR}.SchemeName`]: 'UK.OBIE.SortCodeAccountNumber' },
      [400, 'U027', `${CREDITOR}.SchemeName`],
    ],
    [
      'an IBAN that does not check',
      { [`${CREDITOR}.Identification`]: 'DE88370400440532013000' },
      [400, 'U021', `${CREDITOR}.Identification`],
    ],
    [
      'a BBAN with its bank',
      { [`${CREDITOR}.SchemeName`]: 'UK.OBIE.BBAN', [`${CREDITOR}.Identification`]: '000123456789' },
      'accepted',
    ],
    [
      'a BBAN without its bank',
      {
        [`${CREDITOR}.SchemeName`]: 'UK.OBIE.BBAN',
        [`${CREDITOR}.Identification`]: '000123456789',
        [AGENT]: undefined,
      },
      [400, 'U004', `${AGENT}.Identification`],
    ],
    ['an IBAN without its bank', { [AGENT]: undefined }, 'accepted'],
    [
      'a bank that is not named by a BIC',
      { [`${AGENT}.SchemeName`]: 'UK.OBIE.Clearing' },
      [400, 'U027', `${AGENT}.SchemeName`],
    ],
    [
      'a number of a bank without its scheme',
      { [`${AGENT}.SchemeName`]: undefined },
      [400, 'U004', `${AGENT}.SchemeName`],
    ],
    ['a BIC of seven letters', { [`${AGENT}.Identification`]: 'COBADEF' }, [400, 'U002', `${AGENT}.Identification`]],
    [
      'a payment context of the past',
      { 'Risk.PaymentContextCode': 'PartyToParty' },
      [400, 'U002', 'Risk.PaymentContextCode'],
    ],
  ])('%s: %j', (_what, changes, answer) => {
    expect(answerTo(changed(changes))).toEqual(answer);
  });
});
