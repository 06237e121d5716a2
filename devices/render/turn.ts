/** A page among those that go round, as far as time is concerned. */
export interface Turning {
  readonly dwellMs: number;
  /** Pages of one item that needs several have the same. */
  readonly group: number;
  readonly from?: number;
  readonly until?: number;
}

/** What stands at a moment. */
export interface Standing {
  readonly index: number;
  readonly sinceMs: number;
  /** Since the first page of its group stood. */
  readonly groupMs: number;
}

/**
 * Which page stands `tMs` after the beginning, at `now`. Pages out of their validity are passed over; one that ends goes
 * at its millisecond, and one that goes or comes cuts no other short: what happened since the beginning is gone through
 * from change to change. A page that is alone stands on.
 */
export function standingAt(
  pages: readonly Turning[],
  tMs: number,
  now: number,
): { readonly standing: Standing | null; readonly nextInMs: number } {
  const began = now - Math.max(0, tMs);
  const changes = [...new Set(pages.flatMap(({ from, until }) => [from, until]))].filter(
    (at) => at !== undefined,
  );
  const passed = changes.filter((at) => at > began && at <= now).sort((a, b) => a - b);
  let standing: Standing | null = null;
  let valid: number[] = [];
  for (const [at, from] of [began, ...passed].entries()) {
    valid = pages.flatMap((page, index) => (isValid(page, from) ? [index] : []));
    standing = move(pages, valid, standing, (passed[at] ?? now) - from);
  }
  const change = changes.reduce(
    (least, at) => (at > now ? Math.min(least, at - now) : least),
    Number.POSITIVE_INFINITY,
  );
  const page = standing === null ? undefined : pages[standing.index];
  if (standing === null || page === undefined) return { standing: null, nextInMs: change };
  const left = valid.length > 1 ? page.dwellMs - standing.sinceMs : Number.POSITIVE_INFINITY;
  return { standing, nextInMs: Math.min(change, left) };
}

const isValid = ({ from, until }: Turning, at: number): boolean =>
  (from === undefined || from <= at) && (until === undefined || at < until);

/** Goes on by `ms` while the same pages are valid. */
function move(
  pages: readonly Turning[],
  valid: readonly number[],
  before: Standing | null,
  ms: number,
): Standing | null {
  if (valid.length === 0) return null;
  const dwell = (index: number): number => pages[index]?.dwellMs ?? 1;
  const stays = before !== null && valid.includes(before.index);
  // After a page that went comes the next one that may stand.
  const index = stays ? before.index : (valid.find((one) => one > (before?.index ?? -1)) ?? valid[0] ?? 0);
  const alone = valid.every((one) => pages[one]?.group === pages[index]?.group);
  const groupMs = (stays ? before.groupMs : 0) + ms;
  if (valid.length === 1) return { index, sinceMs: (stays ? before.sinceMs : 0) + ms, groupMs };
  const round = valid.reduce((sum, one) => sum + dwell(one), 0);
  const offset = valid.filter((one) => one < index).reduce((sum, one) => sum + dwell(one), 0);
  let left = (offset + (stays ? before.sinceMs % dwell(index) : 0) + ms) % round;
  let inGroup = 0;
  let group: number | undefined;
  for (const one of valid) {
    if (pages[one]?.group !== group) {
      group = pages[one]?.group;
      inGroup = 0;
    }
    if (left < dwell(one)) return { index: one, sinceMs: left, groupMs: alone ? groupMs : inGroup + left };
    left -= dwell(one);
    inGroup += dwell(one);
  }
  return { index: valid[0] ?? 0, sinceMs: 0, groupMs: 0 };
}
