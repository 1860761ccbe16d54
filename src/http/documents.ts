import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { OpenAPIBackend, type Document, type Operation as DocumentOperation } from 'openapi-backend';
import { parse as parseYaml } from 'yaml';

import { assert, SandbankError } from '../kernel/index.js';
import type { SchemaViolation } from '../standards/standard.js';
import { FORMATS } from './formats.js';
import { createPathTable, type PathTable, type Route } from './path-table.js';
import { withoutNoise, toViolation, isRelevant } from './violations.js';

/** One operation of a document, with its validators behind it. */
export interface DescribedOperation {
  readonly operationId: string;
  /** Essences of the media types its body may have; empty where it takes none. */
  readonly requestTypes: readonly string[];
  readonly bodyRequired: boolean;
  checkRequest(request: CheckedRequest): readonly SchemaViolation[];
  /**
   * `body` is null where none is sent. Undeclared statuses violate the document too. A body of another JSON type than the
   * one that is described (`application/problem+json` beside `application/json`) is not held against it.
   */
  checkResponse(status: number, body: unknown, contentType?: string): readonly string[];
}

export interface CheckedRequest {
  readonly path: string;
  /** What the path holds, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

export interface ApiDocument {
  readonly find: PathTable<DescribedOperation>;
  readonly operationIds: readonly string[];
}

/** Loads each document once, whichever banks serve it: parsing and validators are the expensive part. */
export interface DocumentShelf {
  load(document: string): Promise<ApiDocument>;
}

export function createDocumentShelf(
  openapiDir: string,
  parse: (text: string) => unknown = (text) => parseYaml(text, { maxAliasCount: 1_000 }),
): DocumentShelf {
  const loaded = new Map<string, Promise<ApiDocument>>();
  return {
    load(document) {
      const known = loaded.get(document);
      if (known) return known;
      const loading = readDocument(join(openapiDir, document), parse).then((definition) =>
        describe(definition, document),
      );
      loaded.set(document, loading);
      return loading;
    },
  };
}

async function readDocument(file: string, parse: (text: string) => unknown): Promise<Document> {
  try {
    return parse(await readFile(file, 'utf8')) as Document;
  } catch (error) {
    throw new SandbankError(
      'configuration.invalid',
      'An API document cannot be read.',
      { actual: file },
      { cause: error },
    );
  }
}

async function describe(definition: Document, name: string): Promise<ApiDocument> {
  const api = new OpenAPIBackend({
    definition,
    quick: true,
    // A document that does not resolve stops the start; otherwise it would be a warning and fail later.
    strict: true,
    ignoreTrailingSlashes: false,
    ajvOpts: { strict: false, allErrors: true, logger: false },
    customizeAjv: (ajv) => {
      for (const [format, isValid] of Object.entries(FORMATS)) ajv.addFormat(format, isValid);
      return ajv;
    },
  });
  try {
    await api.init();
  } catch (error) {
    throw new SandbankError(
      'configuration.invalid',
      'An API document does not hold.',
      { actual: name },
      { cause: error },
    );
  }
  // The library flattens the whole document at every look-up (300 to 750 microseconds); it never changes.
  const operations = api.router.getOperations();
  const byId = new Map(operations.map((operation) => [operation.operationId ?? '', operation]));
  api.router.getOperations = () => operations;
  api.router.getOperation = (operationId) => byId.get(operationId);
  const routes = operations.map((operation) => {
    assert(operation.operationId, `every operation of ${name} has an operationId`);
    const target = describeOperation(api, operation);
    return { method: operation.method, path: operation.path, target, only: leadingValues(operation) };
  });
  assert(byId.size === operations.length, `operationIds of ${name} are unique`);
  return { find: createPathTable(routes), operationIds: [...byId.keys()] };
}

/**
 * What the first parameter of a path may be, where it is enumerated: it takes the place of a fixed name, and without this
 * such a document would claim the paths of its neighbours. Later parameters are checked with the rest of the request.
 */
function leadingValues({ path, parameters = [] }: DocumentOperation): NonNullable<Route<unknown>['only']> {
  const [, name] = /\{([^}]+)\}/.exec(path) ?? [];
  const described = parameters as readonly { name?: string; in?: string; schema?: { enum?: readonly unknown[] } }[];
  const values = described.find((one) => one.in === 'path' && one.name === name)?.schema?.enum;
  return name !== undefined && values ? { [name]: values.map(String) } : {};
}

