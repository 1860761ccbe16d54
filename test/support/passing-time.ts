import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Sandbox } from '../../src/index.js';

/** What lives on wall time and ends by itself, as the authorization server calls it. */
const SHORT_LIVED = ['AuthorizationCode', 'PushedAuthorizationRequest', 'Interaction'];

/**
 * As if so much wall time had passed since everything short-lived was made: codes, pushed requests, visits and one-time
 * codes. Nobody waits, and the business clock does not move.
 */
export function letWallTimePass(sandbox: Sandbox, seconds: number): void {
  const database = new DatabaseSync(join(dirname(sandbox.status.caFile), 'sandbank.db'));
  try {
    database
      .prepare(
        `UPDATE oidc_artefacts SET
           wall_expires_at = wall_expires_at - ?,
           payload = json_set(payload, '$.exp', payload ->> '$.exp' - ?, '$.iat', payload ->> '$.iat' - ?)
         WHERE model IN (${SHORT_LIVED.map(() => '?').join()})`,
      )
      .run(seconds * 1_000, seconds, seconds, ...SHORT_LIVED);
    database.prepare('UPDATE authorisations SET code_expires_at = code_expires_at - ?').run(seconds * 1_000);
  } finally {
    database.close();
  }
}
