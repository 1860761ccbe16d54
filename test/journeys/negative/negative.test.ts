import { afterAll, beforeAll, describe, test } from '@jest/globals';

import { accessConsentRows } from './access-consent-rows.js';
import { authenticationRows } from './authentication-rows.js';
import { journeyRows } from './journey-rows.js';
import { messageSignatureRows } from './message-signature-rows.js';
import { paymentAbroadRows } from './payment-abroad-rows.js';
import { paymentConsentRows } from './payment-consent-rows.js';
import { paymentOrderRows } from './payment-order-rows.js';
import { pushedRequestRows } from './pushed-request-rows.js';
import { registrationManagementRows } from './registration-management-rows.js';
import { registrationRows } from './registration-rows.js';
import { requestObjectRows } from './request-object-rows.js';
import { resourceRows } from './resource-rows.js';
import { refuse, type NegativeRow } from './table.js';
import { timeRows } from './time-rows.js';
import { tokenRows } from './token-rows.js';
import { openWorld, type World } from './world.js';

/** Every group of the table, in an order that matters only for the last: it moves the clock. */
const TABLE: Readonly<Record<string, readonly NegativeRow[]>> = {
  'client authentication': authenticationRows,
  registration: registrationRows,
  'the management of a registration': registrationManagementRows,
  'request objects': requestObjectRows,
  'pushed requests': pushedRequestRows,
  'codes and tokens': tokenRows,
  'reading accounts': resourceRows,
  'lodging consents': accessConsentRows,
  'signing messages': messageSignatureRows,
  'lodging payments': paymentConsentRows,
  'lodging payments abroad': paymentAbroadRows,
  'ordering payments': paymentOrderRows,
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
