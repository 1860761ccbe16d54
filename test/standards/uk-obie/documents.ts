import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const FOLDER = new URL('../../../openapi/uk-obie/4.0/', import.meta.url);

/** Checks a value against a schema of one of our documents; gives what is wrong with it. */
export function validatorOf(file: string, schema: string): (value: unknown) => readonly string[] {
  const document = parse(readFileSync(new URL(file, FOLDER), 'utf8'), { maxAliasCount: 1_000 });
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addSchema({ $id: 'document', components: document.components });
  const validate = ajv.compile({ $ref: `document#/components/schemas/${schema}` });
  // Through text, as it would be sent: undefined members vanish, a bigint fails.
  return (value) =>
    validate(JSON.parse(JSON.stringify(value)))
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
