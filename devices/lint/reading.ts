import { dwellOf, type SetPage, wordsOfSet } from '../render/page-plan.ts';
import { countUnits, countWords, neededMs, type Reader } from '../render/reading.ts';
import type { ScenePage } from '../scene/page.ts';
import type { LintFinding } from './finding.ts';

/** Units of information that are taken in at once: a driver's on one sign, and what a page on foot may hold. */
const MOST_UNITS: Record<Reader, number> = { driver: 4, pedestrian: 12 };

/** Whether a page stands long enough for what is on it: what an item spreads over pages is judged page by page. */
export function lintReading(
  { dwellMs }: ScenePage,
  page: number,
  set: SetPage,
  reader: Reader,
): LintFinding[] {
  const pages = Array.from({ length: set.pages }, (_, at) => ({
    text: readOn(set, at),
    stands: dwellMs ?? dwellOf(set, at),
  }));
  const findings: LintFinding[] = [];
  const lacking = pages
    .map(({ text, stands }) => ({ text, stands, needs: neededMs(text, reader) }))
    .filter(({ stands, needs }) => stands < needs)
    .sort((a, b) => b.needs - a.needs)[0];
  if (lacking !== undefined) {
    findings.push({
      code: 'too-short',
      severity: 'warning',
      params: {
        dwellMs: lacking.stands,
        neededMs: lacking.needs,
        words: countWords(lacking.text),
        units: countUnits(lacking.text),
      },
      page,
      zone: null,
      fix: { code: 'set-dwell', params: { dwellMs: Math.max(1_000, Math.ceil(lacking.needs / 500) * 500) } },
    });
  }
  const units = Math.max(0, ...pages.map(({ text }) => countUnits(text)));
  const most = MOST_UNITS[reader];
  if (units > most) {
    const fix = { code: 'fewer-words', params: { units: most } };
    findings.push({
      code: 'too-much-at-once',
      severity: 'warning',
      params: { units, most },
      page,
      zone: null,
      fix,
    });
  }
  return findings;
}

/** What runs or is shown after one another has a time of its own. */
const readOn = (set: SetPage, page: number): string =>
  wordsOfSet({ ...set, zones: set.zones.filter(({ act }) => act.lastsMs === 0) }, page);
