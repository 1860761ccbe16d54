import { seconds, strangersKeyPem } from '../../support/forged-jwt.js';
import { bodyOf, postPaymentConsent } from '../../support/uk-bank.js';
import { serialOf } from './certificates.js';
import { carriesOut, claim, CONSENTS, lodges, plan, post, signature, TRANSFER, u } from './payment-requests.js';
import type { NegativeRow } from './table.js';

const signatureRows: readonly NegativeRow[] = [
  lodges(
    'a payment consent without a signature is refused',
    { refused: u('U019'), because: signature },
    { signature: null },
  ),
  lodges(
    'a signature that is no JWS is refused',
    { refused: u('U018'), because: signature },
    { signature: 'signed, the third party' },
  ),
  lodges(
    'a signature that carries the payload is refused',
    { refused: u('U018'), because: signature },
    { signature: 'eyJhbGciOiJQUzI1NiJ9.e30.c2ln' },
  ),
  lodges('a signature with b64 is refused', { refused: u('U018'), because: signature }, { header: { b64: true } }),
  lodges(
    'a signature over other bytes is refused',
    { refused: u('U015'), because: signature },
    { signedPayload: '{}' },
  ),
  lodges(
    'a signature by a stranger under the kid of the client is refused',
    { refused: u('U015'), because: signature },
    { keyPem: strangersKeyPem() },
  ),
  lodges(
    'a signature by a key nobody knows is refused',
    { refused: u('U016'), because: /signing key/ },
    { header: { kid: 'unknown' } },
  ),
  lodges(
    'a signature in the name of another is refused',
    { refused: u('U016'), because: /somebody.else/ },
    { header: { [claim('iss')]: 'somebody/else' } },
  ),
  lodges(
    'a signature from the future is refused',
    { refused: u('U016'), because: /a time in the past/ },
    { header: { [claim('iat')]: seconds(3_600) } },
  ),
  lodges(
    'a signature whose time is text is refused',
    { refused: u('U016'), because: /today/ },
    { header: { [claim('iat')]: 'today' } },
  ),
  lodges(
    'a signature with an empty trust anchor is refused',
    { refused: u('U017'), because: signature },
    { header: { [claim('tan')]: '' } },
  ),
  lodges(
    'a signature for another media type is refused',
    { refused: u('U016'), because: /text.plain/ },
    { header: { cty: 'text/plain' } },
  ),
  ...(['iat', 'iss', 'tan'] as const).map((name) =>
    lodges(
      `a signature without ${name} is refused`,
      { refused: u('U017'), because: signature },
      { header: { [claim(name)]: undefined } },
    ),
  ),
  lodges(
    'a signature that does not make its claims critical is refused',
    { refused: u('U016'), because: /exactly/ },
    { header: { crit: [claim('iat')] } },
  ),
  lodges(
    'a signature without crit is refused',
    { refused: u('U017'), because: signature },
    { header: { crit: undefined } },
  ),
  lodges(
    'a signature without kid is refused',
    { refused: u('U017'), because: signature },
    { header: { kid: undefined } },
  ),
  lodges(
    'a signature that calls itself unsigned is refused',
    { refused: u('U016'), because: /PS256/ },
    { header: { alg: 'none' } },
  ),
  lodges('an RS256 signature is refused', { refused: u('U016'), because: /PS256/ }, { header: { alg: 'RS256' } }),
];

const trustAnchorRow: NegativeRow = lodges(
  'a signature under another trust anchor is refused',
  { refused: u('U016'), because: /openbanking.example/ },
  { header: { [claim('tan')]: 'openbanking.example' } },
);

const retiredKeyRow: NegativeRow = {
  name: 'a signature by a key whose certificate was revoked is refused',
  given: async (world) => {
    const client = await world.thirdParty({ name: 'Retired Keys' });
    const token = await client.clientToken('payments');
    const { initiation } = await plan(world);
    await world.directory.revokeCertificate(serialOf(client.tpp.signing.certificatePem));
    return {
      send: post(world, { path: CONSENTS, token, client, body: { Data: { Initiation: initiation }, Risk: TRANSFER } }),
    };
  },
  refused: u('U016'),
  because: /signing key/,
};

const keyRows: readonly NegativeRow[] = [
  lodges(
    'a payment consent without an idempotency key is refused',
    { refused: u('U007'), because: /idempotency key/ },
    { key: null },
  ),
  lodges(
    'an idempotency key of 41 characters is refused',
    { refused: u('U006'), because: /idempotency key/ },
    { key: 'k'.repeat(41) },
  ),
  {
    name: 'an idempotency key does not stand for two payment consents',
    given: async (world) => {
      const first = await plan(world);
      bodyOf(await postPaymentConsent(world.lantern, first), 201);
      const second = { ...(await plan(world, '13.00')), consentKey: first.consentKey };
      const token = await world.lantern.clientToken('payments');
      return { send: () => postPaymentConsent(world.lantern, second, { token }) };
    },
    refused: { status: 422, uk: 'U029' },
    because: carriesOut,
  },
];

export const messageSignatureRows: readonly NegativeRow[] = [
  ...signatureRows,
  trustAnchorRow,
  retiredKeyRow,
  ...keyRows,
];
