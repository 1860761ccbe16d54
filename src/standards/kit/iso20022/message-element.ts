import { assert } from '../../../kernel/index.js';

/** An element of a message that was held against its schema. */
export interface MessageElement {
  readonly name: string;
  /** Where it stands: `/Document/CstmrCdtTrfInitn/PmtInf[1]/PmtInfId`. */
  readonly path: string;
  /** Empty where it has children. */
  readonly text: string;
  /** Of an amount. */
  readonly currency?: string;
  readonly children: readonly MessageElement[];
}

/** The element at the end of a way down; undefined if there is none. */
export function find(element: MessageElement, ...names: readonly string[]): MessageElement | undefined {
  let current: MessageElement | undefined = element;
  for (const name of names) current = current?.children.find((child) => child.name === name);
  return current;
}

export function findAll(element: MessageElement | undefined, name: string): readonly MessageElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function textAt(element: MessageElement, ...names: readonly string[]): string | undefined {
  return find(element, ...names)?.text;
}

/** For elements the schema makes mandatory: the reader has seen them. */
export function need(element: MessageElement, ...names: readonly string[]): MessageElement {
  const found = find(element, ...names);
  assert(found !== undefined, `${element.path} has ${names.join('/')}`);
  return found;
}
