import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type Response,
} from 'express';
import helmet from 'helmet';

import { SandbankError, type Clock } from '../kernel/index.js';
import { withoutSecrets, type Recorder, type Trace } from '../observe/index.js';
import { hostGuard } from './host-guard.js';
import { INTERACTION_HEADER, interactionIdOf } from './interaction.js';
import { listenerOf } from './listener-tag.js';
import type { Log } from './log.js';
import { toSandbankError, writeProblem } from './problem.js';

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
}

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const API_POLICY = { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] };

/** The application around all routes: host, security headers, trace, log; and at the end 404 and the error writer. */
export function createShell(options: ShellOptions): Express {
  const names = options.hostNames ?? LOOPBACK_NAMES;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(traceRequests(options));
  app.use(hostGuard(names));
  app.use(securityHeaders(names.every((name) => LOOPBACK_NAMES.includes(name))));
  app.use(plainShowsPagesOnly);
  options.mount(app);
  app.use((request: Request) => {
    throw new SandbankError('operation.unknown', 'There is nothing at this address.', { actual: request.path });
  });
  app.use(writeErrors(options));
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

/** Pages replace the content policy by their own. HSTS on a loopback name would outlive the sandbox in the browser. */
function securityHeaders(loopback: boolean) {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: loopback ? false : { maxAge: 31_536_000 },
  });
}

function traceRequests(options: ShellOptions) {
  const { recorder, log, wall } = options;
  const others = (options.interactionHeaders ?? []).map((name) => name.toLowerCase());
  const headers = [...new Set([INTERACTION_HEADER, ...others])];
  return (request: Request, response: Response, next: NextFunction): void => {
    const interactionId = interactionIdOf(request, headers, options.newInteractionId);
    const listener = listenerOf(request);
    const startedAt = wall.now();
    const trace = recorder.begin({ interactionId, listener, method: request.method, path: request.path });
    response.setHeader(INTERACTION_HEADER, interactionId);
    response.once('close', () => {
      // 499: the client went away before it was answered. Never on the wire.
      const status = response.writableFinished ? response.statusCode : 499;
      recorder.finish(trace, status);
      log.info(logLine(trace, { listener, method: request.method, status, ms: wall.now() - startedAt }), 'request');
    });
    recorder.within(trace, next);
  };
}

function logLine(trace: Trace, seen: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { bank, standard, operationId, clientId } = trace.facts;
  return { interactionId: trace.interactionId, bank, standard, operationId, client: clientId, ...seen };
}

function writeErrors(options: ShellOptions): ErrorRequestHandler {
  const { recorder, log } = options;
  return (thrown: unknown, _request, response, _next) => {
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
