import type { z } from 'zod';
import type { EmergencyItem } from '../scene/item.ts';
import type { Act, Place } from './act.ts';
import { paintHazard } from './hazard.ts';
import type { Inks } from './ink.ts';
import { fillRectangle, type Raster } from './raster.ts';
import { setText, type WrittenParagraph } from './text-act.ts';

type Emergency = z.infer<typeof EmergencyItem>;

/** A level's own colour, and what is written on it. */
export const LEVELS: Record<Emergency['level'], { readonly colour: string; readonly ink: string }> = {
  red: { colour: '#d40000', ink: '#ffffff' },
  orange: { colour: '#ff7a00', ink: '#000000' },
  yellow: { colour: '#ffd500', ink: '#000000' },
  drill: { colour: '#0066d6', ink: '#ffffff' },
};
const GROUND = '#000000';
/** The stripes change places so often: half a flash a second, far from the three that harm. */
const TURN_MS = 1_000;

/** Over the whole board: stripes at the edges, the heading on its level's colour, the words large and white on black. */
export function setEmergency({ level, heading, text }: Emergency, place: Place): Act {
  const { size, board, language } = place;
  const { colour, ink } = LEVELS[level];
  const band = Math.max(2, Math.round(Math.min(size.height / 14, size.width / 10)));
  const inner = Math.max(1, size.height - 2 * band);
  const block = text.trim() === '' ? inner : Math.round(inner * 0.42);
  const top = setText(
    {
      heading: linesOf(heading, 'heading', ink),
      paragraphs: [],
      linePx: undefined,
      align: 'center',
      inks: inksOf(ink),
    },
    { size: { width: size.width, height: block }, board, ground: colour, language },
  );
  const below = setText(
    {
      heading: [],
      paragraphs: linesOf(text, 'body', '#ffffff'),
      linePx: undefined,
      align: undefined,
      inks: inksOf('#ffffff'),
    },
    { size: { width: size.width, height: Math.max(1, inner - block) }, board, ground: GROUND, language },
  );
  const pages = Math.max(top.pages, below.pages);
  const turned = (groupMs: number): boolean => Math.floor(groupMs / TURN_MS) % 2 === 1;
  const sizes = [...top.setting.linePx, ...below.setting.linePx].sort((a, b) => a - b);
  return {
    pages,
    moving: true,
    lastsMs: 0,
    setting: {
      linePx: sizes,
      capitalPx: [top.setting.capitalPx, below.setting.capitalPx].reduce(
        (least, one) => (one === null || (least !== null && least < one) ? least : one),
        null,
      ),
      broken: [...top.setting.broken, ...below.setting.broken],
      clipped: top.setting.clipped || below.setting.clipped,
    },
    words: (page) => [top.words(page % top.pages), below.words(page % below.pages)].join('\n').trim(),
    at: (_page, groupMs) => ({ name: String(turned(groupMs)), nextInMs: TURN_MS - (groupMs % TURN_MS) }),
    paint: (raster, page, groupMs, now) => {
      fillRectangle(raster, 0, 0, size.width, size.height, GROUND);
      paintHazard(raster, 0, band, colour, GROUND, turned(groupMs));
      paintHazard(raster, size.height - band, band, colour, GROUND, turned(groupMs));
      fillRectangle(raster, 0, band, size.width, block, colour);
      top.paint(partOf(raster, band, block), page % top.pages, groupMs, now);
      below.paint(partOf(raster, band + block, inner - block), page % below.pages, groupMs, now);
    },
  };
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
