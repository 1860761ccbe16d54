import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { REDIRECT, refusalOf } from '../../support/berlin-party.js';
import { openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { initiation, standingOrder } from './orders.js';

let stage: BerlinStage;
let visits = 0;
const elsewhere = createServer((_request, response) => {
  visits += 1;
  response.end('secret');
});
beforeAll(async () => {
  stage = await openBerlinStage();
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve);
  });
}, 120_000);
afterAll(async () => {
  elsewhere.close();
  await stage?.close();
});

const address = (): string => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/x`;
const order = (): string => initiation(stage);
const withDoctype = (declarations: string, xml: string): string =>
  xml.replace('<Document', `<!DOCTYPE Document [${declarations}]>\n<Document`);

const BOMB = [
  '<!ENTITY a0 "ha">',
  ...Array.from({ length: 9 }, (_none, level) => `<!ENTITY a${level + 1} "${`&a${level};`.repeat(10)}">`),
].join('');

const HOSTILE: readonly [string, () => string, string][] = [
  ['an entity bomb', () => withDoctype(BOMB, order().replace('Bestellung 2041', '&a9;')), '400 FORMAT_ERROR'],
  [
    'an external entity',
    () => withDoctype(`<!ENTITY x SYSTEM "${address()}">`, order().replace('Bestellung 2041', '&x;')),
    '400 FORMAT_ERROR',
  ],
  [
    'a file as an entity',
    () => withDoctype('<!ENTITY x SYSTEM "file:///etc/hostname">', order().replace('Bestellung 2041', '&x;')),
    '400 FORMAT_ERROR',
  ],
  [
    'an external parameter entity',
    () => withDoctype(`<!ENTITY % x SYSTEM "${address()}"> %x;`, order()),
    '400 FORMAT_ERROR',
  ],
  [
    'an external document type',
    () => order().replace('<Document', `<!DOCTYPE Document SYSTEM "${address()}"><Document`),
    '400 FORMAT_ERROR',
  ],
  ['a depth of ten thousand', () => '<a>'.repeat(10_000) + '</a>'.repeat(10_000), '400 FORMAT_ERROR'],
  [
    'ten thousand attributes',
    () => `<a ${Array.from({ length: 10_000 }, (_none, at) => `b${at}=""`).join(' ')}/>`,
    '400 FORMAT_ERROR',
  ],
  ['an attribute of ten megabytes', () => `<a b="${'c'.repeat(10_000_000)}"/>`, '413'],
  ['an attribute of a hundred kilobytes', () => `<a b="${'c'.repeat(100_000)}"/>`, '400 FORMAT_ERROR'],
  ['more elements than any order has', () => `<a>${'<b/>'.repeat(70_000)}</a>`, '413'],
  ['a section of raw text', () => order().replace('Bestellung 2041', '<![CDATA[Bestellung]]>'), '400 FORMAT_ERROR'],
  [
    'an instruction to the processor',
    () => order().replace('<Document', '<?xml-stylesheet href="x"?><Document'),
    '400 FORMAT_ERROR',
  ],
  ['no XML at all', () => '%PDF-1.7', '400 FORMAT_ERROR'],
  ['half an order', () => order().slice(0, 400), '400 FORMAT_ERROR'],
];

describe('hostile XML', () => {
  test.each(HOSTILE)('%s is refused, and nothing is fetched', async (_what, xmlOf, refused) => {
    const xml = xmlOf();
    const path = '/v1/payments/pain.001-sepa-credit-transfers';
    const answer = await stage.party.ask('POST', path, { xml, headers: REDIRECT });
    expect([refusalOf(answer), visits]).toEqual([refused, 0]);
  });

  test('nor does it pass as the part of a periodic payment', async () => {
    const order = standingOrder(withDoctype(BOMB, initiation(stage)), {
      startDate: '2026-07-01',
      frequency: 'Monthly',
    });
    const answer = await stage.party.ask('POST', '/v1/periodic-payments/pain.001-sepa-credit-transfers', {
      xml: order.xml,
      headers: { ...REDIRECT, 'content-type': order.contentType },
    });
    expect(refusalOf(answer)).toBe('400 FORMAT_ERROR');
  });

  test('the bank goes on as if nothing had been', async () => {
    const answer = await stage.party.ask('POST', '/v1/payments/pain.001-sepa-credit-transfers', {
      xml: order(),
      headers: REDIRECT,
    });
    expect(answer.status).toBe(201);
  });
});
