// A real Chromium for journeys: the one that CHROME_BIN names, else the packaged one, which is unpacked once per version
// into .cache/ (it would otherwise use fixed names in the temp folder, where another version may lie).
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
// Nothing else: the packaged list of arguments switches the browser's security off.
const args = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium; throws one sentence when this machine has none. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const given = process.env.CHROME_BIN;
  if (given) return await chromium.launch({ executablePath: given, args });
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(missing);
  const home = await unpackChromium();
  return await chromium.launch({ executablePath: join(home, 'chromium'), args, env: environment(home) });
}

const missing = 'The browser tests need Chromium: install Chrome or Chromium and set CHROME_BIN to its program.';

function environment(home: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const libraries = [join(home, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    ...Object.fromEntries(inherited),
    LD_LIBRARY_PATH: libraries,
    FONTCONFIG_FILE: writeFontConfiguration(home),
  };
}

// The packaged one names folders of a cloud function only, and without any font the browser dies of its first text field.
function writeFontConfiguration(home: string): string {
  const file = join(home, 'fonts.conf');
  const folder = join(home, 'fonts').replaceAll('&', '&amp;');
  const system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>';
  const cache = `<cachedir>${folder}/cache</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?><fontconfig>${system}<dir>${folder}</dir>${cache}</fontconfig>\n`);
  return file;
}

async function unpackChromium(): Promise<string> {
  const home = join(cache, `chromium-${packagedVersion()}`);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'chromium-unpack-'));
  try {
    await unpackInto(scratch);
    renameSync(scratch, home);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    // Another run that unpacked at the same time was faster; its copy is as good.
    if (!existsSync(home)) throw error;
  }
  return home;
}

function packagedVersion(): string {
  const manifest = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

// In a process of its own, because the package unpacks to the temp folder and brings its shared libraries only where it
// believes to be in a cloud function: both are said by the environment.
async function unpackInto(folder: string): Promise<void> {
  const script = "await (await import('@sparticuz/chromium')).default.executablePath()";
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd, env });
}
