import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { SandbankError } from '../../../kernel/index.js';
import { guardXml, XML_LIMITS } from './xml-guard.js';

/** An element as it stands in the document, references resolved. */
export interface XmlNode {
  /** With its prefix, if it has one. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  /** All text directly in it, joined. */
  readonly text: string;
}

/** How fast-xml-parser answers with `preserveOrder`: one key for the name, `:@` for the attributes. */
type OrderedItem = Readonly<Record<string, unknown>>;

const ATTRIBUTES = ':@';
const TEXT = '#text';

/** Reads a document that `guardXml` lets through. Throws `request.malformed` or `request.too-large`. */
export function parseXml(body: Uint8Array | string): XmlNode {
  const text = guardXml(body);
  // Its successor is a package of its own that brings three more; this one stays as long as version 5 does.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const wellFormed = XMLValidator.validate(text);
  if (wellFormed !== true) {
    const { msg, line, col } = wellFormed.err;
    throw new SandbankError('request.malformed', `The XML is not well-formed: ${msg} (line ${line}, column ${col})`);
  }
  const roots = items(parse(text)).filter((item) => nameOf(item) !== TEXT);
  const root = roots[0];
  if (root === undefined || roots.length > 1) {
    throw new SandbankError('request.malformed', 'The XML has no root element, or more than one.');
  }
  return toNode(root);
}

function parse(text: string): unknown {
  // Nothing is interpreted: numbers stay text, and references are resolved below, where only harmless ones are known.
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    ignoreDeclaration: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    maxNestedTags: XML_LIMITS.depth,
  });
  try {
    return parser.parse(text) as unknown;
  } catch (error) {
    throw new SandbankError('request.malformed', 'The XML is not well-formed.', {}, { cause: error });
  }
}

/** Recursion is safe: the guard has limited the depth. */
function toNode(item: OrderedItem): XmlNode {
  const name = nameOf(item);
  const children: XmlNode[] = [];
  let text = '';
  for (const child of items(item[name])) {
    if (nameOf(child) === TEXT) text += resolve(String(child[TEXT]));
    else children.push(toNode(child));
  }
  const attributes = Object.entries((item[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>);
  return { name, attributes: new Map(attributes.map(([key, value]) => [key, resolve(value)])), children, text };
}

function items(value: unknown): readonly OrderedItem[] {
  return Array.isArray(value) ? (value as readonly OrderedItem[]) : [];
}

function nameOf(item: OrderedItem): string {
  return Object.keys(item).find((key) => key !== ATTRIBUTES) ?? TEXT;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolve(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:(\w+)|#(\d+)|#x([\da-fA-F]+));/g, (_whole, name?: string, digits?: string, hex?: string) =>
    name !== undefined
      ? (NAMED[name] ?? '')
      : character(digits !== undefined ? Number(digits) : parseInt(hex ?? '', 16)),
  );
}

/** XML 1.0 section 4.1: a character number must name a character that may stand in a document. */
function character(codePoint: number): string {
  const isAllowed =
    codePoint === 0x9 ||
    codePoint === 0xa ||
    codePoint === 0xd ||
    (codePoint >= 0x20 && codePoint <= 0xd7ff) ||
    (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
    (codePoint >= 0x10000 && codePoint <= 0x10ffff);
  if (!isAllowed)
    throw new SandbankError('request.malformed', 'The XML refers to a character that XML does not allow.');
  return String.fromCodePoint(codePoint);
}
