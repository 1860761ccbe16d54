import { describe, expect, test } from '@jest/globals';
import { readCreditTransferInitiation, XML_LIMITS } from '../../../src/standards/kit/iso20022/index.js';
import { guardXml } from '../../../src/standards/kit/iso20022/xml-guard.js';
import { parseXml } from '../../../src/standards/kit/iso20022/xml-tree.js';
import { golden, refusal } from './samples.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

const bomb =
  `${DECLARATION}<!DOCTYPE Document [<!ENTITY a0 "ha">` +
  Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "&a${n};&a${n};">`).join('') +
  ']><Document>&a30;</Document>';

/** Each is refused by the guard, so no parser has seen it. */
const HOSTILE: readonly (readonly [what: string, xml: string | Uint8Array, code: string])[] = [
  ['an entity bomb', bomb, 'request.malformed'],
  [
    'an entity quadratically blown up',
    `<!DOCTYPE d [<!ENTITY a "${'a'.repeat(50_000)}">]><d>${'&a;'.repeat(50_000)}</d>`,
    'request.malformed',
  ],
  ['an external entity', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', 'request.malformed'],
  ['an external document type', '<!DOCTYPE d SYSTEM "http://127.0.0.1:1/evil.dtd"><d/>', 'request.malformed'],
  ['a parameter entity', '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]><d/>', 'request.malformed'],
  ['a document type in small letters', '<!doctype d><d/>', 'request.malformed'],
  ['a document type after white space', `${DECLARATION}\n\n  <!DOCTYPE d><d/>`, 'request.malformed'],
  ['a document type after a comment', '<!-- x --><!DOCTYPE d><d/>', 'request.malformed'],
  ['a document type within a comment', '<d><!-- <!DOCTYPE d> --></d>', 'request.malformed'],
  ['a document type within the root', '<d><!DOCTYPE d></d>', 'request.malformed'],
  ['an entity nobody declared', '<d>&evil;</d>', 'request.malformed'],
  ['an entity in an attribute', '<d a="&evil;"/>', 'request.malformed'],
  ['a lone ampersand', '<d>a & b</d>', 'request.malformed'],
  ['a depth of ten thousand', '<d>'.repeat(10_000) + '</d>'.repeat(10_000), 'request.malformed'],
  ['a depth of 65', '<d>'.repeat(65) + '</d>'.repeat(65), 'request.malformed'],
  ['an attribute of 10 MB', `<d a="${'a'.repeat(10_000_000)}"/>`, 'request.too-large'],
  ['an attribute of 1 MB', `<d a="${'a'.repeat(1_000_000)}"/>`, 'request.malformed'],
  [
    'ten thousand attributes',
    `<d ${Array.from({ length: 10_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`,
    'request.malformed',
  ],
  ['a million siblings', `<d>${'<a/>'.repeat(1_000_000)}</d>`, 'request.too-large'],
  ['as many siblings as fit into the size', `<d>${'<a/>'.repeat(490_000)}</d>`, 'request.too-large'],
  ['a text of 1 MB', `<d>${'x'.repeat(1_000_000)}</d>`, 'request.malformed'],
  ['references without end', `<d>${'&amp;'.repeat(300_000)}</d>`, 'request.malformed'],
  [
    'attributes as many as fit',
    `<d>${`<a ${Array.from({ length: 200 }, (_, n) => `a${n}="1"`).join(' ')}/>`.repeat(1_000)}</d>`,
    'request.too-large',
  ],
  ['a CDATA section', '<d><![CDATA[<!DOCTYPE d>]]></d>', 'request.malformed'],
  ['an open CDATA section', '<d><![CDATA[', 'request.malformed'],
  ['nested CDATA sections', '<d><![CDATA[<![CDATA[x]]>]]></d>', 'request.malformed'],
  ['an end of CDATA in text', '<d>]]></d>', 'request.malformed'],
  ['a stylesheet', `${DECLARATION}<?xml-stylesheet href="http://127.0.0.1:1/x.xsl"?><d/>`, 'request.malformed'],
  ['a stylesheet first', '<?xml-stylesheet href="x.xsl"?><d/>', 'request.malformed'],
  ['a processing instruction', '<d><?php echo 1 ?></d>', 'request.malformed'],
  ['a second declaration', `${DECLARATION}${DECLARATION}<d/>`, 'request.malformed'],
  ['a declaration after white space', ` ${DECLARATION}<d/>`, 'request.malformed'],
  ['XML 1.1', '<?xml version="1.1"?><d/>', 'request.malformed'],
  ['another encoding', '<?xml version="1.0" encoding="UTF-7"?><d/>', 'request.malformed'],
  ['Latin-1 by name', '<?xml version="1.0" encoding="ISO-8859-1"?><d/>', 'request.malformed'],
  ['Latin-1 by bytes', Buffer.from('<d>Müller</d>', 'latin1'), 'request.malformed'],
  ['UTF-16', Buffer.from('\uFEFF<d/>', 'utf16le'), 'request.malformed'],
  ['UTF-16 without a mark', Buffer.from('<d>\u0100</d>', 'utf16le'), 'request.malformed'],
  ['overlong UTF-8', Uint8Array.from([0x3c, 0x64, 0xc0, 0xbc, 0x2f, 0x3e]), 'request.malformed'],
  ['half a surrogate pair', '<d>\uD800</d>', 'request.malformed'],
  ['a zero byte', '<d>\u0000</d>', 'request.malformed'],
  ['a tag that does not end', `<d ${'a'.repeat(1_000_000)}`, 'request.malformed'],
  ['nothing but tag openings', '<'.repeat(1_000_000), 'request.malformed'],
  ['an open comment', '<d><!-- '.repeat(1_000), 'request.malformed'],
  ['a comment with hyphens', '<d><!-- a -- b --></d>', 'request.malformed'],
  ['three megabytes of spaces', ' '.repeat(3_000_000), 'request.too-large'],
];

describe('hostile XML', () => {
  test.each(HOSTILE)('%s is refused before a parser sees it', (_what, xml, code) => {
    expect(refusal(() => guardXml(xml)).code).toBe(code);
    expect(refusal(() => readCreditTransferInitiation(xml)).code).toBe(code);
  });

  test('refusing all of it takes about as long as reading it', () => {
    const start = performance.now();
    for (const [, xml] of HOSTILE) refusal(() => guardXml(xml));
    // Each alone has 200 ms; together they take a fraction of that on an idle machine. The limit is for a busy one.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test.each([
    ['numbers of nothing', '<d>&#0;</d>'],
    ['a number beyond Unicode', '<d>&#x110000;</d>'],
    ['a surrogate as a number', '<d>&#xD800;</d>'],
    ['tags that cross', '<d><a><b></a></b></d>'],
    ['an open tag', '<d><a></d>'],
    ['two roots', '<d/><d/>'],
    ['two roots with children', '<d><a/></d><d><a/></d>'],
    ['text after the root', '<d></d>x'],
    ['text before the root', 'x<d></d>'],
    ['an attribute twice', '<d a="1" a="2"/>'],
    ['an attribute without quotes', '<d a=1></d>'],
    ['an attribute without a value', '<d a></d>'],
    ['a closing tag only', '</d>'],
    ['nothing', ''],
    ['a declaration only', DECLARATION],
    ['no XML', '{"a":1}'],
  ])('%s is no XML', (_what, xml) => {
    expect(refusal(() => parseXml(xml)).code).toBe('request.malformed');
  });

  test.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])(
    'an element called %s changes nothing',
    (name) => {
      const xml = golden('pain.001.xml').replace('<PmtInf>', `<${name}><polluted>1</polluted></${name}><PmtInf>`);
      const { code } = refusal(() => readCreditTransferInitiation(xml));
      expect(['field.unexpected', 'request.malformed']).toContain(code);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  test('an attribute called __proto__ changes nothing', () => {
    const xml = golden('pain.001.xml').replace('<PmtInf>', '<PmtInf __proto__="1">');
    const { code } = refusal(() => readCreditTransferInitiation(xml));
    expect(['field.unexpected', 'request.malformed']).toContain(code);
  });
});

describe('harmless XML', () => {
  test.each([
    ['no declaration', '<d/>'],
    ['single quotes', "<?xml version='1.0' encoding='utf-8' standalone='yes'?><d a='1'/>"],
    ['a byte order mark of UTF-8', Buffer.from(`\uFEFF${DECLARATION}<d/>`)],
    ['a byte order mark in text', `\uFEFF${DECLARATION}<d/>`],
    ['a greater-than sign in an attribute', '<d a="1 > 0"/>'],
    ['comments', `${DECLARATION}<!-- before --><d><!-- within --></d><!-- after -->`],
    ['white space around the root', `${DECLARATION}\n<d/>\n\n`],
    ['a depth of 64', '<d>'.repeat(64) + '</d>'.repeat(64)],
  ])('%s is accepted', (_what, xml) => {
    expect(parseXml(xml).name).toBe('d');
  });

  test('references, comments and line ends are resolved in text and attributes', () => {
    const node = parseXml('<d a="&quot;&#228;&apos;">A&amp;B<!-- x -->&lt;C&gt; &#x1F600;\r\n&#13;&amp;amp;</d>');
    expect(node.attributes.get('a')).toBe('"ä\'');
    expect(node.text).toBe('A&B<C> 😀\n\r&amp;');
  });

  test('a message as large as allowed is read in the time of its length', () => {
    const item = `<Ustrd>${'x'.repeat(100)}</Ustrd>`;
    const count = Math.floor((XML_LIMITS.bytes - 100) / item.length);
    const start = performance.now();
    expect(parseXml(`<d>${item.repeat(count)}</d>`).children).toHaveLength(count);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
