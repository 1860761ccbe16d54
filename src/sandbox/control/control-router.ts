import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Router, json, type Request, type Response } from 'express';
import { OpenAPIBackend, type Context, type Document } from 'openapi-backend';

import { SandbankError } from '../../kernel/index.js';
import { parseYaml } from '../parsed-yaml.js';
import type { ControlOperation, ControlOperations } from './control-call.js';

/**
 * The control API: described in openapi/control.yaml, guarded by one bearer token, validated in both directions by the
 * document. What is thrown here the shell writes as problem+json, since the API belongs to no standard.
 */
export function createControlRouter(options: {
  readonly operations: ControlOperations;
  readonly token: string;
  readonly openapiDir: string;
}): Router {
  const api = new OpenAPIBackend({
    definition: parseYaml(readFileSync(join(options.openapiDir, 'control.yaml'), 'utf8')) as Document,
    quick: true,
    ajvOpts: { strict: false },
    securityHandlers: { controlToken: (_context, request: Request) => carriesToken(request, options.token) },
    handlers: {
      unauthorizedHandler: () => {
        throw tokenMissing();
      },
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
  // Before a body is read: a stranger costs nothing.
  router.use((request, response, next) => {
    if (!carriesToken(request, options.token)) {
      response.set('www-authenticate', 'Bearer realm="sandbank control"');
      throw tokenMissing();
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
  response.status(reply.status).set('cache-control', 'no-store');
  if (reply.text) response.set('content-type', reply.text.contentType).send(reply.text.content);
  else if (reply.body === undefined) response.end();
  else response.json(reply.body);
}

function carriesToken(request: Request, token: string): boolean {
  const given = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) return false;
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function tokenMissing(): SandbankError {
  return new SandbankError('token.missing', 'The control API needs its bearer token.', {
    expected: 'Authorization: Bearer <content of the control token file>',
  });
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
