import { faceFor } from '../face/face.ts';
import { boxOf, overlap } from '../render/box.ts';
import type { LintFinding } from './finding.ts';
import { found, type Looked } from './looked.ts';

/** Height of capitals that is asked for each metre of distance, by day; at night twice as much. */
export const MM_PER_METRE = { day: 3.3, night: 6.6 } as const;
/** Five minutes of arc: below that not even good eyes tell letters apart. */
const LEAST_MM_PER_METRE = 1.45;
/** Of the pages of one item. */
const MOST_PAGES = 6;

/** Whether everything has its room on the board, and is large enough for whoever is to read it. */
export function lintLayout(looked: Looked): LintFinding[] {
  return [...lintPlace(looked), ...lintRoom(looked), ...lintHeight(looked), ...lintPages(looked)];
}

function lintPlace(looked: Looked): LintFinding[] {
  const { page, zoneIndex, scene, panel } = looked;
  const rectangle = page.zones[zoneIndex]?.rectangle;
  const grid = scene.grid ?? panel;
  const findings: LintFinding[] = [];
  if (rectangle !== undefined) {
    const { x, y, width, height } = rectangle;
    const inside = {
      width: Math.min(width, grid.width),
      height: Math.min(height, grid.height),
      x: Math.max(0, Math.min(x, grid.width - Math.min(width, grid.width))),
      y: Math.max(0, Math.min(y, grid.height - Math.min(height, grid.height))),
    };
    if (x !== inside.x || y !== inside.y || width !== inside.width || height !== inside.height) {
      findings.push(found(looked, 'error', 'zone-outside', {}, 'move-zone', inside));
    }
  }
  const box = boxOf(rectangle, scene.grid, panel);
  for (const [other, below] of page.zones.slice(0, zoneIndex).entries()) {
    if (overlap(box, boxOf(below.rectangle, scene.grid, panel))) {
      findings.push(found(looked, 'warning', 'zones-overlap', { other }, 'part-zones'));
    }
  }
  return findings;
}

/** Words that are cut, and lines. Whoever chose the height of the lines can choose another. */
function lintRoom(looked: Looked): LintFinding[] {
  const { item, set } = looked;
  if (set === null) return [];
  const { broken, clipped, linePx } = set.act.setting;
  const least = linePx[0] ?? 0;
  const chosen = 'linePx' in item && item.linePx !== undefined;
  const smaller = Math.floor(least * 0.75);
  const word = broken[0];
  const findings: LintFinding[] = [];
  const chosenSmaller = chosen && smaller >= 8;
  const fix = chosenSmaller ? 'set-line' : 'larger-zone';
  const fixParams = { linePx: chosenSmaller ? smaller : least };
  if (clipped) {
    const { width, height } = set.box;
    findings.push(found(looked, 'error', 'zone-too-small', { width, height, linePx: least }, fix, fixParams));
  }
  if (word !== undefined) {
    findings.push(found(looked, 'warning', 'word-too-wide', { word, linePx: least }, fix, fixParams));
  }
  return findings;
}

function lintHeight(looked: Looked): LintFinding[] {
  const { item, set, panel, options } = looked;
  const capitalPx = set?.act.setting.capitalPx ?? null;
  if (set === null || capitalPx === null) return [];
  const mm = capitalPx * panel.pitchMm;
  const perMetre = options.night ? MM_PER_METRE.night : MM_PER_METRE.day;
  const neededMm = perMetre * options.viewingMetres;
  if (mm >= neededMm) return [];
  const params = {
    mm: tenths(mm),
    neededMm: tenths(neededMm),
    metres: options.viewingMetres,
    readableMetres: tenths(mm / perMetre),
  };
  const severity = mm < LEAST_MM_PER_METRE * options.viewingMetres ? 'error' : 'warning';
  const linePx = lineFor(Math.ceil(neededMm / panel.pitchMm));
  // A line that fits its zone can be set; what does not fit beside it goes on further pages.
  const room = item.type === 'tile' || item.type === 'emergency' ? 0 : set.box.height;
  return linePx <= room
    ? [found(looked, severity, 'letters-too-small', params, 'set-line', { linePx })]
    : [
        found(
          looked,
          severity,
          'letters-too-small',
          params,
          item.type === 'emergency' ? 'fewer-words' : 'larger-zone',
          { linePx },
        ),
      ];
}

/** The lowest line whose capitals are so high. */
function lineFor(capitalPx: number): number {
  let linePx = Math.max(8, Math.floor(capitalPx * 1.5));
  while (linePx < 1_000 && faceFor('body', linePx).capitalPx < capitalPx) linePx += 1;
  return linePx;
}

function lintPages(looked: Looked): LintFinding[] {
  const pages = looked.set?.act.pages ?? 1;
  if (pages <= MOST_PAGES) return [];
  return [found(looked, 'warning', 'too-many-pages', { pages, most: MOST_PAGES }, 'fewer-words')];
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