interface Described {
  content?: Record<string, { schema?: unknown }>;
}

/**
 * The validators only look under `application/json`, and documents may say it with a charset alone, or another JSON type
 * instead. Tells which type is described.
 */
function normaliseMediaType(body: Described | undefined): string | undefined {
  const content = body?.content;
  if (!content) return undefined;
  if (content['application/json']) return 'application/json';
  const json = Object.entries(content).find(([type]) => isJson(essenceOf(type)));
  if (!json) return undefined;
  content['application/json'] = json[1];
  return essenceOf(json[0]);
}

export function essenceOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}

export function isJson(essence: string): boolean {
  return essence === 'application/json' || (essence.startsWith('application/') && essence.endsWith('+json'));
}

function describeOperation(api: OpenAPIBackend, operation: DocumentOperation): DescribedOperation {
  const body = operation.requestBody as (Described & { required?: boolean }) | undefined;
  const requestTypes = [...new Set(Object.keys(body?.content ?? {}).map(essenceOf))];
  normaliseMediaType(body);
  const responses = (operation.responses ?? {}) as Readonly<Record<string, Described | undefined>>;
  const declared = new Map(
    Object.entries(responses).map(([status, one]) => [status, { type: normaliseMediaType(one) }]),
  );
  const { isPlain, fits } = quickCheck(api, operation);
  return {
    operationId: operation.operationId ?? '',
    requestTypes,
    bodyRequired: body?.required === true,
    checkRequest(request) {
      if (isPlain && fits(request)) return [];
      const { errors } = api.validator.validateRequest(toLibraryRequest(operation.method, request), operation);
      return withoutNoise(errors ?? [])
        .map(toViolation)
        .filter(isRelevant)
        .slice(0, MOST_FINDINGS);
    },
    checkResponse(status, payload, contentType) {
      const range = `${String(Math.floor(status / 100))}XX`;
      const meant = declared.get(String(status)) ?? declared.get(range) ?? declared.get('default');
      if (!meant) return [`status ${String(status)} is not declared`];
      const isOther = contentType !== undefined && essenceOf(contentType) !== meant.type;
      if (payload !== null && meant.type !== undefined && isOther) return [];
      const { errors } = api.validator.validateResponse(payload, operation, status);
      return withoutNoise(errors ?? [])
        .slice(0, MOST_FINDINGS)
        .map((error) => `${error.instancePath || '/'} ${error.message ?? ''}`);
    },
  };
}

/**
 * The library takes a request apart anew before it validates it, which costs ten times what its validators do. They are
 * asked first with what is known already; only what they refuse goes the long way, for its findings.
 */
function quickCheck(
  api: OpenAPIBackend,
  operation: DocumentOperation,
): { readonly isPlain: boolean; readonly fits: (request: CheckedRequest) => boolean } {
  const parameters = (operation.parameters ?? []) as readonly ParameterForm[];
  return {
    // Parameters that have to be put together from what was sent are the library's business.
    isPlain: parameters.every(
      (one) => one.content === undefined && one.in !== 'cookie' && (one.in !== 'query' || one.schema?.type !== 'array'),
    ),
    fits: ({ params, query, headers, body }) => {
      if (body !== undefined && (typeof body !== 'object' || body === null)) return false;
      const validators = api.validator.getRequestValidatorsForOperation(operation.operationId ?? '');
      // Copies: validators turn what they check into the types that the document names.
      const parts = {
        path: { ...params },
        query: { ...query },
        header: { ...headers },
        cookie: {},
        ...(body !== undefined && { requestBody: body }),
      };
      return validators.every((isValid) => isValid(parts));
    },
  };
}

interface ParameterForm {
  readonly in?: string;
  readonly content?: unknown;
  readonly schema?: { readonly type?: string };
}

/** One broken element of a long list must not become an answer longer than the list. */
const MOST_FINDINGS = 50;

type LibraryRequest = Parameters<OpenAPIBackend['validator']['validateRequest']>[0];

function toLibraryRequest(method: string, request: CheckedRequest): LibraryRequest {
  const { path, query, headers, body } = request;
  return { method, path, query, headers, ...(body !== undefined && { body }) } as LibraryRequest;
}
