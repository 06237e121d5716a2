import { actOf } from '../render/act-of.ts';
import { readingMs } from '../render/reading.ts';
import { LETTERS_A_SECOND } from '../render/ticker.ts';
import type { LintFinding } from './finding.ts';
import { found, type Looked } from './looked.ts';

/** More than that, and pages are not better than a line that runs. */
const MOST_PAGES = 6;

/** A line that runs: not faster than it is read, and not at all where pages are read sooner. */
export function lintTicker(looked: Looked): LintFinding[] {
  const { item, set, scene, panel } = looked;
  if (item.type !== 'ticker' || set === null || !set.act.moving) return [];
  const findings: LintFinding[] = [];
  const speed = set.act.setting.lettersASecond ?? 0;
  if (speed > LETTERS_A_SECOND * 1.05 && item.pixelsPerSecond !== undefined) {
    const pixelsPerSecond = Math.max(4, Math.floor((item.pixelsPerSecond * LETTERS_A_SECOND) / speed));
    const params = { lettersASecond: Math.round(speed * 10) / 10, most: LETTERS_A_SECOND };
    findings.push(found(looked, 'error', 'ticker-too-fast', params, 'slow-ticker', { pixelsPerSecond }));
  }
  const { width, height } = set.box;
  const paged = actOf(
    { type: 'notice', text: item.text },
    { size: { width, height }, board: panel, ground: set.ground, language: scene.language },
  );
  const { broken, clipped } = paged.setting;
  if (!clipped && broken.length === 0 && paged.pages <= MOST_PAGES) {
    const pagesMs = Array.from({ length: paged.pages }, (_, page) => readingMs(paged.words(page))).reduce(
      (sum, ms) => sum + ms,
      0,
    );
    const params = { passMs: set.act.lastsMs, pagesMs, pages: paged.pages };
    findings.push(found(looked, 'warning', 'ticker-rather-pages', params, 'ticker-to-pages'));
  }
  return findings;
}
