import { capabilitiesOn, type Capability, type Consent } from '../../bank/index.js';
import { assert, isSandbankError, SandbankError, type ErrorCode } from '../../kernel/index.js';
import type { OperationPolicy } from '../../standards/standard.js';
import { expectThat, recording, type Exchange } from './exchange.js';

/** The consent behind the token: of this client, of this standard, of the kind the operation takes, and in force. */
export async function consentIsInForce(exchange: Exchange): Promise<void> {
  const { trace, site, token, operation } = exchange;
  assert(token && operation, 'token and operation are known');
  const { access } = operation.policy;
  if (access.grant !== 'customer') return;
  const { consentId } = token;
  const consent = await recording(
    trace,
    { name: 'the token stands for a consent of this client', expected: consentId ?? 'a consent' },
    async () => {
      if (consentId === undefined)
        throw new SandbankError('consent.not-found', 'The access token stands for no consent.');
      return consentBehind(exchange, consentId, token.clientId);
    },
  );
  expectThat(
    trace,
    {
      name: 'the consent was made in this version of the standard',
      expected: site.version.id,
      actual: consent.standard,
      remedy: 'Use the API version in which the consent was lodged.',
    },
    consent.standard === site.version.id,
    () => new SandbankError('consent.not-found', 'The consent was not made in this version of the API.'),
  );
  expectThat(
    trace,
    {
      name: 'the consent is of the kind that the operation needs',
      expected: access.consent,
      actual: consent.subject.kind,
    },
    consent.subject.kind === access.consent,
    () => new SandbankError('token.wrong-grant', 'The consent is of another kind.', { expected: access.consent }),
  );
  // A repeated order meets the consent it has consumed itself: the write knows by its idempotency key, and refuses
  // any other with `consent.consumed`.
  const repeatable = consent.status === 'consumed' && operation.policy.idempotencyKey === 'required';
  expectThat(
    trace,
    {
      name: 'the consent is authorised and in force on the clock of the bank',
      expected: 'authorised',
      actual: consent.status,
      remedy: 'Send the customer through the authorization again, where needed with a new consent.',
    },
    consent.status === 'authorised' || repeatable,
    () => notInForce(consent),
  );
  exchange.consent = consent;
}

/** A consent that its client has deleted took its tokens with it: not a resource that is missing, but a dead token. */
async function consentBehind({ site }: Exchange, consentId: string, clientId: string): Promise<Consent> {
  try {
    return await site.bank.consents.get(consentId, { clientId });
  } catch (error) {
    if (!isSandbankError(error) || error.code !== 'consent.not-found') throw error;
    const details = { expected: 'a consent that was not deleted', actual: `${consentId} is gone` };
    throw new SandbankError('token.revoked', 'The consent of the access token was deleted.', details, { cause: error });
  }
}

const ENDED: Partial<Readonly<Record<Consent['status'], ErrorCode>>> = {
  expired: 'consent.expired',
  revoked: 'consent.revoked',
  consumed: 'consent.consumed',
};

export function notInForce(consent: Consent): SandbankError {
  return new SandbankError(ENDED[consent.status] ?? 'consent.wrong-status', `The consent is ${consent.status}.`, {
    expected: 'authorised',
    actual: consent.status,
  });
}

/** What an operation asks of the consent, however the caller was recognised. */
function demandOf({ access }: OperationPolicy) {
  if (access.grant === 'customer') return access;
  return access.grant === 'certificate' ? access.consent : undefined;
}

/** The customer agreed to the data that the operation reads. */
export function capabilitiesAreAgreed(exchange: Exchange): void {
  const { consent } = exchange;
  expectAgreed(exchange, consent?.subject.kind === 'account-access' ? consent.subject.capabilities : [], 'the consent');
}

/** And, where what was agreed differs from account to account, for the account in the path. */
export async function capabilitiesHoldOnAccount(exchange: Exchange): Promise<void> {
  const { site, operation, consent, params } = exchange;
  assert(operation, 'the operation is known');
  const parameter = demandOf(operation.policy)?.accountParameter;
  if (parameter === undefined || consent?.subject.kind !== 'account-access') return;
  const { choice = 'by-customer' } = consent.subject;
  if (choice === 'by-customer' || choice === 'all') return;
  const account = await site.bank.accounts.get(params[parameter] ?? '');
  expectAgreed(exchange, capabilitiesOn(consent, account), 'the consent on this account');
}

function expectAgreed(exchange: Exchange, agreed: readonly Capability[], where: string): void {
  const { operation } = exchange;
  assert(operation, 'the operation is known');
  const demand = demandOf(operation.policy);
  if (!demand) return;
  const { allOf = [], anyOf = [] } = demand;
  expectCapabilities(exchange, {
    name: `${where} has every capability that the operation needs`,
    wanted: allOf,
    agreed,
    holds: allOf.every((capability) => agreed.includes(capability)),
  });
  expectCapabilities(exchange, {
    name: `${where} has one of the capabilities that the operation needs`,
    wanted: anyOf,
    agreed,
    holds: anyOf.length === 0 || anyOf.some((capability) => agreed.includes(capability)),
  });
}

function expectCapabilities(
  { trace }: Exchange,
  claim: { name: string; wanted: readonly Capability[]; agreed: readonly Capability[]; holds: boolean },
): void {
  if (claim.wanted.length === 0) return;
  expectThat(
    trace,
    {
      name: claim.name,
      expected: claim.wanted.join(', '),
      actual: claim.agreed.join(', ') || 'none',
      remedy: 'Lodge a consent that asks for this data, and have the customer authorise it.',
    },
    claim.holds,
    () =>
      new SandbankError('consent.capability-missing', 'The consent does not cover this data.', {
        expected: claim.wanted.join(', '),
      }),
  );
}

/** The account in the path is one the customer chose. An account that this bank does not have is told apart. */
export async function accountIsCovered(exchange: Exchange): Promise<void> {
  const { trace, site, operation, consent, params } = exchange;
  assert(operation, 'the operation is known');
  const demand = demandOf(operation.policy);
  if (demand?.accountParameter === undefined) return;
  const wanted = params[demand.accountParameter] ?? '';
  const covered = (consent?.accounts ?? [])
    .filter((account) => account.unlinkedAt === undefined)
    .map((account) => account.accountId);
  const isCovered = covered.includes(wanted);
  if (!isCovered) {
    await recording(trace, { name: 'the account exists at this bank', expected: wanted }, () =>
      site.bank.accounts.get(wanted),
    );
  }
  expectThat(
    trace,
    {
      name: 'the consent covers the account',
      expected: covered.join(', ') || 'no account',
      actual: wanted,
      remedy: 'Use an account id from the list of accounts of this consent.',
    },
    isCovered,
    () =>
      new SandbankError('consent.account-not-covered', 'The consent does not cover this account.', { actual: wanted }),
  );
}
