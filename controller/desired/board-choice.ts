import { FACTORY_BOARD } from '#devices/board/settings';
import { BoardChoice, type FallbackChoice } from '../http/contract/board-choice.ts';

const MINUTE_MS = 60_000;
const { fallbacks } = FACTORY_BOARD;

/** What holds for a board of which nothing was chosen: as it left the factory, with the name of the site on it. */
export const DEFAULT_BOARD: BoardChoice = {
  title: FACTORY_BOARD.title,
  idle: factory('idle'),
  linkLost: factory('linkLost'),
  linkLostAfterMinutes: fallbacks.linkLostAfterMs / MINUTE_MS,
  powerReturn: factory('powerReturn'),
  powerReturnSeconds: fallbacks.powerReturnMs / 1_000,
  clockUnset: factory('clockUnset'),
  off: [],
  brightness: { by: 'fixed' },
  rectangle: null,
  pictureEveryMinutes: FACTORY_BOARD.pictureEveryMs / MINUTE_MS,
  viewingMetres: 15,
};

/** Each moment in which a board has something else to show than its plan. */
export const TROUBLES = ['idle', 'linkLost', 'powerReturn', 'clockUnset'] as const;

function factory(trouble: (typeof TROUBLES)[number]): FallbackChoice {
  const { show } = fallbacks[trouble];
  if (show === 'scene') throw new Error('a board leaves the factory without scenes');
  return { show };
}

const Stored = BoardChoice.partial();

/** @param stored the column `device.board`. */
export const boardChoiceOf = (stored: string | null): BoardChoice =>
  stored === null ? DEFAULT_BOARD : whole(Stored.parse(JSON.parse(stored)));

/** @returns the column `device.board`: only what differs from the defaults; null where nothing does. */
export function storedBoard(choice: BoardChoice): string | null {
  const own = Object.entries(sorted(choice)).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_BOARD[field as keyof BoardChoice]),
  );
  return own.length === 0 ? null : JSON.stringify(Object.fromEntries(own));
}

/** What was said, and the rest as it was. */
export const changedBoard = (before: BoardChoice, change: Partial<Optional<BoardChoice>>): BoardChoice =>
  whole({ ...before, ...change });

type Optional<T> = { [K in keyof T]: T[K] | undefined };

function whole(choice: Partial<Optional<BoardChoice>>): BoardChoice {
  const said = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_BOARD, ...said };
}

/** In the order in which they are read. */
function sorted(choice: BoardChoice): BoardChoice {
  const { off, brightness } = choice;
  return {
    ...choice,
    off: [...off].sort((one, other) => one.from.localeCompare(other.from)),
    brightness:
      brightness.by === 'time'
        ? { ...brightness, steps: [...brightness.steps].sort((a, b) => a.from.localeCompare(b.from)) }
        : brightness.by === 'sensor'
          ? { ...brightness, points: [...brightness.points].sort((a, b) => a.lux - b.lux) }
          : brightness,
  };
}
