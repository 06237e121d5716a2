import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts } from '@napi-rs/canvas';
import { FONT_FAMILIES, FONT_WEIGHTS } from '#devices/render/brush';

let registered = false;

/** Gives the canvas the board's fonts, once per process: Latin and Vietnamese subsets, each weight in use. */
export function registerFonts(): void {
  if (registered) return;
  const files = join(
    dirname(createRequire(import.meta.url).resolve('@fontsource/be-vietnam-pro/package.json')),
    'files',
  );
  for (const weight of Object.values(FONT_WEIGHTS)) {
    for (const [index, subset] of ['latin', 'vietnamese'].entries()) {
      const path = join(files, `be-vietnam-pro-${subset}-${weight}-normal.woff2`);
      if (GlobalFonts.registerFromPath(path, FONT_FAMILIES[index]) === null) {
        throw new Error(`cannot load the board's font ${path}: run npm ci again`);
      }
    }
  }
  registered = true;
}
