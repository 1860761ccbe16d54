import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

/**
 * What we start Chromium with. Not the list that @sparticuz/chromium suggests: it switches off web security and site
 * isolation, and tests would then pass that no real browser lets through.
 */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const HOW_TO_MEND =
  'No Chromium starts here. Install one (Debian: `apt-get install chromium`), or what the one from npm lacks: ' +
  '`apt-get install libnss3 libnspr4 libexpat1`.';

export type Launched =
  | { readonly browser: Browser; readonly executable: string }
  | { readonly browser: undefined; readonly message: string };

/**
 * Starts a headless Chromium: the one from npm, else an installed one. Where none starts it throws on CI; elsewhere it
 * answers with a message, so that a test file can skip:
 *
 *     const launched = await launchBrowser();
 *     (launched.browser ? describe : describe.skip)('the consent screens', ...)
 */
export async function launchBrowser(): Promise<Launched> {
  const refusals: string[] = [];
  for (const candidate of [fromNpm, ...INSTALLED.map((executable) => () => fromSystem(executable))]) {
    try {
      const found = await candidate();
      if (!found) continue;
      const browser = await chromium.launch({ ...found, executablePath: found.executable, args: ARGUMENTS });
      return { browser, executable: found.executable };
    } catch (error) {
      refusals.push(String(error));
    }
  }
  const message = [HOW_TO_MEND, ...refusals].join('\n');
  if (process.env['CI'] === 'true') throw new Error(message);
  return { browser: undefined, message };
}

interface Found {
  readonly executable: string;
  readonly env?: NodeJS.ProcessEnv;
}

function fromSystem(executable: string): Found | undefined {
  return existsSync(executable) ? { executable } : undefined;
}

/** The Chromium of @sparticuz/chromium, unpacked once per version; Linux on x64 only. */
async function fromNpm(): Promise<Found | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const manifest = await readFile(join('node_modules', '@sparticuz', 'chromium', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const home = join(process.cwd(), 'node_modules', '.cache', 'sandbank', `chromium-${version}`);
  if (!existsSync(home)) await unpackTo(home);
  return { executable: join(home, 'chromium'), env: { ...process.env, FONTCONFIG_FILE: join(home, 'fonts.conf') } };
}

/** Unpacks beside the place and renames, so that several test workers may do it at once. */
async function unpackTo(home: string): Promise<void> {
  await mkdir(join(home, '..'), { recursive: true });
  const folder = await mkdtemp(`${home}-`);
  try {
    // In a process of its own, because the package unpacks into TMPDIR and takes whatever already lies there.
    const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', unpack], {
      env: { ...process.env, TMPDIR: folder },
    });
    await writeFile(join(folder, 'fonts.conf'), fontsConfiguration(home));
    await rename(folder, home);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
}

/** The package's own configuration names folders of AWS Lambda; with it a page has no text at all elsewhere. */
function fontsConfiguration(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
}
