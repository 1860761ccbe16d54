import type { Bank, ClearingPosition, TestCustomer } from '../../bank/index.js';
import { formatInstantMs, parseInstant, SandbankError } from '../../kernel/index.js';
import type { Recorder, RequestRecord } from '../../observe/index.js';
import type { ClockDriver, ClockMove } from '../clock-driver.js';
import type { ConsentScript } from '../consent-driver.js';
import type { JourneyResult, ScriptedCustomer } from '../journey-driver.js';
import type { SandboxStatus } from '../status.js';
import type { NewTpp, Tpp } from '../tpps.js';
import { verifyEcosystem } from '../verification.js';
import { toTrialBalances } from './trial-balances.js';

export interface ControlCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

export type ControlOperation = (call: ControlCall) => Promise<ControlReply>;
export type ControlOperations = Readonly<Record<string, ControlOperation>>;

/** What the control API moves. Handed in by compose, so that every part can be swapped by a reset. */
export interface ControlPorts {
  readonly banks: readonly Bank[];
  readonly recorder: Recorder;
  readonly clockDriver: ClockDriver;
  status(): SandboxStatus;
  reset(): Promise<SandboxStatus>;
  createTpp(input: NewTpp): Promise<Tpp>;
  authorise(script: ScriptedCustomer | ConsentScript): Promise<JourneyResult>;
  clearing(): Promise<readonly ClearingPosition[]>;
}

/** Handlers by operationId of openapi/control.yaml. `ports` is asked at each call: a reset exchanges what is behind it. */
export function controlOperations(ports: () => ControlPorts): ControlOperations {
  const ok = (body: unknown): ControlReply => ({ status: 200, body });
  const bankOf = (call: ControlCall): Bank => {
    const { banks } = ports();
    const bank = banks.find(({ profile }) => profile.id === call.params['bank']);
    if (bank) return bank;
    throw new SandbankError('party.not-found', 'No such bank.', {
      path: 'bank',
      expected: banks.map(({ profile }) => profile.id).join(', '),
      actual: call.params['bank'] ?? '',
    });
  };
  return {
    getStatus: () => Promise.resolve(ok(ports().status())),
    resetSandbox: async () => ok(await ports().reset()),
    getClock: () => Promise.resolve(ok(ports().status().clock)),
    setClock: async ({ body }) => {
      const target = parseInstant(String(body['now']));
      if (target === undefined) {
        throw new SandbankError('field.invalid', 'This is not a date-time.', {
          path: 'now',
          actual: String(body['now']),
        });
      }
      return ok(toMove(await ports().clockDriver.moveTo(target), ports().status()));
    },
    advanceClock: async ({ body }) => ok(toMove(await advance(ports().clockDriver, body), ports().status())),
    createTpp: async ({ body }) => ({ status: 201, body: await ports().createTpp(body as unknown as NewTpp) }),
    listCustomers: async (call) => ok({ customers: await bankOf(call).parties.testCustomers() }),
    listMessages: async (call) => {
      const bank = bankOf(call);
      const customer = await customerOf(bank, call.params['customer'] ?? '');
      const messages = await bank.messages.inbox(customer.partyId);
      return ok({ messages: messages.map((message) => ({ ...message, sentAt: formatInstantMs(message.sentAt) })) });
    },
    authoriseAsCustomer: async (call) => {
      const script = call.body as unknown as Omit<ScriptedCustomer, 'bank'> | Omit<ConsentScript, 'bank'>;
      return ok(await ports().authorise({ ...script, bank: bankOf(call) }));
    },
    listRequests: async ({ query }) => {
      const records = await ports().recorder.list({
        ...(query['bank'] !== undefined && { bank: query['bank'] }),
        ...(query['clientId'] !== undefined && { clientId: query['clientId'] }),
        failedOnly: query['failed'] === 'true',
        limit: Number(query['limit'] ?? 50),
      });
      return ok({ requests: records.map(toRequest) });
    },
    getRequests: async ({ params }) => {
      const records = await ports().recorder.find(params['id'] ?? '');
      if (records.length === 0) {
        throw new SandbankError('operation.unknown', 'No request with this id was seen, or it is too long ago.', {
          path: 'id',
          actual: params['id'] ?? '',
        });
      }
      return ok({ requests: records.map(toRequest) });
    },
    getTrialBalance: async () => ok(await trialBalances(ports())),
    verify: async () => ok(await verifyEcosystem(ports().banks, await ports().clearing())),
  };
}

function advance(driver: ClockDriver, body: ControlCall['body']): Promise<ClockMove> {
  const { duration, to } = body;
  if ((duration === undefined) === (to === undefined)) {
    throw new SandbankError('field.invalid', 'Say either how far (duration) or where to (to: next).', {
      path: 'duration',
    });
  }
  if (to === 'next') return driver.moveToNext();
  return driver.moveBy(String(duration));
}

async function customerOf(bank: Bank, name: string): Promise<TestCustomer> {
  const customers = await bank.parties.testCustomers();
  const customer = customers.find((one) => one.customerNumber === name || one.persona === name);
  if (customer) return customer;
  throw new SandbankError('party.not-found', 'No such test customer.', { path: 'customer', actual: name });
}

function toMove(move: ClockMove, status: SandboxStatus): unknown {
  return {
    ...status.clock,
    from: formatInstantMs(move.from),
    done: move.done.map(({ kind, subject, dueAt }) => ({ kind, subject, dueAt: formatInstantMs(dueAt) })),
  };
}

function toRequest(record: RequestRecord): unknown {
  return { ...record, at: formatInstantMs(record.at) };
}

async function trialBalances({ banks, clearing }: ControlPorts): Promise<unknown> {
  return toTrialBalances(
    await Promise.all(banks.map(async (bank) => ({ bank: bank.profile.id, balance: await bank.trialBalance() }))),
    await clearing(),
  );
}
