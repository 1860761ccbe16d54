import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import express, { type Express, type NextFunction, type Request, type Response } from 'express';

import { SandbankError, type Clock } from '../kernel/index.js';
import { withoutSecrets, type Recorder, type Trace } from '../observe/index.js';
import { hostGuard } from './host-guard.js';
import { INTERACTION_HEADER, interactionIdOf } from './interaction.js';
import { listenerOf } from './listener-tag.js';
import type { Log } from './log.js';
import { toSandbankError, writeProblem } from './problem.js';
import { securityHeaders, type Header } from './security-headers.js';
import type { StandardHandler } from './standard-router.js';

export interface ShellOptions {
  readonly recorder: Recorder;
  readonly log: Log;
  readonly wall: Clock;
  /** A fresh UUID. Handed in, since randomness is not http's. */
  readonly newInteractionId: () => string;
  /** Names of this server in Host headers. Default: localhost and the loopback addresses. */
  readonly hostNames?: readonly string[];
  /** Request headers beside `x-fapi-interaction-id` that may carry an interaction id: those of the standards served. */
  readonly interactionHeaders?: readonly string[];
  /** Adds the routes, between what comes before and after every request. */
  readonly mount: (app: Express) => void;
  /** What is served below these paths without the middlewares of the application, which cost more than most answers. */
  readonly direct?: readonly DirectRoute[];
}

export interface DirectRoute {
  /** `/bramble/open-banking/v4.0` */
  readonly path: string;
  readonly handler: StandardHandler;
}

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The application around all routes: host, security headers, trace, log; and at the end 404 and the error writer. */
export function createShell(options: ShellOptions): RequestListener {
  const names = options.hostNames ?? LOOPBACK_NAMES;
  const { direct = [] } = options;
  const headers = securityHeaders({ loopback: names.every((name) => LOOPBACK_NAMES.includes(name)) });
  const [begin, guard, fail] = [traceRequests(options), hostGuard(names), writeErrors(options)];
  const application = createApplication(options, { begin, guard, fail, headers });
  return (request, response) => {
    const { url = '/', method = 'GET' } = request;
    const route = listenerOf(request) === 'http' ? undefined : direct.find(({ path }) => isBelow(path, url));
    if (!route) {
      application(request, response);
      return;
    }
    begin(request, response, () => {
      guard(request, response, () => {
        setHeaders(response, headers);
        const rest = url.slice(route.path.length);
        const below = Object.assign(request, { method, url: rest.startsWith('/') ? rest : `/${rest}` });
        route.handler(below, response, (error) => {
          fail(error, response);
        });
      });
    });
  };
}

function isBelow(path: string, url: string): boolean {
  return url.startsWith(path) && (url.length === path.length || '/?'.includes(url.charAt(path.length)));
}

function setHeaders(response: ServerResponse, headers: readonly Header[]): void {
  for (const [name, value] of headers) response.setHeader(name, value);
}

interface Frame {
  readonly begin: ReturnType<typeof traceRequests>;
  readonly guard: ReturnType<typeof hostGuard>;
  readonly fail: ReturnType<typeof writeErrors>;
  readonly headers: readonly Header[];
}

function createApplication(options: ShellOptions, { begin, guard, fail, headers }: Frame): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(begin);
  app.use(guard);
  app.use((_request: Request, response: Response, next: NextFunction) => {
    setHeaders(response, headers);
    next();
  });
  app.use(plainShowsPagesOnly);
  options.mount(app);
  app.use((request: Request) => {
    throw new SandbankError('operation.unknown', 'There is nothing at this address.', { actual: request.path });
  });
  app.use((thrown: unknown, _request: Request, response: Response, _next: NextFunction) => {
    fail(thrown, response);
  });
  return app;
}

/** The home page and its assets: nobody's first page is to be a certificate warning. All the rest takes TLS. */
const PLAIN_PATHS = /^\/(?:$|assets\/)/;

/** Tokens, cookies and codes never go in the clear, not even on loopback; and no redirect would teach a client to try. */
function plainShowsPagesOnly(request: Request, _response: Response, next: NextFunction): void {
  if (listenerOf(request) === 'http' && !PLAIN_PATHS.test(request.path)) {
    throw new SandbankError('operation.unknown', 'Only the home page is served without TLS.', {
      expected: 'the https address of the sandbox',
      actual: request.path,
    });
  }
  next();
}

function traceRequests(options: ShellOptions) {
  const { recorder, log, wall } = options;
  const others = (options.interactionHeaders ?? []).map((name) => name.toLowerCase());
  const headers = [...new Set([INTERACTION_HEADER, ...others])];
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { method = 'GET', url = '/' } = request;
    const interactionId = interactionIdOf(request, headers, options.newInteractionId);
    const listener = listenerOf(request);
    const startedAt = wall.now();
    const trace = recorder.begin({ interactionId, listener, method, path: url.split('?', 1)[0] ?? '' });
    response.setHeader(INTERACTION_HEADER, interactionId);
    response.once('close', () => {
      // 499: the client went away before it was answered. Never on the wire.
      const status = response.writableFinished ? response.statusCode : 499;
      recorder.finish(trace, status);
      log.info(logLine(trace, { listener, method, status, ms: wall.now() - startedAt }), 'request');
    });
    recorder.within(trace, next);
  };
}

function logLine(trace: Trace, seen: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { bank, standard, operationId, clientId } = trace.facts;
  return { interactionId: trace.interactionId, bank, standard, operationId, client: clientId, ...seen };
}

function writeErrors(options: ShellOptions): (thrown: unknown, response: ServerResponse) => void {
  const { recorder, log } = options;
  return (thrown, response) => {
    const error = toSandbankError(thrown);
    const trace = recorder.current();
    const interactionId = trace?.interactionId ?? '';
    if (error.code === 'internal') {
      const cause = error.cause instanceof Error ? error.cause : error;
      log.error({ interactionId, failure: withoutSecrets(cause.stack ?? cause.message) }, 'unexpected failure');
    }
    trace?.know({ error: error.code });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    writeProblem(response, error, interactionId);
  };
}
