import type { BoardView } from '#controller/http/contract/boards';
import type { ShapeName, Tone } from '../../parts/shapes.ts';

export interface Sign {
  readonly shape: ShapeName;
  readonly tone: Tone;
}

const sign = (shape: ShapeName, tone: Tone): Sign => ({ shape, tone });

export type ShownMode = NonNullable<BoardView['mode']> | 'unknown' | 'away';

/** What a board does now, as far as it is known: of one that is silent only that. */
export const modeOf = ({ online, mode }: Pick<BoardView, 'online' | 'mode'>): ShownMode =>
  mode === null ? 'unknown' : online ? mode : 'away';

export const modeSigns: Record<ShownMode, Sign> = {
  emergency: sign('triangle', 'bad'),
  playing: sign('full', 'good'),
  idle: sign('ring', 'quiet'),
  off: sign('ring', 'quiet'),
  'clock-unset': sign('triangle', 'warn'),
  'power-return': sign('half', 'accent'),
  'link-lost': sign('triangle', 'warn'),
  away: sign('cross', 'bad'),
  unknown: sign('question', 'quiet'),
};

export const STEPS = ['asked', 'acknowledged', 'rendered', 'seen'] as const;
export type Step = (typeof STEPS)[number];

/** Which sentence and sign each of the four steps has. They are four facts, and never one light for all. */
export interface StepSign extends Sign {
  readonly says:
    | 'something'
    | 'nothing'
    | 'holds'
    | 'behind'
    | 'silent'
    | 'frozen'
    | 'powerless'
    | 'same'
    | 'standby'
    | 'different'
    | 'uncompared'
    | 'never'
    | 'old';
}

const says = (name: StepSign['says'], shape: ShapeName, tone: Tone): StepSign => ({
  ...sign(shape, tone),
  says: name,
});

export function stepSign(board: BoardView, step: Step): StepSign {
  switch (step) {
    case 'asked':
      return board.desired === null ? says('nothing', 'ring', 'quiet') : says('something', 'full', 'good');
    case 'acknowledged':
      return board.acknowledged.is ? says('holds', 'full', 'good') : says('behind', 'half', 'warn');
    case 'rendered':
      return renderedSign(board);
    case 'seen':
      return seenSign(board.seen);
  }
}

function renderedSign({ rendered, online, frozenSince, powered, desired }: BoardView): StepSign {
  if (rendered === null) return says('never', 'question', 'quiet');
  if (!online) return says('silent', 'question', 'quiet');
  if (frozenSince !== null) return says('frozen', 'triangle', 'bad');
  if (powered === false) return says('powerless', 'triangle', 'bad');
  if (rendered.as === 'different') return says('different', 'cross', 'bad');
  if (rendered.as !== 'same') return says('uncompared', 'half', 'quiet');
  // A clock or a name is what was chosen; no pixel of it was compared.
  return desired === null ? says('standby', 'full', 'good') : says('same', 'full', 'good');
}

function seenSign(seen: BoardView['seen']): StepSign {
  if (seen === null) return says('never', 'question', 'quiet');
  if (!seen.fresh) return says('old', 'half', 'warn');
  if (seen.as === 'different') return says('different', 'cross', 'bad');
  return seen.as === 'same' ? says('same', 'full', 'good') : says('uncompared', 'half', 'quiet');
}
