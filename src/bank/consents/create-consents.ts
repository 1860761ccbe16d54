import { SandbankError, type Instant } from '../../kernel/index.js';
import { nextId, type SqlTransaction } from '../../storage/index.js';
import { findWrite, rememberWrite } from '../idempotency/index.js';
import { createJourney } from './authorisations.js';
import { changeStatus, readConsent, type ConsentsOptions } from './change-consent.js';
import { insertConsent, insertEvidence, selectEvidence, toStoredConsent, type ConsentRow } from './consent-rows.js';
import { advanceConsent } from './consent-transitions.js';
import type { Consent, ConsentActor, ConsentStatusReason, NewConsent } from './consent.js';
import type { Consents } from './consents.js';
import { readMark, setReadMark } from './read-marks.js';
import { recordAccess } from './record-access.js';
import { refuseUnsound } from './soundness.js';

/** Consents of one bank, in its database. */
export function createConsents(options: ConsentsOptions): Consents {
  const { storage, clock } = options;
  const bank = options.bank.id;
  const list = async (column: 'client_id' | 'party_id', value: string): Promise<readonly Consent[]> => {
    const rows = await storage.read.all<ConsentRow>(
      `SELECT * FROM consents WHERE bank = ? AND ${column} = ? AND deleted_at IS NULL ORDER BY sequence DESC`,
      [bank, value],
    );
    const now = clock.now();
    return Promise.all(rows.map(async (row) => (await toStoredConsent(storage.read, row, now)).consent));
  };

  return {
    ...createJourney(options),
    create: (input, idempotency) =>
      storage.transaction(async (tx) => {
        if (!idempotency) return { value: await createOne(tx, options, input), replayed: false };
        const write = { bank, kind: 'consent', idempotency };
        const known = await findWrite(tx, write, clock.now());
        if (known !== undefined) return { value: (await readConsent(tx, options, known)).consent, replayed: true };
        const value = await createOne(tx, options, input);
        await rememberWrite(tx, write, value.id);
        return { value, replayed: false };
      }),
    async get(id, { clientId } = {}) {
      const { consent } = await readConsent(storage.read, options, id);
      if (clientId !== undefined && consent.clientId !== clientId) {
        throw new SandbankError('consent.of-another-client', 'This consent was made by another client.', {
          actual: id,
        });
      }
      return consent;
    },
    listByClient: (clientId) => list('client_id', clientId),
    listByParty: (partyId) => list('party_id', partyId),
    evidence: (id) => selectEvidence(storage.read, id),
    revoke: (id, actor, { keep = false } = {}) =>
      storage.transaction((tx) => revokeOne(tx, options, { id, actor, keep })),
    async consume(tx, id, boundTo) {
      const { consent, boundTo: agreed } = await readConsent(tx, options, id);
      const status = advanceConsent(consent, 'consume');
      if (agreed !== boundTo) {
        throw new SandbankError('consent.mismatch', 'The payment is not the one that the customer approved.', {
          expected: agreed ?? 'an approval bound to amount and payee',
          actual: boundTo,
        });
      }
      const change = {
        status,
        reason: { actor: 'client', code: 'consumed' },
        what: 'consumed',
        channel: 'api',
      } as const;
      return changeStatus(tx, options, { consent, change });
    },
    recordAccess: (id, access) => storage.transaction((tx) => recordAccess(tx, options, { id, access })),
    readMark: (id, resource) => readMark(storage.read, { id, resource }),
    setReadMark: (id, resource, mark) => storage.transaction((tx) => setReadMark(tx, { id, resource, mark })),
    async callBack(tx, id, actor) {
      const { consent } = await readConsent(tx, options, id);
      const change = {
        status: advanceConsent(consent, 'cancel'),
        reason: { actor, code: 'cancelled' },
        what: 'cancelled',
        channel: actor === 'client' ? 'api' : 'bank',
      } as const;
      return changeStatus(tx, options, { consent, change });
    },
    expireDue: (now) => storage.transaction((tx) => expireAll(tx, options, now)),
  };
}

async function createOne(tx: SqlTransaction, options: ConsentsOptions, input: NewConsent): Promise<Consent> {
  const at = options.clock.now();
  await refuseUnsound(tx, options, input);
  const consent: Consent = {
    ...input,
    execution: input.execution ?? 'by-client',
    id: await nextId(tx, options.ids, 'consent'),
    bank: options.bank.id,
    status: 'requested',
    statusReason: { actor: 'client', code: 'created' },
    createdAt: at,
    statusAt: at,
    accounts: [],
  };
  await insertConsent(tx, consent);
  await insertEvidence(tx, consent.id, { at, actor: 'client', what: 'created', channel: 'api' });
  const data = { clientId: consent.clientId, kind: consent.subject.kind, standard: consent.standard };
  await options.events.append(tx, { type: 'consent.created', subject: consent.id, at, data });
  return consent;
}

const REVOKED_BY: Readonly<Record<ConsentActor, ConsentStatusReason['code']>> = {
  psu: 'revoked-by-psu',
  client: 'revoked-by-client',
  bank: 'revoked-by-bank',
  operator: 'revoked-by-bank',
  clock: 'expired',
};

async function revokeOne(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, actor, keep }: { readonly id: string; readonly actor: ConsentActor; readonly keep: boolean },
): Promise<void> {
  const { consent } = await readConsent(tx, options, id);
  const isDeletion = actor === 'client' && !keep;
  // A client may delete what has ended already; a payment that was agreed to stays.
  const isOver = isDeletion && ['revoked', 'rejected', 'expired'].includes(consent.status);
  const status = isOver ? consent.status : advanceConsent(consent, 'revoke');
  const what = isDeletion ? 'deleted' : 'revoked';
  const reason = { actor, code: REVOKED_BY[actor] };
  const channel = actor === 'client' ? 'api' : 'bank';
  await changeStatus(tx, options, { consent, change: { status, reason, what, channel, isDeletion } });
}

async function expireAll(tx: SqlTransaction, options: ConsentsOptions, now: Instant): Promise<number> {
  const rows = await tx.all<ConsentRow>(
    `SELECT * FROM consents WHERE bank = ? AND expires_at <= ? AND deleted_at IS NULL
       AND status IN ('awaiting-upload', 'requested', 'partially-authorised', 'authorised', 'suspended')
     UNION
     SELECT * FROM consents WHERE bank = ? AND sign_until <= ? AND deleted_at IS NULL
       AND status = 'partially-authorised'
     ORDER BY sequence`,
    [options.bank.id, now, options.bank.id, now],
  );
  for (const row of rows) {
    const { consent } = await toStoredConsent(tx, row, now);
    const reason = { actor: 'clock', code: 'expired' } as const;
    const change = { status: 'expired', reason, what: 'expired', channel: 'clock', at: consent.statusAt } as const;
    await changeStatus(tx, options, { consent, change });
  }
  return rows.length;
}
