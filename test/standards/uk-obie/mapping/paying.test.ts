import { describe, expect, test } from '@jest/globals';
import { instant, isSandbankError } from '../../../../src/kernel/index.js';
import { fromPaymentConsentRequest } from '../../../../src/standards/uk-obie/mapping/instruction.js';
import type { PaymentConsentRequest } from '../../../../src/standards/uk-obie/mapping/payment-wire.js';
import { toWireError } from '../../../../src/standards/uk-obie/errors.js';
import { validatorOf } from '../documents.js';
import { FULL_PAYMENT } from '../samples.js';
import type { Json } from '../json.js';

const NOW = instant(Date.UTC(2026, 10, 25, 8));
const BASE = FULL_PAYMENT as PaymentConsentRequest;

/** The sample with one member set, by its path; undefined takes it away. */
function changed(path: string, value: unknown): PaymentConsentRequest {
  const copy = structuredClone(BASE);
  const steps = path.split('.');
  const parent = steps.slice(0, -1).reduce((at: Json, step) => at[step], copy);
  parent[steps.at(-1)!] = value;
  // Through text, where undefined members vanish.
  return JSON.parse(JSON.stringify(copy));
}

function answerTo(request: PaymentConsentRequest): unknown {
  try {
    fromPaymentConsentRequest(request, { now: NOW, currency: 'GBP' });
    return 'accepted';
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    const { status, body } = toWireError(error, { interactionId: 'i' }) as Json;
    return [status, body.Errors[0].ErrorCode, body.Errors[0].Path];
  }
}

describe('uk-obie payment consent request', () => {
  test('the sample fits the document and becomes a neutral instruction', async () => {
    const validate = await validatorOf('payment-initiation.yaml', 'DomesticPaymentConsentRequest');
    expect(validate(BASE)).toEqual([]);
    expect(fromPaymentConsentRequest(BASE, { now: NOW, currency: 'GBP' })).toEqual({
      amount: { amountMinor: 2490n, currency: 'GBP' },
      creditor: {
        scheme: 'sort-code-account-number',
        identification: '11223387654321',
        name: 'Lantern Books Ltd',
        secondaryIdentification: 'R2',
      },
      debtor: {
        scheme: 'sort-code-account-number',
        identification: '40205012345678',
        name: 'MS A CLARKE',
        secondaryIdentification: 'R1',
      },
      endToEndId: 'LANTERN-2041',
      instructionId: 'ORDER-2041',
      reference: 'RF18539007547034',
      rail: 'faster-payments',
    });
  });

  const amount = 'Data.Initiation.InstructedAmount';
  const creditor = 'Data.Initiation.CreditorAccount';
  test.each<[string, unknown, unknown]>([
    [`${amount}.Amount`, '24.905', [400, 'U002', `${amount}.Amount`]],
    [`${amount}.Amount`, '24.900', 'accepted'],
    [`${amount}.Amount`, '0.00', [400, 'U002', `${amount}.Amount`]],
    [`${amount}.Currency`, 'EUR', [400, 'U023', `${amount}.Currency`]],
    [`${amount}.Currency`, 'XXX', [400, 'U023', `${amount}.Currency`]],
    ['Data.Initiation.LocalInstrument', 'UK.OBIE.BACS', 'accepted'],
    ['Data.Initiation.LocalInstrument', 'UK.OBIE.CHAPS', 'accepted'],
    ['Data.Initiation.LocalInstrument', 'UK.OBIE.Link', [400, 'U026', 'Data.Initiation.LocalInstrument']],
    ['Data.Initiation.LocalInstrument', undefined, 'accepted'],
    ['Data.Initiation.DebtorAccount', undefined, 'accepted'],
    [`${creditor}.SchemeName`, 'UK.OBIE.PAN', [400, 'U027', `${creditor}.SchemeName`]],
    [`${creditor}.SchemeName`, 'UK.OBIE.IBAN', [400, 'U021', `${creditor}.Identification`]],
    [`${creditor}.Identification`, '1122338765432', [400, 'U021', `${creditor}.Identification`]],
    [`${creditor}.Identification`, '11-22-33 87654321', [400, 'U021', `${creditor}.Identification`]],
    [`${creditor}.Identification`, '40205012345678', [400, 'U002', `${creditor}.Identification`]],
    ['Risk.PaymentContextCode', 'BillPayment', [400, 'U002', 'Risk.PaymentContextCode']],
    ['Data.Authorisation.AuthorisationType', 'Multiple', [400, 'U002', 'Data.Authorisation.AuthorisationType']],
    ['Data.Authorisation.AuthorisationType', 'Single', 'accepted'],
    [
      'Data.Authorisation.CompletionDateTime',
      '2026-11-25T07:59:59Z',
      [400, 'U003', 'Data.Authorisation.CompletionDateTime'],
    ],
    ['Data.Authorisation', undefined, 'accepted'],
  ])('%s set to %j: %j', (path, value, answer) => {
    expect(answerTo(changed(path, value))).toEqual(answer);
  });

  test('an IBAN with right check digits is taken', () => {
    const iban = { SchemeName: 'UK.OBIE.IBAN', Identification: 'GB29NWBK60161331926819', Name: 'Payee' };
    expect(answerTo(changed(creditor, iban))).toBe('accepted');
  });

  test('the reference is what Faster Payments can carry', () => {
    const request = changed('Data.Initiation.RemittanceInformation', {
      Unstructured: ['A reference that is too long'],
    });
    const { reference } = fromPaymentConsentRequest(request, { now: NOW, currency: 'GBP' });
    expect(reference).toBe('A reference that i');
  });
});
