import { SandbankError } from '../../../kernel/index.js';

/**
 * How large a message may be: two thousand transfers fit. What is larger is refused before a parser sees it, and what is
 * within the limits is parsed in a fraction of a second, whatever it is made of.
 */
export const XML_LIMITS = {
  bytes: 2_000_000,
  depth: 64,
  /** Elements and attributes together. */
  nodes: 60_000,
  /** A start tag with all its attributes. Messages have one short attribute an element, and a few on the root. */
  tagLength: 2_048,
  /** Between two tags. The longest text of any element has 2048 characters. */
  textLength: 16_384,
} as const;

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')(?:\s+encoding\s*=\s*(?:"([\w.-]{1,40})"|'([\w.-]{1,40})'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/;
/** The longest declaration that is looked at. */
const DECLARATION_LENGTH = 200;

/** The five names every XML processor knows, and numbers. Any other name would need a DTD. */
const OTHER_REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/;
/** What XML 1.0 (section 2.2) does not let into a document, even as a reference. */
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/**
 * Turns the bytes of a message into text that is safe to hand to an XML parser, or refuses: UTF-8 only, no document type
 * and so no entities, no CDATA, no processing instructions, and everything within `XML_LIMITS`. It reads the text once
 * from left to right and stops at the first fault, so hostile input costs no more than its own length. The parser never
 * meets the constructs that parsers have been attacked with.
 *
 * Throws `request.too-large` or `request.malformed`. (OWASP XML External Entity Prevention; XML 1.0, fifth edition.)
 */
export function guardXml(body: Uint8Array | string): string {
  const text = decode(body);
  const start = declarationLength(text);
  if (NOT_XML.test(text)) throw malformed('The XML contains a character that XML does not allow.');
  if (text.includes(']]>') || text.includes('<![')) {
    throw malformed('CDATA sections are not accepted; write & and < as &amp; and &lt;.');
  }
  scan(text, start);
  if (OTHER_REFERENCE.test(text)) {
    throw malformed('The XML refers to an entity. Only &amp; &lt; &gt; &quot; &apos; and character numbers are known.');
  }
  return text;
}

function decode(body: Uint8Array | string): string {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  if (length > XML_LIMITS.bytes) {
    throw new SandbankError('request.too-large', `An XML message has at most ${XML_LIMITS.bytes} bytes.`, {
      expected: `at most ${XML_LIMITS.bytes} bytes`,
      actual: String(length),
    });
  }
  if (typeof body === 'string') {
    if (!body.isWellFormed()) throw malformed('The XML is not valid Unicode.');
    return body.replace(/^\uFEFF/, '');
  }
  try {
    // Removes the byte order mark of UTF-8; those of UTF-16 and UTF-32 are no UTF-8 and fail.
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw malformed('The XML is not encoded in UTF-8.', error);
  }
}

/** Everything must start with the declaration or the root: white space before a declaration is an error in XML too. */
function declarationLength(text: string): number {
  if (!text.startsWith('<?xml') || text.startsWith('<?xml-')) return 0;
  const match = DECLARATION.exec(text.slice(0, DECLARATION_LENGTH));
  if (!match) throw malformed('The XML declaration is malformed.');
  const encoding = match[1] ?? match[2] ?? 'UTF-8';
  if (encoding.toUpperCase() !== 'UTF-8') {
    throw new SandbankError('request.malformed', 'Only UTF-8 is accepted.', { expected: 'UTF-8', actual: encoding });
  }
  return match[0].length;
}

function scan(text: string, start: number): void {
  let depth = 0;
  let nodes = 0;
  let end = start;
  let at = nextTag(text, end);
  while (at < text.length) {
    const next = text[at + 1];
    if (next === '?') throw malformed('Processing instructions are not accepted.');
    if (next === '!') {
      end = endOfComment(text, at);
    } else {
      const tag = readTag(text, at);
      end = tag.end;
      if (next === '/') depth -= 1;
      else if (text[end - 1] !== '/') depth += 1;
      if (next !== '/') nodes += 1 + tag.attributes;
      if (depth > XML_LIMITS.depth) throw malformed(`Elements are nested more than ${XML_LIMITS.depth} deep.`);
      if (nodes > XML_LIMITS.nodes) throw tooManyNodes();
    }
    at = nextTag(text, end);
  }
}

/** Where the next tag begins, or the text ends. */
function nextTag(text: string, from: number): number {
  const at = text.indexOf('<', from);
  const end = at === -1 ? text.length : at;
  if (end - from > XML_LIMITS.textLength) {
    throw malformed(`A text is longer than ${XML_LIMITS.textLength} characters.`);
  }
  return end;
}

function endOfComment(text: string, at: number): number {
  if (!text.startsWith('<!--', at)) throw malformed('Document types and entities are not accepted.');
  const end = text.indexOf('--', at + 4);
  if (end === -1 || text[end + 2] !== '>') throw malformed('A comment is not closed, or contains two hyphens.');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text.slice(at + 4, end))) {
    throw malformed('Document types and entities are not accepted, not even in comments.');
  }
  return end + 2;
}

interface Tag {
  /** The index of its `>`. */
  readonly end: number;
  readonly attributes: number;
}

/** A `>` inside a quoted attribute value does not end a tag. */
function readTag(text: string, at: number): Tag {
  const last = Math.min(text.length, at + XML_LIMITS.tagLength);
  let quote: string | undefined;
  let attributes = 0;
  for (let index = at + 1; index < last; index += 1) {
    const character = text[index];
    if (character === '<') throw malformed('A tag is not closed.');
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") {
      quote = character;
      attributes += 1;
    } else if (character === '>') {
      return { end: index, attributes };
    }
  }
  throw malformed(`A tag is not closed within ${XML_LIMITS.tagLength} characters.`);
}

function tooManyNodes(): SandbankError {
  const expected = `at most ${XML_LIMITS.nodes} elements and attributes`;
  return new SandbankError('request.too-large', `An XML message has ${expected}.`, { expected });
}

function malformed(message: string, cause?: unknown): SandbankError {
  return new SandbankError('request.malformed', message, {}, { cause });
}
