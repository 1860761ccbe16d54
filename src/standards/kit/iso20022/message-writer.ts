import { assert } from '../../../kernel/index.js';
import type { ElementType, Particle } from './grammar.js';
import { contentType, type MessageDefinition } from './messages.js';
import { CURRENCY, type TextType } from './text-types.js';

/** What a message says, keyed by element names. The writer knows the order. */
export interface Fields {
  readonly [name: string]: Content | readonly Content[] | undefined;
}

export interface AmountContent {
  readonly amount: string;
  readonly currency: string;
}

export type Content = string | AmountContent | Fields;

/**
 * Writes a message, its elements in the order of the schema. The same content gives the same text, byte by byte.
 * Content that would not be valid (an unknown or missing element, a text that does not fit) is a bug of whoever made it,
 * and asserted.
 */
export function writeMessage(definition: MessageDefinition, content: Fields): string {
  const root: Particle = { name: definition.root, type: definition.type, min: 1, max: 1 };
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<Document xmlns="${definition.namespace}">`];
  writeElement(content, root, { lines, path: '/Document', indent: '  ' });
  lines.push('</Document>', '');
  return lines.join('\n');
}

interface Output {
  readonly lines: string[];
  readonly path: string;
  readonly indent: string;
}

function writeElement(content: Content, particle: Particle, output: Output): void {
  const { lines, indent } = output;
  const { name } = particle;
  const path = `${output.path}/${name}`;
  const type = contentType(particle.type);
  if (type.kind === 'text') {
    lines.push(
      `${indent}<${name}${attributeOf(content, type.text, path)}>${textOf(content, type.text, path)}</${name}>`,
    );
    return;
  }
  assert(isFields(content), `${path} has elements`);
  const before = lines.length;
  lines.push(`${indent}<${name}>`);
  writeChildren(content, type.elements, { lines, path, indent: `${indent}  ` });
  if (lines.length === before + 1) lines[before] = `${indent}<${name}/>`;
  else lines.push(`${indent}</${name}>`);
}

function writeChildren(content: Fields, elements: ElementType, output: Output): void {
  const { path } = output;
  for (const name of Object.keys(content)) {
    assert(
      elements.particles.some((particle) => particle.name === name),
      `${path} may have ${name}`,
    );
  }
  let kinds = 0;
  for (const particle of elements.particles) {
    const values = valuesOf(content[particle.name]).filter((value) => particle.min > 0 || !isEmpty(value));
    if (values.length > 0) kinds += 1;
    assert(
      elements.kind === 'choice' || values.length >= particle.min,
      `${path} has ${particle.name} at least ${particle.min} times`,
    );
    assert(values.length <= particle.max, `${path} has ${particle.name} at most ${particle.max} times`);
    for (const value of values) writeElement(value, particle, output);
  }
  assert(elements.kind === 'sequence' || kinds === 1, `${path} has exactly one of its alternatives`);
}

function valuesOf(value: Content | readonly Content[] | undefined): readonly Content[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList(value: Content | readonly Content[]): value is readonly Content[] {
  return Array.isArray(value);
}

/** An optional element with nothing in it is left out; that keeps the mappings free of conditions. */
function isEmpty(value: Content): boolean {
  if (!isFields(value)) return false;
  return Object.values(value).every((inner) => valuesOf(inner).every(isEmpty));
}

function isFields(value: Content): value is Fields {
  return typeof value !== 'string' && !isAmount(value);
}

/** Element names begin with a capital, so `amount` cannot be one. */
function isAmount(value: AmountContent | Fields): value is AmountContent {
  return typeof value['amount'] === 'string';
}

function textOf(content: Content, type: TextType, path: string): string {
  const text = typeof content === 'string' ? content : isFields(content) ? undefined : content.amount;
  assert(text !== undefined, `${path} has text`);
  assert(type.accepts(text), `${path} is ${type.expected}: ${text}`);
  return escape(text);
}

function attributeOf(content: Content, type: TextType, path: string): string {
  if (type.hasCurrency !== true) return '';
  assert(typeof content !== 'string' && !isFields(content), `${path} has an amount and a currency`);
  assert(CURRENCY.test(content.currency), `${path} has a currency code: ${content.currency}`);
  return ` Ccy="${content.currency}"`;
}

/** A carriage return is written as a number, or reading would turn it into a line feed (XML 1.0, section 2.11). */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}
