import { expect } from '@jest/globals';

import { explanationOf, type RecordedCheck } from '../../support/explanations.js';
import { textOf } from '../../support/html-forms.js';
import type { ApiAnswer } from '../../support/third-party.js';
import type { World } from './world.js';

/**
 * How a bank says no: in the standard's words, in OAuth's, through the redirect, by staying
 * at a step of the journey, on a page of its own, or by status alone.
 */
export type Refusal =
  | { readonly status: number; readonly uk: string }
  | { readonly status: number; readonly oauth: string }
  | { readonly redirect: string }
  | { readonly status: 303; readonly step: string }
  | { readonly status: number; readonly page: string }
  | { readonly status: number; readonly empty: true };

/** The one request that is to be refused. Everything it needs has been made before. */
export interface Attempt {
  send(): Promise<ApiAnswer>;
  /** What must hold afterwards, beyond what holds for all rows. */
  readonly afterwards?: (answer: ApiAnswer) => Promise<void> | void;
}

export interface NegativeRow {
  /** A sentence. */
  readonly name: string;
  readonly given: (world: World) => Promise<Attempt>;
  readonly refused: Refusal;
  /** Found in the check that failed: a refusal for another reason proves nothing. */
  readonly because: RegExp;
  /** Tables that this refusal is meant to write to. */
  readonly writes?: readonly (string | RegExp)[];
}

/** Written for every request, refused or not: its record, and the proofs that must not be seen twice. */
const ALWAYS_WRITTEN: readonly RegExp[] = [
  /^request_records$/,
  /^counters\/request$/,
  /^oidc_artefacts\/ReplayDetection$/,
];

/** Makes the attempt and holds it against its row: status and code, nothing written, and an explanation on record. */
export async function refuse(world: World, row: NegativeRow): Promise<void> {
  const attempt = await row.given(world);
  const before = world.database.state();
  const answer = await attempt.send();
  const changed = world.database.changedSince(before);
  expect(seen(answer, row.refused, world)).toEqual(row.refused);
  const allowed = [...ALWAYS_WRITTEN, ...(row.writes ?? [])];
  const isAllowed = (table: string): boolean =>
    allowed.some((one) => (typeof one === 'string' ? one === table : one.test(table)));
  expect(changed.filter((table) => !isAllowed(table))).toEqual([]);
  await expectExplanation(world, { row, answer });
  await attempt.afterwards?.(answer);
}

function seen(answer: ApiAnswer, wanted: Refusal, world: World): unknown {
  const { status, text, body, headers } = answer;
  const told = { status, text: text.slice(0, 400), location: headers.get('location') };
  if ('redirect' in wanted) {
    const location = headers.get('location');
    if (status !== 303 || location === null) return told;
    const target = new URL(location, world.issuer);
    const parameters = new URLSearchParams(target.hash === '' ? target.search : target.hash.slice(1));
    if (target.origin === new URL(world.issuer).origin) return told;
    // RFC 9207: whom the refusal is from; and the state, without which the client cannot tell what it is about.
    expect([parameters.get('iss'), parameters.get('state'), parameters.get('code')]).toEqual([
      world.issuer,
      expect.any(String),
      null,
    ]);
    return { redirect: parameters.get('error') ?? told };
  }
  if ('step' in wanted) return { status, step: headers.get('location')?.split('/').at(-1) ?? told };
  if ('page' in wanted) {
    const code = textOf(text, 'error-code');
    return code === undefined ? told : { status, page: code };
  }
  if ('empty' in wanted) return text === '' ? { status, empty: true } : told;
  if ('oauth' in wanted) return { status, oauth: (body as { readonly error?: string } | undefined)?.error ?? told };
  const [first] = (body as { readonly Errors?: readonly { readonly ErrorCode: string }[] } | undefined)?.Errors ?? [];
  return { status, uk: first?.ErrorCode ?? told };
}

async function expectExplanation(
  world: World,
  { row, answer }: { readonly row: NegativeRow; readonly answer: ApiAnswer },
): Promise<void> {
  const interactionId = answer.headers.get('x-fapi-interaction-id');
  expect(interactionId).toMatch(/^[0-9a-f-]{36}$/);
  const { sandbox } = world;
  const record = await explanationOf(world.raw(), {
    sandbox,
    interactionId: interactionId ?? '',
    status: answer.status,
  });
  const failed = record.checks.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(shown).join('\n')).toMatch(row.because);
  const reason = failed.find((check) => row.because.test(shown(check)));
  expect(reason).toMatchObject({ name: expect.any(String), expected: expect.any(String), actual: expect.any(String) });
}

function shown({ name, expected, actual }: RecordedCheck): string {
  return `${name}: expected ${String(expected)}, but was ${String(actual)}`;
}
