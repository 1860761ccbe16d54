import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';

import { Router, json, type NextFunction, type Request, type Response } from 'express';
import { OpenAPIBackend, type Context } from 'openapi-backend';

import { isSandbankError, SandbankError, type ErrorCode } from '../../kernel/index.js';
import type { ControlOperation, ControlOperations } from './operations.js';

/**
 * The control API: described in openapi/control.yaml, guarded by one bearer token, validated in both directions by the
 * document. Speaks problem+json (RFC 9457), since it belongs to no standard.
 */
export function createControlRouter(options: {
  readonly operations: ControlOperations;
  readonly token: string;
  readonly openapiDir: string;
}): Router {
  const api = new OpenAPIBackend({
    definition: join(options.openapiDir, 'control.yaml'),
    quick: true,
    ajvOpts: { strict: false },
    handlers: {
      notFound: () => {
        throw new SandbankError('operation.unknown', 'The control API has no such address.');
      },
      methodNotAllowed: () => {
        throw new SandbankError('operation.method-not-allowed', 'The control API does not offer this method here.');
      },
      validationFail: (context) => {
        throw invalidRequest(context);
      },
    },
  });
  for (const [operationId, operation] of Object.entries(options.operations)) {
    api.register(operationId, (context, request: Request, response: Response) =>
      answer({ operation, context, request, response }),
    );
  }
  const ready = api.init();
  const router = Router();
  router.use((request, response, next) => {
    if (!carriesToken(request, options.token)) {
      response.set('www-authenticate', 'Bearer realm="sandbank control"');
      throw new SandbankError('token.missing', 'The control API needs its bearer token.', {
        expected: 'Authorization: Bearer <content of the control token file>',
      });
    }
    next();
  });
  router.use(json({ limit: '256kb' }));
  router.use(async (request: Request, response: Response) => {
    await ready;
    await api.handleRequest(
      {
        method: request.method,
        path: request.path,
        headers: request.headers as Record<string, string | string[]>,
        query: request.query as Record<string, string | string[]>,
        body: request.body as unknown,
      },
      request,
      response,
    );
  });
  router.use(writeProblem);
  return router;
}

async function answer(call: {
  readonly operation: ControlOperation;
  readonly context: Context;
  readonly request: Request;
  readonly response: Response;
}): Promise<void> {
  const { context, response } = call;
  const reply = await call.operation({
    params: context.request.params as Readonly<Record<string, string>>,
    query: context.request.query as Readonly<Record<string, string | undefined>>,
    body: (context.request.requestBody ?? {}) as Readonly<Record<string, unknown>>,
  });
  response.status(reply.status).set('cache-control', 'no-store').json(reply.body);
}

function carriesToken(request: Request, token: string): boolean {
  const given = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) return false;
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function invalidRequest(context: Context): SandbankError {
  const [first] = context.validation.errors ?? [];
  const path = first?.instancePath.split('/').filter(Boolean).join('.') ?? '';
  return new SandbankError(
    'field.invalid',
    `The request does not fit the description: ${path} ${first?.message ?? ''}`.trim(),
    { path },
  );
}

const STATUS: Partial<Readonly<Record<ErrorCode, number>>> = {
  'token.missing': 401,
  'operation.unknown': 404,
  'operation.method-not-allowed': 405,
  'party.not-found': 404,
  'account.not-found': 404,
  'consent.not-found': 404,
  'clock.cannot-go-back': 409,
  'authorisation.wrong-state': 409,
  internal: 500,
};

/** Express knows an error handler by its four parameters. */
function writeProblem(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  const problem = asSandbankError(error);
  const status = STATUS[problem.code] ?? 400;
  response
    .status(status)
    .set('cache-control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        title: problem.message,
        status,
        code: problem.code,
        path: problem.details.path,
        expected: problem.details.expected,
        actual: problem.details.actual,
      }),
    );
}

function asSandbankError(error: unknown): SandbankError {
  if (isSandbankError(error)) return error;
  const status = (error as { status?: unknown } | undefined)?.status;
  if (status === 413) return new SandbankError('request.too-large', 'The request body is too large.');
  if (status === 400) return new SandbankError('request.malformed', 'The request body is not JSON.');
  return new SandbankError('internal', 'Something went wrong inside the sandbox.', {}, { cause: error });
}
