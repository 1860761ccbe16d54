import type { Bank, TestCustomer } from '../../bank/index.js';
import { formatInstantMs, SandbankError } from '../../kernel/index.js';
import type { Recorder, RequestRecord } from '../../observe/index.js';
import type { ClockDriver } from '../clock-driver.js';
import type { ConsentScript } from '../consent-driver.js';
import type { JourneyResult, ScriptedCustomer } from '../journey-driver.js';
import type { SandboxStatus } from '../status.js';
import type { NewTpp, Tpp } from '../tpps.js';
import type { Worlds } from '../worlds.js';
import type { Verification } from '../verification.js';
import { advance, setClock, toMove } from './clock.js';
import type { ControlCall, ControlOperations, ControlReply } from './control-call.js';
import { statementOperations } from './statements.js';
import type { TrialBalances } from './trial-balances.js';

/** What the control API moves. Handed in by compose, so that every part can be swapped by a reset. */
export interface ControlPorts {
  readonly banks: readonly Bank[];
  readonly recorder: Recorder;
  readonly clockDriver: ClockDriver;
  status(): SandboxStatus;
  readonly worlds: Worlds;
  createTpp(input: NewTpp): Promise<Tpp>;
  authorise(script: ScriptedCustomer | ConsentScript): Promise<JourneyResult>;
  trialBalances(): Promise<TrialBalances>;
  verify(): Promise<Verification>;
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
    resetSandbox: async () => ok(await ports().worlds.reset()),
    getClock: () => Promise.resolve(ok(ports().status().clock)),
    setClock: async ({ body }) => ok(toMove(await setClock(ports().clockDriver, body), ports().status())),
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
    listSnapshots: () => Promise.resolve(ok({ snapshots: ports().worlds.listSnapshots() })),
    saveSnapshot: async ({ body }) => ({ status: 201, body: await ports().worlds.saveSnapshot(String(body['name'])) }),
    loadSnapshot: async ({ params }) => ok(await ports().worlds.loadSnapshot(params['name'] ?? '')),
    deleteSnapshot: ({ params }) => {
      ports().worlds.deleteSnapshot(params['name'] ?? '');
      return Promise.resolve({ status: 204, body: undefined });
    },
    ...statementOperations(bankOf),
    getTrialBalance: async () => ok(await ports().trialBalances()),
    verify: async () => ok(await ports().verify()),
  };
}

async function customerOf(bank: Bank, name: string): Promise<TestCustomer> {
  const customers = await bank.parties.testCustomers();
  const customer = customers.find((one) => one.customerNumber === name || one.persona === name);
  if (customer) return customer;
  throw new SandbankError('party.not-found', 'No such test customer.', { path: 'customer', actual: name });
}

function toRequest(record: RequestRecord): unknown {
  return { ...record, at: formatInstantMs(record.at) };
}
