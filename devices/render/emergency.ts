import type { z } from 'zod';
import type { EmergencyItem } from '../scene/item.ts';
import type { Act, Place } from './act.ts';
import { marginOf } from './box.ts';
import { largest, largestLine, smallestLine } from './fit.ts';
import { paintHazard } from './hazard.ts';
import type { Inks } from './ink.ts';
import { fillRectangle, type Raster } from './raster.ts';
import { setText } from './text-act.ts';
import type { WrittenParagraph } from './text-trial.ts';

type Emergency = z.infer<typeof EmergencyItem>;

/** A level's own colour, and what is written on it. */
export const LEVELS: Record<Emergency['level'], { readonly colour: string; readonly ink: string }> = {
  red: { colour: '#d40000', ink: '#ffffff' },
  orange: { colour: '#ff7a00', ink: '#000000' },
  yellow: { colour: '#ffd500', ink: '#000000' },
  drill: { colour: '#0066d6', ink: '#ffffff' },
};
const GROUND = '#000000';
const WHITE = '#ffffff';
/** The stripes change places so often: half a flash a second, far from the three that harm. */
const TURN_MS = 1_000;

/** The heading on its block of colour and the text below it; null where there is none. */
interface Parts {
  readonly block: number;
  readonly top: Act;
  readonly below: Act | null;
}

/** Over the whole board: stripes at the edges, the heading on its level's colour, the words large and white on black. */
export function setEmergency(item: Emergency, place: Place): Act {
  const { size } = place;
  const { colour } = LEVELS[item.level];
  const band = Math.max(2, Math.round(Math.min(size.height / 14, size.width / 10)));
  const inner = Math.max(1, size.height - 2 * band);
  const { block, top, below } = partsOf(item, place, inner);
  const pages = Math.max(top.pages, below?.pages ?? 1);
  const turned = (groupMs: number): boolean => Math.floor(groupMs / TURN_MS) % 2 === 1;
  const settings = [top.setting, ...(below === null ? [] : [below.setting])];
  const capitals = settings.flatMap(({ capitalPx }) => (capitalPx === null ? [] : [capitalPx]));
  return {
    pages,
    moving: true,
    lastsMs: 0,
    setting: {
      linePx: settings.flatMap(({ linePx }) => linePx).sort((a, b) => a - b),
      capitalPx: capitals.length === 0 ? null : Math.min(...capitals),
      broken: settings.flatMap(({ broken }) => broken),
      clipped: settings.some(({ clipped }) => clipped),
    },
    words: (page) => [top.words(page % top.pages), below?.words(page % below.pages) ?? ''].join('\n').trim(),
    at: (_page, groupMs) => ({ name: String(turned(groupMs)), nextInMs: TURN_MS - (groupMs % TURN_MS) }),
    paint: (raster, page, groupMs, now) => {
      fillRectangle(raster, 0, 0, size.width, size.height, GROUND);
      paintHazard(raster, 0, band, colour, GROUND, turned(groupMs));
      paintHazard(raster, size.height - band, band, colour, GROUND, turned(groupMs));
      fillRectangle(raster, 0, band, size.width, block, colour);
      top.paint(partOf(raster, band, block), page % top.pages, groupMs, now);
      below?.paint(partOf(raster, band + block, inner - block), page % below.pages, groupMs, now);
    },
  };
}

/** As large as both fit; where the text needs pages, the heading takes no more room than it must. */
function partsOf(
  { level, heading, text }: Emergency,
  { size, board, language }: Place,
  inner: number,
): Parts {
  const { colour, ink } = LEVELS[level];
  const setTop = (block: number, linePx?: number): Act =>
    setText(
      {
        heading: linesOf(heading, 'heading', ink),
        paragraphs: [],
        linePx,
        align: 'center',
        inks: inksOf(ink),
      },
      { size: { width: size.width, height: block }, board, ground: colour, language },
    );
  if (text.trim() === '') return { block: inner, top: setTop(inner), below: null };
  const setBelow = (height: number, linePx?: number): Act =>
    setText(
      { heading: [], paragraphs: linesOf(text, 'body', WHITE), linePx, align: 'center', inks: inksOf(WHITE) },
      { size: { width: size.width, height: Math.max(1, height) }, board, ground: GROUND, language },
    );
  const smallest = Math.min(smallestLine(board), inner);
  const found = largest(smallest, largestLine(size), (linePx): { block: number; below: Act } | null => {
    const block = blockFor(heading, setTop, inner, linePx);
    const below = setBelow(inner - block, linePx);
    const fits =
      block < inner && below.pages === 1 && below.setting.broken.length === 0 && !below.setting.clipped;
    return fits ? { block, below } : null;
  });
  if (found !== null) {
    // What is left over is shared, and the letters grow into it.
    const block = Math.max(found.block, Math.round(inner * 0.36));
    const below = setBelow(inner - block);
    const grown = below.pages === 1 && below.setting.broken.length === 0;
    return grown ? { block, top: setTop(block), below } : { ...found, top: setTop(found.block) };
  }
  const block = Math.min(Math.round(inner * 0.6), blockFor(heading, setTop, inner, smallest));
  return { block, top: setTop(block), below: setBelow(inner - block) };
}

/** How high the heading's block must be for lines of a height. */
function blockFor(
  heading: string,
  setTop: (block: number, linePx?: number) => Act,
  inner: number,
  linePx: number,
): number {
  // A heading is a little larger than the text.
  const headingPx = Math.round(linePx * 1.2);
  for (let lines = 1; lines * headingPx < inner; lines += 1) {
    const block =
      lines * headingPx +
      Math.max(2, Math.round(linePx / 6)) +
      2 * marginOf({ width: 1_000, height: lines * headingPx }).down;
    const { pages, setting } = setTop(block, linePx);
    if (pages === 1 && setting.broken.length === 0 && !setting.clipped) return block;
  }
  return heading.trim() === '' ? 0 : inner;
}

const linesOf = (text: string, voice: 'heading' | 'body', ink: string): WrittenParagraph[] =>
  text.trim() === '' ? [] : text.split(/\r?\n/).map((line) => ({ runs: [{ text: line, voice, ink }] }));

const inksOf = (ink: string): Inks => ({ heading: ink, body: ink, quiet: ink, faint: '#808080' });

/** Whole rows of a raster, as a raster. */
const partOf = ({ data, width }: Raster, y: number, height: number): Raster => ({
  data: data.subarray(y * width * 4, (y + height) * width * 4),
  width,
  height,
});
