import { afterAll, beforeAll, describe, test } from '@jest/globals';

import { authenticationRows } from './authentication-rows.js';
import { authorizationRows } from './authorization-rows.js';
import { journeyRows } from './journey-rows.js';
import { paymentRows } from './payment-rows.js';
import { registrationRows } from './registration-rows.js';
import { refuse, type NegativeRow } from './table.js';
import { resourceRows } from './resource-rows.js';
import { tokenRows } from './token-rows.js';
import { timeRows } from './time-rows.js';
import { openWorld, type World } from './world.js';

/** Every group of the table, in an order that matters only for the last: it moves the clock. */
const TABLE: Readonly<Record<string, readonly NegativeRow[]>> = {
  'client authentication': authenticationRows,
  registration: registrationRows,
  'authorization requests': authorizationRows,
  'codes and tokens': tokenRows,
  accounts: resourceRows,
  payments: paymentRows,
  'the journey of the customer': journeyRows,
  'what has expired': timeRows,
};

describe('what a bank refuses', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);

  afterAll(async () => {
    await world?.close();
  });

  for (const [group, rows] of Object.entries(TABLE)) {
    describe(group, () => {
      test.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
        await refuse(world, row);
      });
    });
  }
});
