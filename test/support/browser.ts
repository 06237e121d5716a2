import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

const DEBIAN = '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** What starts a browser. */
interface Executable {
  readonly executablePath: string;
  readonly args: string[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * A real Chromium: Debian's when there is one, else the one inside `@sparticuz/chromium` with the libraries that it
 * brings, so that a machine without a browser can run the tests. Every launch has an empty profile.
 * @param options `bundled` takes the packaged one even where Debian's is installed; `flags` are Chromium's own.
 */
export async function launchBrowser(
  options: { bundled?: boolean; flags?: readonly string[] } = {},
): Promise<Browser> {
  const { args, ...executable } = await browserExecutable(options);
  return chromium.launch({ ...executable, args: [...args, ...(options.flags ?? [])] });
}

async function browserExecutable({ bundled }: { bundled?: boolean }): Promise<Executable> {
  if (bundled !== true && existsSync(DEBIAN)) return { executablePath: DEBIAN, args: FLAGS };
  const home = await unpacked();
  return {
    executablePath: path.join(home, 'chromium'),
    args: [...FLAGS, '--no-zygote', '--font-render-hinting=none'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(home, 'lib'),
      FONTCONFIG_PATH: path.join(home, 'fonts'),
      HOME: home,
    },
  };
}

/** @returns the directory that holds the unpacked browser, its libraries and a font; unpacked once per version. */
async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packed = path.join(entry.slice(0, entry.lastIndexOf('@sparticuz')), '@sparticuz', 'chromium');
  const { version } = createRequire(import.meta.url)(path.join(packed, 'package.json')) as {
    version: string;
  };
  const home = path.join(tmpdir(), `loa-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(path.join(home, 'whole'))) return home;
  // Beside it and then renamed, so that a run that is killed half-way leaves nothing that looks whole.
  const making = await mkdtemp(`${home}-`);
  const bin = path.join(packed, 'bin');
  await inflate(path.join(bin, 'chromium.br'), path.join(making, 'chromium'));
  await chmod(path.join(making, 'chromium'), 0o700);
  for (const name of ['al2023', 'fonts']) {
    const archive = path.join(making, `${name}.tar`);
    await inflate(path.join(bin, `${name}.tar.br`), archive);
    await promisify(execFile)('tar', ['-xf', archive, '-C', making]);
    await rm(archive);
  }
  const fonts = path.join(making, 'fonts');
  await writeFile(
    path.join(fonts, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${path.join(home, 'fonts')}</dir><cachedir>${path.join(home, 'cache')}</cachedir></fontconfig>`,
  );
  await writeFile(path.join(making, 'whole'), version);
  await rename(making, home).catch(async (error: unknown) => {
    // Another run was first.
    if (!existsSync(path.join(home, 'whole'))) throw error;
    await rm(making, { recursive: true, force: true });
  });
  return home;
}

const inflate = (from: string, to: string): Promise<void> =>
  pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
