import { contrast } from '../render/contrast.ts';
import { LEVELS } from '../render/emergency.ts';
import { GROUND, inksOn } from '../render/ink.ts';
import type { SceneItem } from '../scene/item.ts';
import type { LintFinding } from './finding.ts';
import { found, type Looked } from './looked.ts';

/** WCAG 2.2, 1.4.3. */
export const LEAST_CONTRAST = 4.5;
/** Below it, it is not a matter of good eyes any more. */
const UNREADABLE = 3;
const MOST_FLASHES = 3;

/** Whether the writing can be told from its ground, and nothing flashes. */
export function lintLook(looked: Looked): LintFinding[] {
  return [...lintContrast(looked), ...lintFlashes(looked), ...lintEmergency(looked)];
}

function lintContrast(looked: Looked): LintFinding[] {
  const { item, page, zoneIndex } = looked;
  const zone = page.zones[zoneIndex];
  const ground = zone?.ground ?? page.ground ?? GROUND;
  const worst = inksIn(item, ground)
    .map((ink) => ({ ink, ratio: contrast(ink, ground) }))
    .sort((a, b) => a.ratio - b.ratio)[0];
  if (worst === undefined || worst.ratio >= LEAST_CONTRAST) return [];
  const { ink, ratio } = worst;
  const params = { ratio: Math.round(ratio * 10) / 10, least: LEAST_CONTRAST, ink, ground };
  const severity = ratio < UNREADABLE ? 'error' : 'warning';
  // Black is what a board shows best; where the ink is dark itself, the ink gives way.
  const others = inksIn(item, GROUND);
  if (ground !== GROUND && others.every((one) => contrast(one, GROUND) >= LEAST_CONTRAST)) {
    return [found(looked, severity, 'low-contrast', params, 'set-ground', { ground: GROUND })];
  }
  const colour = contrast('#ffffff', ground) >= contrast('#000000', ground) ? '#ffffff' : '#000000';
  return [found(looked, severity, 'low-contrast', params, 'set-colour', { colour })];
}

/** The colours of what is read. */
function inksIn(item: SceneItem, ground: string): string[] {
  const own = 'colour' in item ? item.colour : undefined;
  const { body, heading, quiet } = inksOn(ground, own);
  switch (item.type) {
    case 'notice':
      return item.heading === undefined ? [body] : [body, heading];
    case 'text':
      return [
        ...item.paragraphs.flatMap(({ runs }) => runs.map(({ colour }) => colour ?? body)),
        ...(item.paragraphs.some(({ bullet }) => bullet === true) ? [heading] : []),
      ];
    case 'table':
      return [body, heading, quiet];
    case 'ticker':
      return [body];
    case 'clock':
      return [body, heading];
    case 'tile':
      return [body, quiet];
    case 'emergency':
      // The level's own colours, whatever the ground.
      return contrast(LEVELS[item.level].colour, LEVELS[item.level].ink) < LEAST_CONTRAST ? [ground] : [];
    case 'image':
    case 'images':
    case 'video':
      return [];
  }
}

function lintFlashes(looked: Looked): LintFinding[] {
  const { item } = looked;
  if (item.type !== 'images' || item.pictures.length < 2) return [];
  const flashes = 1_000 / item.eachMs;
  if (flashes <= MOST_FLASHES) return [];
  return [
    found(looked, 'error', 'flashing', { flashes: Math.round(flashes) }, 'set-each', { eachMs: 3_000 }),
  ];
}

function lintEmergency(looked: Looked): LintFinding[] {
  if (looked.item.type !== 'emergency' || looked.options.incident === true) return [];
  return [found(looked, 'error', 'emergency-alone', {}, 'emergency-to-notice')];
}
