// npm run new-standard NAME: the stems of a standard, which answers everything with 501 until somebody writes it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { stemsOf } from './new-standard-stems.mjs';

const root = join(import.meta.dirname, '..');
const REGISTRY = 'src/standards/registry.ts';
const TAKEN = ['kit', 'standard', 'standards', 'registry', 'iso20022'];
const SAY_NOTHING = /(^|-)(utils?|helpers?|common|managers?|impl|misc|shared)(-|$)/;
const KEYWORDS =
  /^(break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|await|arguments|eval|undefined)$/;

function refusalOf(name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    return 'A name is lower case letters and digits in words with hyphens between, 40 characters at most: cdr-au';
  }
  if (TAKEN.includes(name) || SAY_NOTHING.test(name) || KEYWORDS.test(name))
    return `${name} is not a name for a standard.`;
  const folders = [`src/standards/${name}`, `openapi/${name}`, `test/standards/${name}`];
  const existing = folders.find((folder) => existsSync(join(root, folder)));
  if (existing !== undefined) return `${existing} is there already.`;
  const value = camelCase(name);
  if (new RegExp(`\\b${value}\\b`).test(readSource(REGISTRY))) return `${REGISTRY} has ${value} already.`;
  return undefined;
}

function readSource(file) {
  return readFileSync(join(root, file), 'utf8');
}

function camelCase(name) {
  return name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/** The words of a list or table of the core, so that the tables of the new folder are complete from the start. */
function wordsOf(file, start, pattern) {
  const text = readSource(file);
  const from = text.indexOf(start);
  const body = from < 0 ? '' : text.slice(from + start.length).split(/^[\]}]/m, 1)[0];
  const words = [...body.matchAll(pattern)].map((match) => match.slice(1));
  if (words.length === 0) throw new Error(`${file} has no ${start}`);
  return words;
}

function coreWords() {
  const word = /^ {2}'([^']+)'/gm;
  const consents = 'src/bank/consents/consent.ts';
  const status = /^ {2}'?([a-z][a-z.-]*)'?: (\d{3}),/gm;
  const statuses = new Map(wordsOf('src/http/problem.ts', 'const STATUS', status));
  return {
    errors: wordsOf('src/kernel/errors.ts', 'export const ERROR_CODES = [', /^ {2}'([^']+)'/gm).map(([code]) => [
      code,
      statuses.get(code) ?? '500',
    ]),
    capabilities: wordsOf(consents, 'export const CAPABILITIES = [', word).flat(),
    statuses: wordsOf(consents, 'export const CONSENT_STATUSES = [', word).flat(),
  };
}

/** The import, and the name at the end of the list. */
function registered(name) {
  const value = camelCase(name);
  const text = readSource(REGISTRY);
  const withImport = text.replace(/^import type/m, `import { ${value} } from './${name}/index.js';\nimport type`);
  const withName = withImport.replace(/(STANDARDS[^=]*= \[[^\]]*?),?\s*\]/, `$1, ${value}]`);
  if (withImport === text || withName === withImport) throw new Error(`${REGISTRY} has another shape than expected`);
  return withName;
}

async function main([name, ...rest]) {
  if (name === undefined || rest.length > 0) return 'Usage: npm run new-standard NAME';
  const refusal = refusalOf(name);
  if (refusal !== undefined) return refusal;
  const title = name.replace(/-/g, ' ').replace(/^./, (letter) => letter.toUpperCase());
  const files = new Map(Object.entries(stemsOf({ name, title, value: camelCase(name), ...coreWords() })));
  files.set(REGISTRY, registered(name));
  const options = (await resolveConfig(join(root, 'package.json'))) ?? {};
  for (const [file, text] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), await format(text, { ...options, filepath: file }));
    process.stdout.write(`${file}\n`);
  }
  process.stdout.write(`Next: the operations of openapi/${name}/1.0/accounts.yaml, one after the other.\n`);
  return undefined;
}

const failure = await main(process.argv.slice(2));
if (failure !== undefined) {
  process.stderr.write(`${failure}\n`);
  process.exitCode = 2;
}
