import { gzipSync } from 'node:zlib';

import type { CallOptions } from '../../support/third-party.js';
import { PERMISSIONS } from '../../support/uk-bank.js';
import { calls, CONSENTS } from './resource-rows.js';
import type { NegativeRow, Refusal } from './table.js';

const malformed: Refusal = { status: 400, uk: 'U010' };
/** A consent request that is right but for what is changed. */
function lodges(
  name: string,
  expected: { readonly refused: Refusal; readonly because: RegExp },
  how: CallOptions | ((data: Readonly<Record<string, unknown>>) => unknown),
): NegativeRow {
  return calls(name, expected, async ({ lantern }) => ({
    path: CONSENTS,
    method: 'POST',
    token: await lantern.clientToken('accounts'),
    ...(typeof how === 'function' ? { body: how({ Permissions: PERMISSIONS }) } : how),
  }));
}

const good = JSON.stringify({ Data: { Permissions: PERMISSIONS }, Risk: {} });
const fits = /fits the document/;
const readable = /well-formed JSON/;

export const accessConsentRows: readonly NegativeRow[] = [
  lodges('a body that is no JSON is refused', { refused: malformed, because: readable }, { payload: '{"Data":' }),
  lodges(
    'an empty body is refused',
    { refused: malformed, because: readable },
    { payload: '', headers: { 'content-type': 'application/json' } },
  ),
  lodges(
    'a body that is a list is refused',
    { refused: { status: 400, uk: 'U002' }, because: fits },
    { payload: '[]' },
  ),
  lodges(
    'a body that is nested without end is refused',
    { refused: malformed, because: readable },
    { payload: `{"Data":${'['.repeat(10_000)}${']'.repeat(10_000)}}` },
  ),
  lodges(
    'a body with __proto__ is refused',
    { refused: malformed, because: readable },
    { payload: good.replace('"Risk"', '"__proto__":{"polluted":true},"Risk"') },
  ),
  lodges(
    'a body with a member twice is refused',
    { refused: malformed, because: readable },
    { payload: good.replace('"Risk"', '"Risk":{},"Risk"') },
  ),
  lodges(
    'a body with half a character is refused',
    { refused: malformed, because: readable },
    { payload: good.replace('ReadBalances', String.raw`Read\ud800`) },
  ),
  lodges(
    'a body beyond all numbers is refused',
    { refused: malformed, because: readable },
    { payload: good.replace('"Risk":{}', '"Risk":1e400') },
  ),
  lodges(
    'a body of two megabytes is refused',
    { refused: { status: 413, empty: true }, because: /too large/ },
    { payload: good + ' '.repeat(2_097_152) },
  ),
  lodges(
    'a body that is plain text is refused',
    { refused: { status: 415, empty: true }, because: /media type that the operation takes/ },
    { payload: good, headers: { 'content-type': 'text/plain' } },
  ),
  lodges(
    'a body in another character set is refused',
    { refused: { status: 415, empty: true }, because: /media type that the operation takes/ },
    { payload: good, headers: { 'content-type': 'application/json; charset=utf-16' } },
  ),
  lodges(
    'a form is refused',
    { refused: { status: 415, empty: true }, because: /media type that the operation takes/ },
    { payload: 'Data=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ),
  {
    name: 'a compressed body is refused',
    given: async (world) => {
      const token = await world.lantern.clientToken('accounts');
      return {
        send: () =>
          world.raw(world.lantern.tpp.transport).send(`${world.lantern.baseUrl}${CONSENTS}`, {
            method: 'POST',
            headers: {
              authorization: `Bearer ${token}`,
              'content-type': 'application/json',
              'content-encoding': 'gzip',
            },
            body: gzipSync(good),
          }),
      };
    },
    refused: { status: 415, empty: true },
    because: /not compressed/,
  },
  lodges('a consent without data is refused', { refused: { status: 400, uk: 'U004' }, because: fits }, () => ({
    Risk: {},
  })),
  lodges('a consent without Risk is refused', { refused: { status: 400, uk: 'U004' }, because: fits }, (Data) => ({
    Data,
  })),
  lodges('a consent without permissions is refused', { refused: { status: 400, uk: 'U004' }, because: fits }, () => ({
    Data: {},
    Risk: {},
  })),
  lodges(
    'a consent for nothing is refused',
    { refused: { status: 400, uk: 'U002' }, because: /fits the document|carries out/ },
    () => ({ Data: { Permissions: [] }, Risk: {} }),
  ),
  lodges(
    'a consent with a permission that does not exist is refused',
    { refused: { status: 400, uk: 'U002' }, because: fits },
    () => ({
      Data: { Permissions: ['ReadAccountsBasic', 'ReadEverything'] },
      Risk: {},
    }),
  ),
  lodges(
    'a consent without the list of accounts is refused',
    { refused: { status: 400, uk: 'U002' }, because: /carries out/ },
    () => ({ Data: { Permissions: ['ReadBalances'] }, Risk: {} }),
  ),
  lodges(
    'a consent for transactions of no direction is refused',
    { refused: { status: 400, uk: 'U002' }, because: /carries out/ },
    () => ({
      Data: { Permissions: ['ReadAccountsBasic', 'ReadTransactionsDetail'] },
      Risk: {},
    }),
  ),
  lodges(
    'a consent for credits of no detail is refused',
    { refused: { status: 400, uk: 'U002' }, because: /carries out/ },
    () => ({
      Data: { Permissions: ['ReadAccountsBasic', 'ReadTransactionsCredits'] },
      Risk: {},
    }),
  ),
  lodges(
    'a consent with a field nobody knows is refused',
    { refused: { status: 400, uk: 'U005' }, because: /fits the document|carries out/ },
    (Data) => ({
      Data: { ...Data, ExpirationDatetime: '2027-01-01T00:00:00Z' },
      Risk: {},
    }),
  ),
  lodges(
    'a consent that sets its own status is refused',
    { refused: { status: 400, uk: 'U005' }, because: /fits the document|carries out/ },
    (Data) => ({
      Data: { ...Data, Status: 'AUTH', ConsentId: 'mine' },
      Risk: {},
    }),
  ),
  lodges(
    'a consent until a day that never was is refused',
    { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ },
    (Data) => ({
      Data: { ...Data, ExpirationDateTime: '2027-02-30T00:00:00Z' },
      Risk: {},
    }),
  ),
  lodges(
    'a consent that ended before it began is refused',
    { refused: { status: 400, uk: 'U003' }, because: /carries out/ },
    (Data) => ({
      Data: { ...Data, ExpirationDateTime: '2026-06-15T00:00:00Z' },
      Risk: {},
    }),
  ),
  lodges(
    'a period of transactions that ends before it begins is refused',
    { refused: { status: 400, uk: 'U003' }, because: /carries out/ },
    (Data) => ({
      Data: { ...Data, TransactionFromDateTime: '2026-06-02T00:00:00Z', TransactionToDateTime: '2026-06-01T00:00:00Z' },
      Risk: {},
    }),
  ),
];
