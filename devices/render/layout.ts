import type { z } from 'zod';
import type { NoticeItem } from '../scene/item.ts';
import type { Scene } from '../scene.ts';
import { type Brush, fontOf, type Size, type Voice } from './brush.ts';
import { type LineMetrics, lineMetrics, Ruler, wrap } from './typeset.ts';

/** A line of text with its place: `x` of its middle or left edge and `y` of its baseline, in whole pixels. */
export interface PlacedLine {
  readonly text: string;
  readonly font: string;
  readonly voice: Voice;
  readonly align: 'left' | 'center';
  readonly x: number;
  readonly y: number;
}

/** One picture of the board, and how long it stands before the next. */
export interface Page {
  readonly lines: readonly PlacedLine[];
  /** A rule under the heading, where there is room for one. */
  readonly rule: { readonly y: number; readonly height: number } | null;
  /** "2/3" by marks along the lower edge, when a text needs more than one page. */
  readonly position: { readonly index: number; readonly of: number };
  readonly dwellMs: number;
}

/**
 * The smallest that is read. On a coarse LED matrix marks run together below 9 pixels, and 12 are taken where
 * there is room; on a fine, large screen it is a share of the height, for the reader across the road.
 */
const smallest = ({ height }: Size): number =>
  Math.max(9, Math.min(12, Math.round(height / 8)), Math.round(height / 18));
const largest = ({ width, height }: Size): number => Math.max(9, Math.round(Math.min(height / 3, width / 6)));

/** Slow readers manage some 14 letters a second; the eye needs a moment to find the page. */
const dwellOf = (lines: readonly string[]): number =>
  Math.max(4_000, 1_500 + (lines.reduce((sum, line) => sum + line.length, 0) / 14) * 1_000);

/** The pages of a scene on a board of a size, in the order in which they are shown. */
export const layOut = (brush: Brush, scene: Scene, size: Size): Page[] =>
  scene.pages
    .flatMap(({ zones }) => zones.map(({ item }) => item))
    .flatMap((item) => (item.type === 'notice' ? layOutNotice(brush, item, size) : []));

interface Trial {
  readonly heading: readonly string[];
  readonly body: readonly string[];
  readonly headingSize: number;
  readonly bodySize: number;
  readonly headingMetrics: LineMetrics;
  readonly bodyMetrics: LineMetrics;
  readonly gap: number;
}

