import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts } from '@napi-rs/canvas';

/** The family is shipped in subsets; the Vietnamese one has a name of its own and is asked second. */
const FAMILIES = ['Be Vietnam Pro', 'Be Vietnam Pro Vietnamese'] as const;
const SUBSETS = ['latin', 'vietnamese'] as const;
export const WEIGHTS = { body: 400, strong: 600, title: 700 } as const;
export type Weight = keyof typeof WEIGHTS;

let registered = false;

/** Gives the pages their fonts, once per process. @throws Error when the package is not whole. */
export function registerFonts(): void {
  if (registered) return;
  const files = join(
    dirname(createRequire(import.meta.url).resolve('@fontsource/be-vietnam-pro/package.json')),
    'files',
  );
  for (const weight of Object.values(WEIGHTS)) {
    for (const [index, subset] of SUBSETS.entries()) {
      const file = join(files, `be-vietnam-pro-${subset}-${weight}-normal.woff2`);
      if (GlobalFonts.registerFromPath(file, FAMILIES[index]) === null) {
        throw new Error(`cannot load the font of reports ${file}: run npm ci again`);
      }
    }
  }
  registered = true;
}

/** A font of the canvas, in points. */
export const fontOf = (weight: Weight, size: number): string =>
  `${WEIGHTS[weight]} ${size}px ${FAMILIES.map((family) => `"${family}"`).join(', ')}, sans-serif`;
