import { SandbankError } from '../../../kernel/index.js';
import type { FindingList } from './findings.js';
import type { ElementType, Particle } from './grammar.js';
import type { MessageElement } from './message-element.js';
import { contentType, type MessageDefinition } from './messages.js';
import { CURRENCY, type TextType } from './text-types.js';
import { parseXml, type XmlNode } from './xml-tree.js';

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const DOCUMENT_PATH = '/Document';

/** What holds for the whole document while it is read. */
interface Reading {
  readonly prefix: string;
  readonly findings: FindingList;
}

/**
 * Reads a message and holds it against its schema: names, order, how often, texts and currencies. What is wrong lands in
 * `findings` with a path such as `/Document/CstmrCdtTrfInitn/PmtInf[1]/ReqdExctnDt`; what was read is only complete
 * when nothing did. Answers the child of Document.
 *
 * Throws `request.malformed` or `request.too-large` where there is no message to look at: no XML, hostile XML, or
 * another message than the one expected.
 */
export function readMessage(
  body: Uint8Array | string,
  definition: MessageDefinition,
  findings: FindingList,
): MessageElement | undefined {
  const document = parseXml(body);
  const [prefix, name] = splitName(document.name);
  const namespace = document.attributes.get(prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`);
  if (name !== 'Document' || namespace !== definition.namespace) {
    throw new SandbankError('request.malformed', `The message is not a ${definition.id}.`, {
      path: DOCUMENT_PATH,
      expected: `Document in the namespace ${definition.namespace}`,
      actual: `${name} in the namespace ${namespace ?? '(none)'}`,
    });
  }
  const reading: Reading = { prefix, findings };
  checkDocumentAttributes(document, findings);
  const root: ElementType = {
    kind: 'sequence',
    particles: [{ name: definition.root, type: definition.type, min: 1, max: 1 }],
  };
  return readChildren(document, { elements: root, path: DOCUMENT_PATH }, reading)[0];
}

/** `a:Document` is [`a:`, `Document`]. */
function splitName(name: string): readonly [string, string] {
  const at = name.indexOf(':');
  return at === -1 ? ['', name] : [name.slice(0, at + 1), name.slice(at + 1)];
}

/** Namespaces may be declared on the root, and a hint where the schema lies; it is never fetched. */
function checkDocumentAttributes(document: XmlNode, findings: FindingList): void {
  for (const name of document.attributes.keys()) {
    const [prefix, local] = splitName(name);
    const isDeclaration = name === 'xmlns' || prefix === 'xmlns:';
    const isHint =
      local === 'schemaLocation' && document.attributes.get(`xmlns:${prefix.slice(0, -1)}`) === SCHEMA_INSTANCE;
    if (!isDeclaration && !isHint) unexpectedAttribute(`${DOCUMENT_PATH}/@${name}`, findings);
  }
}

function readElement(node: XmlNode, particle: Particle, path: string, reading: Reading): MessageElement {
  const type = contentType(particle.type);
  const hasCurrency = type.kind === 'text' && type.text.hasCurrency === true;
  for (const name of node.attributes.keys()) {
    if (!(hasCurrency && name === 'Ccy')) unexpectedAttribute(`${path}/@${name}`, reading.findings);
  }
  if (type.kind === 'elements') {
    const children = readChildren(node, { elements: type.elements, path }, reading);
    return { name: particle.name, path, text: '', children };
  }
  const text = readText(node, type.text, path, reading.findings);
  if (!hasCurrency) return { name: particle.name, path, text, children: [] };
  return { name: particle.name, path, text, children: [], currency: readCurrency(node, path, reading.findings) };
}

function readText(node: XmlNode, type: TextType, path: string, findings: FindingList): string {
  for (const child of node.children) {
    findings.add('field.unexpected', `${path}/${child.name}`, `${node.name} holds text, no elements.`);
  }
  const text = type.collapses ? node.text.trim() : node.text;
  if (!type.accepts(text)) {
    findings.add('field.invalid', path, `${node.name} is not as expected: ${type.expected}.`);
  }
  return text;
}

function readCurrency(node: XmlNode, path: string, findings: FindingList): string {
  const currency = node.attributes.get('Ccy');
  if (currency === undefined) {
    findings.add('field.missing', `${path}/@Ccy`, `${node.name} needs the attribute Ccy.`);
  } else if (!CURRENCY.test(currency)) {
    findings.add('field.invalid', `${path}/@Ccy`, 'Ccy is not as expected: a currency code (ISO 4217).');
  }
  return currency ?? '';
}

interface Place {
  readonly elements: ElementType;
  readonly path: string;
}

function readChildren(node: XmlNode, place: Place, reading: Reading): readonly MessageElement[] {
  const { elements, path } = place;
  const { findings } = reading;
  if (node.text.trim() !== '') findings.add('field.invalid', path, `${node.name} holds elements, no text.`);
  const counts = elements.particles.map(() => 0);
  const read: MessageElement[] = [];
  let reached = 0;
  for (const child of node.children) {
    if (findings.isFull) break;
    const index = elements.particles.findIndex((particle) => reading.prefix + particle.name === child.name);
    const particle = elements.particles[index];
    if (!particle) {
      findings.add('field.unexpected', `${path}/${child.name}`, `${node.name} has no element ${child.name}.`);
      continue;
    }
    const count = (counts[index] = (counts[index] ?? 0) + 1);
    const childPath = `${path}/${particle.name}${particle.max > 1 ? `[${count}]` : ''}`;
    if (count > particle.max) {
      findings.add('field.unexpected', childPath, `${particle.name} may stand here at most ${particle.max} times.`);
      continue;
    }
    if (index < reached) {
      const later = elements.particles[reached]?.name ?? '';
      findings.add('field.invalid', childPath, `${particle.name} must stand before ${later}: the order is fixed.`);
    }
    reached = Math.max(reached, index);
    read.push(readElement(child, particle, childPath, reading));
  }
  checkPresence(place, counts, findings);
  return read;
}

function checkPresence(place: Place, counts: readonly number[], findings: FindingList): void {
  const { elements, path } = place;
  const names = elements.particles.map((particle) => particle.name);
  if (elements.kind === 'sequence') {
    elements.particles.forEach((particle, index) => {
      if ((counts[index] ?? 0) >= particle.min) return;
      const where = `${path}/${particle.name}${particle.max > 1 ? '[1]' : ''}`;
      findings.add('field.missing', where, `${particle.name} is missing.`);
    });
    return;
  }
  const present = counts.filter((count) => count > 0).length;
  if (present === 0) findings.add('field.missing', path, `One of ${names.join(', ')} is missing.`);
  if (present > 1) findings.add('field.unexpected', path, `Only one of ${names.join(', ')} may stand here.`);
}

function unexpectedAttribute(path: string, findings: FindingList): void {
  findings.add('field.unexpected', path, 'The attribute is not part of the message.');
}
