import { createCanvas } from '@napi-rs/canvas';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { lettersOn } from '../support/letters-in-page.ts';

const root = new URL('../..', import.meta.url).pathname;

/** The very code, made into one file for a page: it calls `lettersOn` with canvases of the page. */
async function codeForPage(): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['loa-source'] },
    build: {
      write: false,
      lib: { entry: `${root}test/support/letters-in-page.ts`, formats: ['iife'], name: 'letters' },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !('output' in output)) throw new Error('Nothing was built.');
  return output.output[0].code;
}

test('a browser shows every letter byte for byte as a board without one does', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await codeForPage() });
    const shown = await page.evaluate<Record<string, number>>(
      `letters.lettersOn((width, height) => new OffscreenCanvas(width, height).getContext('2d'))`,
    );
    expect(shown).toEqual(lettersOn((width, height) => createCanvas(width, height).getContext('2d')));
    expect(new Set(Object.values(shown)).size).toBeGreaterThan(10);
  } finally {
    await browser.close();
  }
});
