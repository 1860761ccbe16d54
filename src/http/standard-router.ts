import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Bank } from '../bank/index.js';
import type { FaultRules } from '../faults/index.js';
import { isSandbankError, SandbankError, type Clock } from '../kernel/index.js';
import { withoutSecrets, type Recorder } from '../observe/index.js';
import type { StandardVersion } from '../standards/standard.js';
import { answerOfError, answerOfReply, sendAnswer, textOf, type Answer } from './answer.js';
import { essenceOf, isJson, type DocumentShelf } from './documents.js';
import { INTERACTION_HEADER } from './interaction.js';
import { listenerOf } from './listener-tag.js';
import type { Log } from './log.js';
import { callOf } from './pipeline/call.js';
import { callerSteps, MESSAGE_STEPS, OPENING_STEPS } from './pipeline/column.js';
import { recording, type Exchange, type PipelinePorts, type Site, type Step } from './pipeline/exchange.js';
import { ClientGone } from './raw-body.js';

export interface StandardRouterOptions {
  readonly version: StandardVersion;
  readonly bank: Bank;
  /** One for the whole ecosystem: documents and their validators are shared by its banks. */
  readonly documents: DocumentShelf;
  readonly ports: PipelinePorts;
  readonly recorder: Recorder;
  readonly wall: Clock;
  readonly log: Log;
  /** `true`: an answer that breaks its document becomes an internal error. `report`: it is logged and sent. */
  readonly validateResponses: boolean | 'report';
  /** Absolute address of the version: `https://localhost:8444/bramble/open-banking/v4.0`. */
  readonly baseUrl: string;
  /** What the version's `readSettings` made of the bank's file. */
  readonly settings?: unknown;
  /** Default 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** What goes wrong on purpose. */
  readonly faults?: Pick<FaultRules, 'next'>;
}

/** Serves requests below the path of a standard: `url` is without it. What it cannot answer it hands to `next`. */
export type StandardHandler = (
  request: IncomingMessage & { url: string; method: string },
  response: ServerResponse,
  next: (error: unknown) => void,
) => void;

/**
 * Serves one version of a standard at one bank; mount it at the path of `baseUrl`, inside the shell. Throws
 * `configuration.invalid` where a document cannot be read or does not fit the operations of the version.
 */
export async function createStandardRouter(options: StandardRouterOptions): Promise<StandardHandler> {
  const site = await openSite(options);
  const { recorder, log } = options;
  return (request, response, next) => {
    const trace = recorder.current();
    if (!trace) {
      next(new Error('the router of a standard runs inside the shell'));
      return;
    }
    trace.know({ bank: site.bank.profile.id, standard: site.version.id });
    response.removeHeader(INTERACTION_HEADER);
    response.setHeader(site.version.wire.interactionHeader, trace.interactionId);
    const [path = '/', ...rest] = request.url.split('?');
    const search = rest.length > 0 ? `?${rest.join('?')}` : '';
    const exchange: Exchange = {
      site,
      request,
      trace,
      path,
      search,
      listener: listenerOf(request),
      now: site.bank.clock.now(),
      method: request.method,
      query: queryOf(search),
      params: {},
      rawBody: new Uint8Array(),
      body: undefined,
    };
    answerAsAsked(exchange, options)
      .then((answer) => answer && sendAnswer(response, answer, site.version.wire.contentType))
      .catch((error: unknown) => {
        logFailure(log, exchange, error);
        next(new SandbankError('internal', 'Something went wrong at the bank.', {}, { cause: error }));
      });
  };
}

async function openSite(options: StandardRouterOptions): Promise<Site> {
  const { version, bank, documents, ports, wall } = options;
  const apis = await Promise.all(
    version.apis.map(async (api) => {
      const document = await documents.load(api.document);
      const known = new Set(document.operationIds);
      const answered = [...Object.keys(api.operations), ...Object.keys(api.notImplemented)];
      const astray = answered.filter((operationId) => !known.has(operationId));
      const forgotten = document.operationIds.filter((operationId) => !answered.includes(operationId));
      if (astray.length + forgotten.length > 0) {
        throw new SandbankError('configuration.invalid', `Operations and document of ${api.id} differ.`, {
          expected: 'every operation of the document is implemented or listed as not implemented',
          actual: [
            ...astray.map((id) => `not in the document: ${id}`),
            ...forgotten.map((id) => `no answer: ${id}`),
          ].join(', '),
        });
      }
      return { api, document };
    }),
  );
  return {
    version,
    bank,
    apis,
    ports,
    wall,
    baseUrl: options.baseUrl,
    bodyLimitBytes: options.bodyLimitBytes ?? 1_048_576,
    settings: options.settings,
  };
}

function queryOf(search: string): Exchange['query'] {
  const query = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(search)) {
    const known = query[name];
    query[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return query;
}

/** As the bank answers, or as its file says that it answers: late, not at all, or with an error of its own. */
async function answerAsAsked(exchange: Exchange, options: StandardRouterOptions): Promise<Answer | undefined> {
  const fault = options.faults?.next();
  if (!fault) return answerTo(exchange, options);
  const began = options.wall.now();
  const answer = await answerUnder(fault.outcome, exchange, options);
  await passing(fault.delayMs - (options.wall.now() - began));
  return answer;
}

async function answerUnder(
  outcome: ReturnType<FaultRules['next']>['outcome'],
  exchange: Exchange,
  options: StandardRouterOptions,
): Promise<Answer | undefined> {
  if (outcome === 'answered') return answerTo(exchange, options);
  exchange.trace.check({
    name: 'the bank answers the call',
    outcome: 'failed',
    expected: 'an answer',
    actual: outcome === 'failed' ? 'a failure that the file of the bank asks for' : 'an outage that its file asks for',
    remedy: 'Call again: `latency` in the file of the bank makes some calls fail, as those of real banks do.',
  });
  // What stands in front of a bank that is down speaks no standard.
  if (outcome === 'unavailable') return { status: 503, headers: { 'retry-after': '1' } };
  return errorAnswer(exchange, new SandbankError('internal', 'Something went wrong at the bank.'));
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) resolve();
    else setTimeout(resolve, ms);
  });
}

