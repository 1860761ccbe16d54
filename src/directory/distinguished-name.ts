import 'reflect-metadata';
import type { X509Certificate } from 'node:crypto';
import { X509Certificate as ParsedCertificate } from '@peculiar/x509';

import { readDerValues, readObjectIdentifier, TAG, type DerValue } from './der.js';

/** The names RFC 4514 section 3 has a text form for; every other attribute is a dotted number with the value in hex. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.6': 'C',
  '2.5.4.9': 'STREET',
  '0.9.2342.19200300.100.1.25': 'DC',
  '0.9.2342.19200300.100.1.1': 'UID',
};
/** What else people write when they register a subject. */
const OIDS_BY_NAME: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SHORT_NAMES).map(([oid, name]) => [name, oid] as const),
  ['ORGANIZATIONIDENTIFIER', '2.5.4.97'],
  ['ORGANISATIONIDENTIFIER', '2.5.4.97'],
  ['SERIALNUMBER', '2.5.4.5'],
]);
const UTF8_LIKE_TAGS: readonly number[] = [TAG.utf8String, 0x13, 0x16];
const MAX_DN_LENGTH = 2_000;

/**
 * The subject as RFC 4514 writes it: last attribute first, special characters escaped, and an attribute without a short
 * name (organizationIdentifier) as dotted number and `#` with the DER of its value in hex (section 2.4).
 */
export function subjectDn(certificate: X509Certificate): string {
  return writeName(new ParsedCertificate(certificate.raw).subjectName.toArrayBuffer());
}

/** The name of its authority, written like `subjectDn`. */
export function issuerDn(certificate: X509Certificate): string {
  return writeName(new ParsedCertificate(certificate.raw).issuerName.toArrayBuffer());
}

/**
 * Whether two texts name the same subject. `2.5.4.97=PSDGB-FCA-123456`, `organizationIdentifier=PSDGB-FCA-123456` and
 * the form with `#` and hex are one; order and the case of values count, since this decides who a client is.
 */
export function sameSubjectDn(a: string, b: string): boolean {
  const first = readDn(a);
  return first !== undefined && first === readDn(b);
}

/** As `sameSubjectDn`, in either order: OpenSSL prints names the other way round. For where it only confirms a name. */
export function sameNameInAnyOrder(a: string, b: string): boolean {
  const first = readDn(a);
  return first !== undefined && (first === readDn(b) || first === readDn(b, 'first-attribute-first'));
}

function writeName(der: ArrayBuffer): string {
  const [name] = readDerValues(new Uint8Array(der));
  return readDerValues(name?.content ?? new Uint8Array())
    .map((rdn) => readDerValues(rdn.content).map(writeAttribute).join('+'))
    .reverse()
    .join(',');
}

function writeAttribute(attribute: DerValue): string {
  const [type, value] = readDerValues(attribute.content);
  if (!type || !value) throw new RangeError('a name attribute has a type and a value');
  const oid = readObjectIdentifier(type.content);
  const text = textOf(value);
  const short = SHORT_NAMES[oid];
  if (short === undefined || text === undefined) return `${short ?? oid}=#${Buffer.from(value.bytes).toString('hex')}`;
  return `${short}=${escapeValue(text)}`;
}

/** RFC 4514 section 2.4. */
function escapeValue(text: string): string {
  return text
    .replace(/[\\"+,;<>]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}

function textOf(value: DerValue): string | undefined {
  return UTF8_LIKE_TAGS.includes(value.tag) ? Buffer.from(value.content).toString('utf8') : undefined;
}

/** A canonical text of what was written, or undefined if it is not a distinguished name. */
function readDn(text: string, order: 'last-attribute-first' | 'first-attribute-first' = 'last-attribute-first') {
  if (text.length > MAX_DN_LENGTH) return undefined;
  const rdns = splitUnescaped(text, ',').map((rdn) => splitUnescaped(rdn, '+').map(readAttribute));
  if (rdns.some((rdn) => rdn.includes(undefined))) return undefined;
  const sorted = rdns.map((rdn) => rdn.toSorted());
  return JSON.stringify(order === 'last-attribute-first' ? sorted : sorted.toReversed());
}

function readAttribute(text: string): string | undefined {
  const equals = text.indexOf('=');
  if (equals < 1) return undefined;
  const type = text
    .slice(0, equals)
    .trim()
    .toUpperCase()
    .replace(/^OID\./, '');
  const oid = /^\d+(\.\d+)+$/.test(type) ? type : OIDS_BY_NAME.get(type);
  const value = readValue(text.slice(equals + 1));
  return oid === undefined || value === undefined ? undefined : `${oid}=${value}`;
}

function readValue(written: string): string | undefined {
  const trimmed = written.replace(/^ +/, '').replace(/(?<!\\) +$/, '');
  if (!trimmed.startsWith('#')) return unescapeValue(trimmed);
  if (!/^#(?:[0-9a-f]{2})+$/i.test(trimmed)) return undefined;
  try {
    const [value] = readDerValues(Buffer.from(trimmed.slice(1), 'hex'));
    return value && (textOf(value) ?? trimmed.toLowerCase());
  } catch {
    return undefined;
  }
}

function unescapeValue(text: string): string | undefined {
  const bytes: Uint8Array[] = [];
  const token = /\\([0-9a-f]{2})|\\([\\"+,;<>=# ])|([^\\]+)/giy;
  let end = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    bytes.push(match[1] === undefined ? Buffer.from(match[2] ?? match[3] ?? '', 'utf8') : Buffer.from(match[1], 'hex'));
    end = token.lastIndex;
  }
  return end === text.length ? Buffer.concat(bytes).toString('utf8') : undefined;
}

function splitUnescaped(text: string, separator: ',' | '+'): readonly string[] {
  const pieces: string[] = [];
  let current = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      current += text.slice(at, at + 2);
      at += 1;
    } else if (character === separator) {
      pieces.push(current);
      current = '';
    } else current += character;
  }
  return [...pieces, current];
}
