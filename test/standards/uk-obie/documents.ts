import { readFileSync } from 'node:fs';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { parse } from 'yaml';

const FOLDER = new URL('../../../openapi/uk-obie/4.0/', import.meta.url);
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Checks a value against a schema of one of our documents; gives what is wrong with it. Dates must carry a zone. */
export async function validatorOf(file: string, schema: string): Promise<(value: unknown) => readonly string[]> {
  const { components } = parse(readFileSync(new URL(file, FOLDER), 'utf8'), { maxAliasCount: 1_000 }) as Document;
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
  const definition = {
    openapi: '3.0.3',
    info: { title: schema, version: '1' },
    paths: { '/': { get: { operationId: 'look', responses: { 200: { description: 'it', content } } } } },
    components,
  } as Document;
  const api = new OpenAPIBackend({
    definition,
    quick: true,
    ajvOpts: { strict: false, allErrors: true, logger: false },
    customizeAjv: (ajv) => {
      ajv.addFormat('date-time', (text: string) => ZONED.test(text) && !Number.isNaN(Date.parse(text)));
      ajv.addFormat('uri', (text: string) => URL.canParse(text));
      return ajv;
    },
  });
  await api.init();
  // Through text, as it would be sent: undefined members vanish, a bigint fails.
  return (value) =>
    (api.validator.validateResponse(JSON.parse(JSON.stringify(value)), 'look', 200).errors ?? []).map(
      (error) => `${error.instancePath} ${error.message ?? ''}`,
    );
}
