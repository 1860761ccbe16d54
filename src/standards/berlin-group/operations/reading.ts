import { SandbankError } from '../../../kernel/index.js';
import { capabilitiesOn, type Account, type Capability } from '../../../bank/index.js';
import type { Call, OperationPolicy } from '../../standard.js';
import { coverageOf } from '../../kit/covered.js';

/** A reading that rests on the consent named in the header. */
export function readingPolicy(
  allOf: readonly Capability[],
  more: { readonly accountParameter?: string; readonly answerTypes?: readonly string[] } = {},
): OperationPolicy {
  const { accountParameter, answerTypes } = more;
  return {
    access: {
      grant: 'certificate',
      roles: ['AISP'],
      consent: {
        from: { header: 'consent-id' },
        kinds: ['account-access'],
        inForce: true,
        allOf,
        ...(accountParameter !== undefined && { accountParameter }),
      },
    },
    ...(answerTypes && { answerTypes }),
  };
}

/** Of a consent to see the list of all accounts, with their balances or without, nothing else may be read. */
export function isListOnly(call: Call): boolean {
  const { subject } = coverageOf(call).consent;
  return subject.kind === 'account-access' && subject.choice === 'list-only';
}

/** What may be read of an account; the list of a list-only consent shows what the consent says of all of them. */
export function capabilitiesOf(call: Call, account: Account): readonly Capability[] {
  const { consent, capabilities } = coverageOf(call);
  return isListOnly(call) ? capabilities : capabilitiesOn(consent, account);
}

/** Consents may allow different things of each account. Throws `consent.capability-missing`. */
export function requireOn(call: Call, account: Account, capability: Capability): void {
  const { consent } = coverageOf(call);
  const agreed = capabilitiesOn(consent, account);
  const holds = agreed.includes(capability) && !isListOnly(call);
  call.check({
    name: 'the consent allows this of this account',
    outcome: holds ? 'passed' : 'failed',
    expected: capability,
    actual: agreed.join(', ') || 'none',
  });
  if (holds) return;
  throw new SandbankError('consent.capability-missing', 'The consent does not allow this of this account.', {
    expected: capability,
    actual: agreed.join(', '),
  });
}

/** A page that a link leads to belongs to the reading it came from, and is not counted again. */
export async function recordReading(call: Call, resource: string): Promise<void> {
  const { consent } = coverageOf(call);
  const customerPresent = call.headers['psu-ip-address'] !== undefined;
  await call.bank.consents.recordAccess(consent.id, { resource, customerPresent });
}

export function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}
