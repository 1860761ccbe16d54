/**
 * Durable payments: each order is signed, idempotent, consented, booked double and logged in one transaction that is on the
 * disk before it is answered. Beside it, what the engine can commit at most: one row at a time, as durably.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { FlattenedSign, importPKCS8 } from 'jose';

import { createLoad, median, percentile } from './load.mjs';
import { createCaller, startSandbank } from './world.mjs';

const CONNECTIONS = 8;

export async function benchPayments({ folder, rounds, payments }) {
  const ours = await startSandbank(join(folder, 'payments'), { args: ['--seed', '1'] });
  const caller = await createCaller({ status: ours.ready, customer: ({ persona }) => persona === 'freelancer' });
  const load = createLoad(new URL(caller.baseUrl).origin, { connections: CONNECTIONS, connect: caller.connect });
  const commits = engineCommits(join(folder, 'commits.db'));
  const figures = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const orders = [];
      for (let index = 0; index < payments; index += 1) orders.push(await preparedOrder(caller));
      const perCommit = commits(500);
      let next = 0;
      const before = await ours.usage();
      const done = await load.run({ requests: payments, next: () => orders[next++] });
      const after = await ours.usage();
      figures.push({
        perSecond: done.perSecond,
        commitsPerSecond: perCommit,
        cpuUs: (after.cpuUs - before.cpuUs) / payments,
        p50: percentile(done.latencies, 0.5),
      });
    }
  } finally {
    await load.close();
    await caller.close();
    await ours.stop();
  }
  // The first round warms up.
  const of = (key) => median(figures.slice(1).map((one) => one[key]));
  return { perSecond: of('perSecond'), commitsPerSecond: of('commitsPerSecond'), cpuUs: of('cpuUs'), p50: of('p50') };
}

/** How many single rows the engine commits in a second, with the settings that the ledger has. */
function engineCommits(file) {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, text)',
  );
  const insert = database.prepare('INSERT INTO rows (text) VALUES (?)');
  return (count) => {
    const began = performance.now();
    for (let index = 0; index < count; index += 1) insert.run('one row of a hundred bytes or so '.repeat(3));
    return count / ((performance.now() - began) / 1_000);
  };
}

/** Consent and approval are made beforehand, and the body is signed: what is measured is the order alone. */
async function preparedOrder(caller) {
  const { party, customer, baseUrl } = caller;
  const initiation = {
    InstructionIdentification: `B-${crypto.randomUUID().slice(0, 20)}`,
    EndToEndIdentification: 'BENCH-1',
    InstructedAmount: { Amount: '0.01', Currency: 'GBP' },
    CreditorAccount: {
      SchemeName: 'UK.OBIE.SortCodeAccountNumber',
      Identification: customer.accounts[0].identification,
      Name: customer.name,
    },
    RemittanceInformation: { Unstructured: ['Bench'] },
  };
  const consent = await caller.lodge('/pisp/domestic-payment-consents', {
    token: await party.clientToken('payments'),
    sign: true,
    idempotencyKey: crypto.randomUUID(),
    body: { Data: { Initiation: initiation }, Risk: {} },
  });
  const token = await caller.approve(consent, 'payments', caller.payer);
  const body = JSON.stringify({ Data: { ConsentId: consent.Data.ConsentId, Initiation: initiation }, Risk: {} });
  return {
    method: 'POST',
    path: `${new URL(baseUrl).pathname}/pisp/domestic-payments`,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json; charset=utf-8',
      'x-idempotency-key': crypto.randomUUID(),
      'x-jws-signature': await signed(body, caller.tpp),
    },
    body,
  };
}

async function signed(body, tpp) {
  const claim = (name) => `http://openbanking.org.uk/${name}`;
  const claims = [claim('iat'), claim('iss'), claim('tan')];
  const jws = await new FlattenedSign(new TextEncoder().encode(body))
    .setProtectedHeader({
      alg: 'PS256',
      kid: tpp.signing.kid,
      typ: 'JOSE',
      [claims[0]]: Math.floor(Date.now() / 1_000),
      [claims[1]]: `${tpp.organisationId}/${tpp.softwareId}`,
      [claims[2]]: 'localhost',
      crit: claims,
    })
    .sign(await importPKCS8(tpp.signing.privateKeyPem, 'PS256'), {
      crit: Object.fromEntries(claims.map((name) => [name, true])),
    });
  return `${jws.protected}..${jws.signature}`;
}
