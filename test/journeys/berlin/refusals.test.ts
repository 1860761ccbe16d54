import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { newBerlinParty, refusalOf } from '../../support/berlin-party.js';
import { openBerlinStage } from '../../support/berlin-stage.js';
import { prepare, type Refused } from './refusals.js';
import { TABLE } from './refusal-table.js';

let stage: Refused;
beforeAll(async () => {
  const opened = await openBerlinStage();
  stage = await prepare(opened, await newBerlinParty(opened.sandbox, { name: 'Leuchtturm Zahlungen' }));
}, 120_000);
afterAll(async () => {
  await stage?.stranger.close();
  await stage?.close();
});

describe.each(TABLE)('%s refuses, over the wire', (_service, rows) => {
  test.each(rows.map(({ told, what, call }) => [told, what, call] as const))('%s: %s', async (told, _what, call) => {
    const answer = await call(stage);
    expect(refusalOf(answer)).toBe(told);
    for (const message of answer.body?.tppMessages ?? []) {
      expect(message).toMatchObject({ category: 'ERROR', text: expect.any(String) });
    }
    expect(answer.text).not.toMatch(/node_modules|at \w+ \(|SELECT /);
  });
});
