import type { BoardChoice } from '#controller/http/contract/board-choice';
import type { DeviceDetail } from '#controller/http/contract/devices';
import type { BrightnessRule } from '#devices/board/brightness';
import type { Place } from '../../../words/place.ts';

export type Brightness = BoardChoice['brightness'];
export type TimedBrightness = Extract<Brightness, { by: 'time' }>['steps'][number];
export type LightPoint = Extract<Brightness, { by: 'sensor' }>['points'][number];

/** What is typed before it is saved: the board's own settings, and the brightness that holds without a rule. */
export interface Draft extends BoardChoice {
  readonly fixed: number;
}

export const draftOf = (device: DeviceDetail & { board: BoardChoice }): Draft => ({
  ...device.board,
  fixed: device.brightness,
});

/** For a start, by how bright the board is now. */
export function suggested(by: Brightness['by'], fixed: number): Brightness {
  const dim = Math.max(5, Math.round(fixed / 4));
  switch (by) {
    case 'fixed':
      return { by };
    case 'time':
      return {
        by,
        steps: [
          { from: '06:00', brightness: fixed },
          { from: '18:00', brightness: dim },
        ],
      };
    case 'sun':
      return { by, day: fixed, night: dim };
    case 'sensor':
      return {
        by,
        points: [
          { lux: 10, brightness: dim },
          { lux: 1_000, brightness: Math.round((dim + fixed) / 2) },
          { lux: 20_000, brightness: fixed },
        ],
        hysteresis: 0.2,
      };
  }
}

const distinct = (values: readonly (string | number)[]): boolean => new Set(values).size === values.length;

/** Whether every stretch has a beginning and another end. */
export const wholeOff = (off: Draft['off']): boolean =>
  off.every(({ from, until }) => from !== '' && until !== '' && from !== until);

/** What keeps a draft from being saved; null when nothing does. */
export function lackOf({ off, brightness }: Draft): 'off' | 'steps' | 'points' | null {
  if (!wholeOff(off)) return 'off';
  if (brightness.by === 'time') {
    const times = brightness.steps.map(({ from }) => from);
    if (times.includes('') || !distinct(times)) return 'steps';
  }
  if (brightness.by === 'sensor' && !distinct(brightness.points.map(({ lux }) => lux))) return 'points';
  return null;
}

const MINUTES = 1_440;

/** The rule as the board will hold it today, for the chart. Null where nothing can be foretold, or is not whole yet. */
export function ruleOf(
  brightness: Brightness,
  boardPlace: DeviceDetail['boardPlace'],
  place: Place,
  now: number,
): BrightnessRule | undefined {
  if (brightness.by === 'time') {
    const offset = place.offsetMinutes(now);
    const steps = brightness.steps
      .filter(({ from }) => from !== '')
      .map((step) => ({
        minute: (((minuteOf(step.from) - offset) % MINUTES) + MINUTES) % MINUTES,
        brightness: step.brightness,
      }))
      .sort((one, other) => one.minute - other.minute);
    return { by: 'time', steps };
  }
  if (brightness.by !== 'sun' || boardPlace === null) return undefined;
  const { latitude, longitude } = boardPlace;
  return { ...brightness, latitude, longitude };
}

/** Minutes since midnight. @param time `HH:MM`. */
export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
