import type { BoardView } from '#controller/http/contract/boards';

export const PROBLEMS = [
  'frozen',
  'powerless',
  'shows-other',
  'draws-other',
  'away',
  'clock-unset',
  'not-taken',
  'dead-pixels',
  'picture-old',
] as const;

/** Something about a board that a person can do something about. */
export interface BoardProblem {
  readonly code: (typeof PROBLEMS)[number];
  readonly tone: 'bad' | 'warn';
  /** Since when, epoch ms, as far as it is known. */
  readonly since: number | null;
  /** The next right thing to do. */
  readonly action: 'reboot' | 'capture' | 'look';
  readonly params: Readonly<Record<string, number>>;
}

/** So long a board may take to take up what is asked of it before it counts as a problem. */
const TAKES_MS = 60_000;
/** A picture is old where so many that were due since did not come; one that nobody asked for is not missed. */
const MISSED_PICTURES = 2;
/** Of all pixels; below it nobody standing in front of the board sees them. */
const DEAD_SHARE = 0.001;

/** What is wrong with a board, the worst first. @param now epoch ms. */
export function problemsOf(board: BoardView, now: number): BoardProblem[] {
  const found: BoardProblem[] = [];
  const add = (
    code: BoardProblem['code'],
    tone: BoardProblem['tone'],
    action: BoardProblem['action'],
    since: number | null,
    params: BoardProblem['params'] = {},
  ) => found.push({ code, tone, action, since, params });

  if (!board.online) {
    // What it said before it fell silent is no news: its other troubles are looked at when it is back.
    if (board.lastHeardAt !== null) add('away', 'bad', 'look', board.lastHeardAt);
    return found;
  }
  if (board.frozenSince !== null) add('frozen', 'bad', 'reboot', board.frozenSince);
  if (board.powered === false) add('powerless', 'bad', 'look', null);
  const { seen, rendered, desired, acknowledged, deadPixels, panel } = board;
  if (seen?.fresh && seen.as === 'different') add('shows-other', 'bad', 'capture', seen.at);
  if (rendered?.as === 'different') add('draws-other', 'bad', 'capture', rendered.at);
  if (board.mode === 'clock-unset') add('clock-unset', 'warn', 'look', null);
  const asked = desired?.since ?? null;
  if (desired !== null && !acknowledged.is && asked !== null && now - asked > TAKES_MS) {
    add('not-taken', 'warn', 'look', asked);
  }
  if (deadPixels !== null && deadPixels > 0) {
    const all = panel === null ? Number.POSITIVE_INFINITY : panel.width * panel.height;
    add('dead-pixels', deadPixels / all > DEAD_SHARE ? 'bad' : 'warn', 'look', null, { count: deadPixels });
  }
  const dueMs = MISSED_PICTURES * board.pictureEveryMinutes * 60_000;
  if (seen !== null && !seen.fresh && dueMs > 0 && now - seen.at > dueMs)
    add('picture-old', 'warn', 'capture', seen.at);
  return found;
}
