import { createHash } from 'node:crypto';

import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWK } from 'jose';

import { MS_PER_SECOND, SandbankError, type Clock } from '../kernel/index.js';
import type { Artefacts } from './artefacts/artefacts.js';
import { recordCheck, type CheckRecorder } from './checks.js';

/** How far a proof's `iat` may be from wall time, either way. */
const WINDOW_SECONDS = 300;
const ALGORITHMS = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];

export interface ProofInput {
  readonly proof: string | undefined;
  readonly token: string;
  readonly keyThumbprint: string;
  readonly method: string;
  readonly url: string;
}

/** Checks DPoP proofs of resource requests (RFC 9449 4.3), with the same replay memory as the token endpoint. */
export function createProofChecker(options: {
  readonly artefacts: Pick<Artefacts, 'rememberOnce'>;
  readonly wall: Clock;
  readonly recorder: CheckRecorder;
}): { check(input: ProofInput): Promise<void> } {
  const { artefacts, wall, recorder } = options;
  const refuse = (name: string, expected: string, actual: string): never => {
    recordCheck(recorder, false, {
      name,
      expected,
      actual,
      clause: 'RFC 9449 4.3',
      remedy: 'Send a fresh DPoP proof.',
    });
    throw new SandbankError('token.wrong-certificate', 'The DPoP proof does not match the token.', {
      expected,
      actual,
    });
  };
  return {
    async check(input) {
      if (input.proof === undefined) return refuse('a DPoP proof is sent', 'header DPoP', 'none');
      const { payload, jwk } = await open(input.proof).catch((error: unknown) =>
        refuse(
          'the DPoP proof is signed by its own key',
          'a dpop+jwt',
          error instanceof Error ? error.message : 'unreadable',
        ),
      );
      const thumbprint = await calculateJwkThumbprint(jwk);
      const now = Math.floor(wall.now() / MS_PER_SECOND);
      const ath = createHash('sha256').update(input.token).digest('base64url');
      const claims: readonly (readonly [string, boolean, string, string])[] = [
        [
          'the token is bound to the key of the proof',
          thumbprint === input.keyThumbprint,
          input.keyThumbprint,
          thumbprint,
        ],
        ['the proof is for this method', payload['htm'] === input.method, input.method, String(payload['htm'])],
        [
          'the proof is for this address',
          isSameAddress(payload['htu'], input.url),
          withoutQuery(input.url),
          String(payload['htu']),
        ],
        ['the proof is for this token', payload['ath'] === ath, 'ath of the token', 'another ath'],
        [
          'the proof is fresh',
          typeof payload.iat === 'number' && Math.abs(now - payload.iat) <= WINDOW_SECONDS,
          `iat within ${WINDOW_SECONDS} s of ${now}`,
          String(payload.iat),
        ],
      ];
      for (const [name, holds, expected, actual] of claims) if (!holds) return refuse(name, expected, actual);
      const { jti } = payload;
      if (typeof jti !== 'string' || jti === '') return refuse('the proof has a jti', 'a unique jti', 'none');
      const unique = await artefacts.rememberOnce(`dpop:${thumbprint}:${jti}`, now + 2 * WINDOW_SECONDS);
      if (!unique) return refuse('the proof was not used before', 'a new jti', 'a jti seen before');
      recordCheck(recorder, true, { name: 'the DPoP proof holds', actual: thumbprint, clause: 'RFC 9449 4.3' });
    },
  };
}

async function open(
  proof: string,
): Promise<{ payload: Record<string, unknown> & { iat?: number; jti?: string }; jwk: JWK }> {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ALGORITHMS });
  return { payload, jwk: protectedHeader.jwk as JWK };
}

function isSameAddress(htu: unknown, url: string): boolean {
  return typeof htu === 'string' && URL.canParse(htu) && withoutQuery(htu) === withoutQuery(url);
}

function withoutQuery(url: string): string {
  const parsed = new URL(url);
  parsed.search = '';
  parsed.hash = '';
  return parsed.href;
}