/** Runs the steps and the handler; whatever is thrown becomes the standard's own error. Undefined: nobody listens. */
async function answerTo(exchange: Exchange, options: StandardRouterOptions): Promise<Answer | undefined> {
  try {
    await take(OPENING_STEPS, exchange);
    await take(callerSteps(exchange), exchange);
    await take(MESSAGE_STEPS, exchange);
    const reply = await handled(exchange);
    return await sealed(exchange, checked(exchange, answerOfReply(reply), options));
  } catch (error) {
    if (error instanceof ClientGone) return undefined;
    const allowed = isSandbankError(error) && exchange.method === 'OPTIONS' ? error.details['allow'] : undefined;
    if (typeof allowed === 'string') return { status: 204, headers: { allow: `${allowed}, OPTIONS` } };
    return await refused(exchange, error, options);
  }
}

/** Most steps are done at once: only the others are waited for. */
async function take(steps: readonly Step[], exchange: Exchange): Promise<void> {
  for (const step of steps) {
    const unfinished = step(exchange);
    if (unfinished) await unfinished;
  }
}

async function handled(exchange: Exchange): ReturnType<NonNullable<Exchange['operation']>['handle']> {
  const { trace, operation, described } = exchange;
  const claim = { name: 'the bank carries out the operation', expected: described?.operationId ?? '' };
  return recording(trace, claim, async () => {
    if (!operation) throw new Error('no operation');
    return operation.handle(callOf(exchange));
  });
}

async function refused(exchange: Exchange, thrown: unknown, options: StandardRouterOptions): Promise<Answer> {
  const error = isSandbankError(thrown)
    ? thrown
    : new SandbankError('internal', 'Something went wrong at the bank.', {}, { cause: thrown });
  if (error.code === 'internal') logFailure(options.log, exchange, error.cause ?? error);
  const answer = errorAnswer(exchange, error);
  try {
    return await sealed(exchange, error.code === 'internal' ? answer : checked(exchange, answer, options, true));
  } catch (failure) {
    logFailure(options.log, exchange, failure);
    return errorAnswer(exchange, new SandbankError('internal', 'Something went wrong at the bank.'));
  }
}

function errorAnswer(exchange: Exchange, error: SandbankError): Answer {
  const { site, trace, described, token, credential } = exchange;
  const { accept } = exchange.request.headers;
  const answer = answerOfError(site.version.wire, error, {
    interactionId: trace.interactionId,
    isKeyBound: token ? token.keyThumbprint !== undefined : credential?.scheme === 'dpop',
    ...(described && { operationId: described.operationId }),
    ...(accept !== undefined && { accept }),
  });
  trace.know({ error: (answer.text ?? `${String(answer.status)} ${error.code}`).slice(0, 1_000) });
  return answer;
}

/** Holds the answer against the document, where that is asked for. */
function checked(exchange: Exchange, answer: Answer, options: StandardRouterOptions, isError = false): Answer {
  const { described, trace } = exchange;
  if (options.validateResponses === false || !described) return answer;
  // Documents describe JSON; what else a standard writes it writes by its own grammar.
  const contentType = answer.headers['content-type'] ?? answer.contentType ?? exchange.site.version.wire.contentType;
  if (!isJson(essenceOf(contentType))) return answer;
  const text = textOf(answer);
  const body: unknown = text === undefined ? null : JSON.parse(text);
  // An error may have a status that the published document forgot, and a bodyless one has nothing to check.
  const found = isError && body === null ? [] : described.checkResponse(answer.status, body, contentType);
  const violations = isError ? found.filter((violation) => !violation.startsWith('status ')) : found;
  const actual = violations.join('; ');
  const name = 'the answer fits the document of the API';
  // After a refusal the last check recorded is the one that refused.
  if (violations.length > 0) trace.check({ name, outcome: 'failed', actual });
  else if (!isError) trace.check({ name, outcome: 'passed' });
  if (violations.length === 0) return answer;
  const report = {
    interactionId: trace.interactionId,
    operationId: described.operationId,
    status: answer.status,
    violations,
  };
  options.log.error(report, 'an answer breaks its document');
  if (options.validateResponses === 'report') return answer;
  throw new SandbankError(
    'internal',
    'The answer of the bank broke its own document.',
    {},
    { cause: new Error(actual) },
  );
}

/** Signs what the standard wants signed: every body of the operation, errors too. */
async function sealed(exchange: Exchange, answer: Answer): Promise<Answer> {
  const { site, operation } = exchange;
  const { signature } = site.version.wire;
  if (operation?.policy.signature?.response !== true || !signature?.sign) return answer;
  const text = textOf(answer);
  if (text === undefined) return answer;
  const value = await signature.sign({
    rawBody: answer.bytes ?? Buffer.from(text, 'utf8'),
    key: await site.ports.signer.key(),
    wallNow: site.wall.now(),
  });
  return { ...answer, headers: { ...answer.headers, [signature.header.toLowerCase()]: value } };
}

/** With its stack, for whoever runs the sandbox; nothing of it is sent. */
function logFailure(log: Log, { trace }: Exchange, error: unknown): void {
  const failure = withoutSecrets(error instanceof Error ? (error.stack ?? error.message) : String(error));
  log.error({ interactionId: trace.interactionId, failure }, 'unexpected failure');
}
