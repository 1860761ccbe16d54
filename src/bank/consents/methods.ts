import type { BankProfile } from '../profile.js';
import type { Party } from '../parties/index.js';
import { maskedMobile } from './challenge.js';
import type { ScaMethod } from './consent.js';

export const APP_METHOD = 'app';

/** Every customer has her phone twice: its number and the bank's app on it. */
export function methodsOf({ mobile }: Party, bank: BankProfile): readonly ScaMethod[] {
  return [
    { id: 'sms', kind: 'sms-code', name: `SMS to ${maskedMobile(mobile)}` },
    { id: APP_METHOD, kind: 'push-code', name: `Code in the app of ${bank.name}` },
  ];
}
