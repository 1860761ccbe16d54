/** Attribute types that are written in more than one way. */
const ALIASES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  S: 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.97': 'ORGANIZATIONIDENTIFIER',
  'OID.2.5.4.97': 'ORGANIZATIONIDENTIFIER',
};

/**
 * Whether two distinguished names in RFC 4514 form are the same: attribute types by name or number, values escaped or as
 * `#` and hexadecimal DER. The order counts (RFC 8705 2.1.2 compares the names, not their parts).
 */
export function isSameName(one: string, other: string): boolean {
  const first = partsOf(one);
  const second = partsOf(other);
  return first.length > 0 && first.length === second.length && first.every((part, index) => part === second[index]);
}

function partsOf(name: string): readonly string[] {
  return splitUnescaped(name).map((part) => {
    const equals = part.indexOf('=');
    const type = part.slice(0, Math.max(equals, 0)).trim().toUpperCase();
    return `${ALIASES[type] ?? type}=${valueOf(part.slice(equals + 1).trim())}`;
  });
}

function splitUnescaped(name: string): readonly string[] {
  const parts: string[] = [];
  let current = '';
  for (let index = 0; index < name.length; index += 1) {
    const character = name.charAt(index);
    if (character === '\\') {
      current += character + name.charAt(index + 1);
      index += 1;
    } else if (character === ',' || character === '+') {
      parts.push(current);
      current = '';
    } else {
      current += character;
    }
  }
  return [...parts, current];
}

function valueOf(text: string): string {
  if (/^#([0-9a-f]{2})+$/i.test(text)) {
    const der = Buffer.from(text.slice(1), 'hex');
    // Tag, short length, content: enough for the strings of a name.
    return der.byteLength >= 2 && der[1] === der.byteLength - 2 ? der.subarray(2).toString('utf8') : text;
  }
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const hex = /^\\([0-9a-f]{2})/i.exec(text.slice(index, index + 3))?.[1];
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else {
      const character = String.fromCodePoint(text.codePointAt(text.charAt(index) === '\\' ? ++index : index) ?? 0);
      bytes.push(...Buffer.from(character));
      index += character.length - 1;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
