import { isSandbankError, SandbankError } from '../../kernel/index.js';
import type { Authorisation, Consent } from '../../bank/index.js';
import type { Call } from '../standard.js';
import { psuIdOf } from './authorising.js';
import { notConsistent, notSupported, refusal } from './refusals.js';

/** What a third party sends to a run: told by the one member of the body (1.3.12, 7.2 to 7.4). */
export type Step =
  | { readonly kind: 'identification' }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'method'; readonly methodId: string }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'confirmation'; readonly code: string };

const MEMBERS = ['psuData', 'authenticationMethodId', 'scaAuthenticationData', 'confirmationCode'] as const;

/** The alternatives of the document let any object pass, so that members and their types are checked here. */
export function readStep(body: unknown): Step {
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>;
  const given = MEMBERS.filter((name) => fields[name] !== undefined);
  const [name] = given;
  if (given.length > 1) throw notConsistent('', `One step at a time: ${given.join(' and ')} are two.`);
  if (name === undefined) return { kind: 'identification' };
  switch (name) {
    case 'psuData':
      return { kind: 'password', password: passwordIn(fields[name]) };
    case 'authenticationMethodId':
      return { kind: 'method', methodId: textOf(fields[name], name) };
    case 'scaAuthenticationData':
      return { kind: 'code', code: textOf(fields[name], name) };
    case 'confirmationCode':
      return { kind: 'confirmation', code: textOf(fields[name], name) };
  }
}

/** Takes a step of a run. Secrets of the customer belong to the embedded approach alone. */
export async function takeStep(call: Call, run: Authorisation, step: Step): Promise<Authorisation> {
  if (step.kind === 'confirmation') return confirm(call, run, step.code);
  if (step.kind !== 'identification' && run.mode !== 'embedded') {
    throw new SandbankError('authorisation.wrong-state', 'The customer authenticates at the bank, not here.', {
      expected: 'an embedded authorisation',
      actual: run.mode,
    });
  }
  const { consents } = call.bank;
  switch (step.kind) {
    case 'identification':
      return identify(call, run);
    case 'password': {
      const customerNumber = psuIdOf(call);
      if (customerNumber === undefined && run.status === 'received') throw psuIdMissing();
      return consents.authenticate(run.id, {
        password: step.password,
        ...(customerNumber !== undefined && { customerNumber }),
      });
    }
    case 'method':
      return selectMethod(call, run, step.methodId);
    case 'code': {
      const answered = await consents.answerChallenge(run.id, step.code);
      await consents.approve(run.id, shownTo(await consents.get(run.consentId)));
      return answered;
    }
  }
}

/** Proves that the browser of the customer came back to the third party that sent it. */
async function confirm(call: Call, run: Authorisation, code: string): Promise<Authorisation> {
  if (run.needsConfirmation !== true) throw nothingToConfirm();
  try {
    return await call.bank.consents.confirm(run.id, code);
  } catch (error) {
    // Unlike a code of the customer, which is a credential, this one is the third party's.
    if (!isSandbankError(error) || error.code !== 'challenge.invalid') throw error;
    const { attemptsLeft } = error.details;
    throw refusal('field.invalid', 'SCA_INVALID', {
      message: `${error.message} Tries left: ${String(attemptsLeft)}.`,
      path: 'confirmationCode',
    });
  }
}

export function nothingToConfirm(): SandbankError {
  return notSupported(
    'confirmationCode',
    'This authorisation takes no confirmation code: it ends with what the customer does.',
  );
}

async function identify(call: Call, run: Authorisation): Promise<Authorisation> {
  const customerNumber = psuIdOf(call);
  if (customerNumber === undefined) throw psuIdMissing();
  const identified = await call.bank.consents.identify(run.id, customerNumber);
  return run.mode === 'decoupled' ? call.bank.consents.sendChallenge(run.id) : identified;
}

async function selectMethod(call: Call, run: Authorisation, methodId: string): Promise<Authorisation> {
  try {
    return await call.bank.consents.selectMethod(run.id, methodId);
  } catch (error) {
    if (!isSandbankError(error) || error.details.path !== 'methodId') throw error;
    throw refusal('field.invalid', 'SCA_METHOD_UNKNOWN', {
      message: 'The customer has no such method.',
      path: 'authenticationMethodId',
      actual: methodId,
    });
  }
}

/** What the third party had to show its customer before it asked for her code: evidence of what was agreed. */
function shownTo({ subject, id }: Consent): string {
  return `embedded at the third party: ${subject.kind} ${id}`;
}

function passwordIn(psuData: unknown): string {
  const data = typeof psuData === 'object' && psuData !== null ? (psuData as Readonly<Record<string, unknown>>) : {};
  const other = Object.keys(data).find((name) => name !== 'password');
  if (other !== undefined) throw notSupported(`psuData.${other}`, 'This bank takes one password, not encrypted.');
  return textOf(data['password'], 'psuData.password');
}

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new SandbankError('field.invalid', `${path} is a text.`, { path, expected: 'a text' });
}

function psuIdMissing(): SandbankError {
  return new SandbankError('header.missing', 'Who the customer is stands in PSU-ID.', { path: 'PSU-ID' });
}
