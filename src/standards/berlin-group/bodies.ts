import { SandbankError } from '../../kernel/index.js';
import { readCreditTransferInitiation, type CreditTransferInitiation } from '../kit/iso20022/index.js';
import type { WireObject } from './mapping/fields.js';

/** No JSON can carry it: a body does not become an order in XML by saying so. */
const XML_ORDER = Symbol('an order in XML');

/** A body that was not JSON: an order in XML, of a periodic payment with its terms. */
export interface XmlOrder {
  readonly [XML_ORDER]: true;
  readonly xml: string;
  readonly initiation: CreditTransferInitiation;
  readonly terms?: WireObject;
}

export function isXmlOrder(body: unknown): body is XmlOrder {
  return typeof body === 'object' && body !== null && XML_ORDER in body;
}

/** Reads `application/xml` and, for periodic payments, `multipart/form-data` with its two parts (1.3.12, 5.5). */
export function readBody(input: { readonly contentType: string; readonly rawBody: Uint8Array }): XmlOrder {
  const { contentType, rawBody } = input;
  if (!/^multipart\/form-data\b/i.test(contentType.trim())) return orderOf(rawBody);
  const parts = partsOf(textOf(rawBody), boundaryOf(contentType));
  const xml = parts.get('xml_sct');
  const terms = parts.get('json_standingorderType');
  if (xml === undefined) throw malformed('the part xml_sct is missing');
  if (terms === undefined) throw malformed('the part json_standingorderType is missing');
  return { ...orderOf(new TextEncoder().encode(xml)), terms: termsOf(terms) };
}

function orderOf(rawBody: Uint8Array): XmlOrder {
  const initiation = readCreditTransferInitiation(rawBody);
  return { [XML_ORDER]: true, xml: textOf(rawBody), initiation };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SandbankError('request.malformed', 'The body is not UTF-8.', {}, { cause: error });
  }
}

function termsOf(text: string): WireObject {
  try {
    const terms: unknown = JSON.parse(text);
    if (typeof terms === 'object' && terms !== null && !Array.isArray(terms)) return terms as WireObject;
  } catch (error) {
    throw new SandbankError('request.malformed', 'json_standingorderType is no JSON.', {}, { cause: error });
  }
  throw malformed('json_standingorderType is no object');
}

function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw malformed('the boundary between its parts is not said');
  return boundary;
}

const MOST_PARTS = 8;

/** RFC 7578 over RFC 2046: names and texts of the parts. */
function partsOf(text: string, boundary: string): ReadonlyMap<string, string> {
  const pieces = `\r\n${text}`.split(`\r\n--${boundary}`);
  const last = pieces.at(-1) ?? '';
  if (pieces.length < 3 || !last.startsWith('--')) throw malformed('its parts do not end');
  if (pieces.length > MOST_PARTS) throw malformed('it has too many parts');
  const parts = new Map<string, string>();
  for (const piece of pieces.slice(1, -1)) {
    const end = piece.indexOf('\r\n\r\n');
    const name = /^content-disposition:\s*form-data\s*;.*?\bname="?([\w-]+)"?/im.exec(piece.slice(0, end))?.[1];
    if (end < 0 || name === undefined) throw malformed('a part has no name');
    if (parts.has(name)) throw malformed(`the part ${name} is there twice`);
    parts.set(name, piece.slice(end + 4));
  }
  return parts;
}

function malformed(why: string): SandbankError {
  return new SandbankError('request.malformed', `The body cannot be read: ${why}.`, { actual: why });
}
