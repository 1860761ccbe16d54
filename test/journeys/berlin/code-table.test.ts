import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

import { CODES, SERVICES, type Service } from '../../../src/standards/berlin-group/errors.js';
import { NOT_TOLD, TOLD_IN } from './code-table.js';
import { TABLE } from './refusal-table.js';

/** `400 FORMAT_ERROR`, in the order of the lists. */
const listed = (service: Service): readonly string[] =>
  Object.entries(CODES[service]).flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`));

const byRow = (service: Service): readonly string[] =>
  TABLE.filter(([name]) => name === service).flatMap(([, rows]) => rows.map(({ told }) => told));

/** Told in a test of its own, which names the code and the service. */
const elsewhere = (service: Service): readonly string[] =>
  Object.entries(TOLD_IN).flatMap(([told, { services }]) => (services.includes(service) ? [told] : []));

describe('the codes of the standard (1.3.12, 14.11)', () => {
  test.each(SERVICES)('%s: each is told in a test, or has a reason why it is not', (service) => {
    const reached = [...byRow(service), ...elsewhere(service)];
    const never = Object.keys(NOT_TOLD[service]);
    const open = listed(service).filter((told) => !reached.includes(told) && !never.includes(told));
    expect(open).toEqual([]);
    expect(never.filter((told) => reached.includes(told))).toEqual([]);
  });

  test.each(SERVICES)('%s: nothing else is told, and no reason is given for what is not listed', (service) => {
    const codes = listed(service);
    const told = [...byRow(service), ...elsewhere(service)].filter((one) => one.includes(' '));
    expect([...new Set(told)].filter((one) => !codes.includes(one))).toEqual([]);
    expect(Object.keys(NOT_TOLD[service]).filter((one) => !codes.includes(one))).toEqual([]);
  });

  test.each(Object.entries(TOLD_IN))('%s is in the test that is said to tell it', (told, { file }) => {
    const [, code = ''] = told.split(' ');
    expect(readFileSync(new URL(file, import.meta.url), 'utf8')).toContain(code);
  });
});
