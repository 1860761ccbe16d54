import { describe, expect, test } from '@jest/globals';

import { bankMigrations, createBank } from '../../src/bank/index.js';
import { createClock, createIdScheme } from '../../src/kernel/index.js';
import { countersMigrations, type ModuleMigrations } from '../../src/storage/index.js';
import { openTemporaryStorage, PROFILE, START } from './sample-bank.js';

/** The tables as the first release made them. */
const FIRST: readonly ModuleMigrations[] = bankMigrations.map(({ module, steps }) => ({
  module,
  steps: Object.fromEntries(Object.entries(steps).filter(([name]) => name.startsWith('001'))),
}));

describe('a database of an earlier release', () => {
  test('is read and written on by this one', async () => {
    const { storage, close } = await openTemporaryStorage();
    await storage.migrate([countersMigrations, ...FIRST]);
    const subject = JSON.stringify({ kind: 'account-access', capabilities: ['balances'], recurring: true });
    await storage.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO consents (id, bank, client_id, standard, subject, status, reason_actor, reason_code, created_at,
           status_at, reauthorisable, wire, version)
         VALUES ('old', 'bramble', 'tpp', 'x', ?, 'requested', 'client', 'created', 1, 1, 1, '{}', 1)`,
        [subject],
      );
      await tx.run(
        `INSERT INTO authorisations (id, bank, consent_id, consent_version, mode, status, accounts, created_at,
           attempts_left)
         VALUES ('run', 'bramble', 'old', 1, 'redirect', 'received', '[]', 1, 5)`,
      );
      await tx.run(
        `INSERT INTO messages (id, bank, party_id, channel, sent_at, subject, body)
         VALUES ('m', 'bramble', 'amelia', 'sms', 1, 's', 'b')`,
      );
    });
    await storage.migrate([countersMigrations, ...bankMigrations]);
    const clock = createClock({ mode: 'frozen', at: START });
    const bank = createBank({ profile: PROFILE, storage, clock, ids: createIdScheme('old') });
    expect(await bank.consents.get('old')).toMatchObject({ execution: 'by-client', status: 'requested' });
    expect(await bank.consents.authorisation('run')).toMatchObject({ purpose: 'consent', status: 'received' });
    expect(await bank.messages.inbox('amelia')).toMatchObject([{ body: 'b' }]);
    await bank.consents.identify('run', '1001');
    expect((await bank.consents.authorisationsOf('old')).map(({ status }) => status)).toEqual(['psu-identified']);
    await close();
  });
});