/** The largest size at which the whole notice fits; if that would be too small to read, pages at the smallest legible one. */
function layOutNotice(brush: Brush, item: z.infer<typeof NoticeItem>, size: Size): Page[] {
  const heading = (item.heading ?? '').normalize('NFC').trim();
  const body = item.text.normalize('NFC').trim();
  const margin = marginOf(size);
  let low = smallest(size);
  let high = largest(size);
  let best: Trial | null = null;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const trial = tryAt(brush, heading, body, size, middle);
    if (heightOf(trial) <= size.height - 2 * margin) {
      best = trial;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  if (best !== null)
    return [placePage(best, best.heading, best.body, size, { index: 0, of: 1 }, best.body.length)];
  return paginate(tryAt(brush, heading, body, size, smallest(size)), size);
}

/** Left dark along the edges. */
export const marginOf = ({ width, height }: Size): number =>
  Math.max(1, Math.round(Math.min(width, height) / 24));

function tryAt(brush: Brush, heading: string, body: string, size: Size, bodySize: number): Trial {
  const width = size.width - 2 * marginOf(size);
  // A heading is a little larger, unless the board is so small that every pixel counts.
  const headingSize = size.height < 64 ? bodySize : Math.round(bodySize * 1.2);
  return {
    heading: heading === '' ? [] : wrap(heading, new Ruler(brush, 'heading', headingSize), width),
    body: wrap(body, new Ruler(brush, 'body', bodySize), width),
    headingSize,
    bodySize,
    headingMetrics: lineMetrics(brush, 'heading', headingSize, heading),
    bodyMetrics: lineMetrics(brush, 'body', bodySize, body),
    gap: Math.max(1, Math.round(bodySize / 3)),
  };
}

const blockHeight = (count: number, metrics: LineMetrics): number =>
  count === 0 ? 0 : (count - 1) * metrics.leading + metrics.ascent + metrics.descent;

const heightOf = (trial: Trial): number =>
  blockHeight(trial.heading.length, trial.headingMetrics) +
  (trial.heading.length === 0 ? 0 : trial.gap) +
  blockHeight(trial.body.length, trial.bodyMetrics);

/** The heading stays on every page while it leaves room for two lines of text; else it has pages of its own. */
function paginate(trial: Trial, size: Size): Page[] {
  const room = size.height - 2 * marginOf(size) - markHeight(size);
  const fits = (height: number, metrics: LineMetrics): number =>
    Math.max(1, 1 + Math.floor((height - metrics.ascent - metrics.descent) / metrics.leading));
  const besideHeading =
    trial.heading.length === 0
      ? room
      : room - blockHeight(trial.heading.length, trial.headingMetrics) - trial.gap;
  const stays = besideHeading >= blockHeight(2, trial.bodyMetrics);
  const bodies = chunks(trial.body, fits(stays ? besideHeading : room, trial.bodyMetrics));
  const contents = stays
    ? bodies.map((body) => ({ heading: trial.heading, body }))
    : [
        ...chunks(trial.heading, fits(room, trial.headingMetrics)).map((heading) => ({ heading, body: [] })),
        ...bodies.map((body) => ({ heading: [], body })),
      ];
  const fullest = Math.max(0, ...bodies.map((body) => body.length));
  return contents.map(({ heading, body }, index) =>
    placePage(trial, heading, body, size, { index, of: contents.length }, fullest),
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  // Evenly filled, so that the last page is not a single lost word.
  const count = Math.ceil(items.length / size);
  const even = count === 0 ? size : Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, index) => items.slice(index * even, (index + 1) * even));
}

/** Room for the marks that tell which page of how many stands. */
export const markHeight = ({ height }: Size): number => Math.max(1, Math.round(height / 90));

/** @param fullest most lines of text on a page of the notice: pages of one notice begin at the same height. */
function placePage(
  trial: Trial,
  heading: readonly string[],
  body: readonly string[],
  size: Size,
  position: Page['position'],
  fullest: number,
): Page {
  const { headingMetrics, bodyMetrics, gap } = trial;
  const gapHeight = heading.length > 0 && body.length > 0 ? gap : 0;
  const textHeight = blockHeight(body.length === 0 ? 0 : fullest, bodyMetrics);
  const total = blockHeight(heading.length, headingMetrics) + gapHeight + textHeight;
  const room = size.height - (position.of > 1 ? markHeight(size) + 1 : 0);
  let y = Math.max(0, Math.floor((room - total) / 2));
  const lines: PlacedLine[] = [];
  const middle = Math.round(size.width / 2);
  const headingFont = fontOf('heading', trial.headingSize);
  for (const text of heading) {
    lines.push({
      text,
      font: headingFont,
      voice: 'heading',
      align: 'center',
      x: middle,
      y: y + headingMetrics.ascent,
    });
    y += headingMetrics.leading;
  }
  if (heading.length > 0)
    y += headingMetrics.ascent + headingMetrics.descent - headingMetrics.leading + gapHeight;
  const ruleHeight = Math.max(1, Math.round(trial.bodySize / 24));
  const rule = gapHeight >= 6 ? { y: y - Math.ceil((gapHeight + ruleHeight) / 2), height: ruleHeight } : null;
  // One or two lines are a poster, and stand in the middle; more are a text, and begin at the left.
  const centred = fullest <= 2;
  const bodyFont = fontOf('body', trial.bodySize);
  for (const text of body) {
    const x = centred ? middle : marginOf(size);
    lines.push({
      text,
      font: bodyFont,
      voice: 'body',
      align: centred ? 'center' : 'left',
      x,
      y: y + bodyMetrics.ascent,
    });
    y += bodyMetrics.leading;
  }
  return { lines, rule, position, dwellMs: dwellOf([...heading, ...body]) };
}
