import type { z } from 'zod';
import { type Face, faceFor } from '../face/face.ts';
import { putText } from '../face/put-text.ts';
import type { ClockItem } from '../scene/item.ts';
import type { Align } from '../scene/text.ts';
import type { Act, Place } from './act.ts';
import { marginOf } from './box.ts';
import { putDigits, widthOfDigits } from './digits.ts';
import { largest } from './fit.ts';
import { inksOn } from './ink.ts';
import type { Raster } from './raster.ts';
import { longestDay, MINUTE_MS, type WallTime, wallTime } from './wall-time.ts';

/** What of the wall time stands where, laid out for the longest day. */
interface Dial {
  readonly time: Face | null;
  readonly day: Face | null;
  /** Beside one another, or the time over the day. */
  readonly beside: boolean;
  /** The date without the day of the week. */
  readonly short: boolean;
}

const TIME = '00:00';

/** Wall time: hours and minutes, the day, or both. */
export function setClock(item: z.infer<typeof ClockItem>, place: Place): Act {
  const { size, language, ground } = place;
  const inks = inksOn(ground, item.colour);
  const { across, down } = marginOf(size);
  const room = { width: size.width - 2 * across, height: size.height - 2 * down };
  const dial = dialOf(item, room.width, room.height, language);
  const at = (now: number): WallTime => wallTime(now, item.utcOffsetMinutes, language);
  const faces = [dial.time, dial.day].filter((face) => face !== null);
  return {
    pages: 1,
    moving: true,
    lastsMs: 0,
    setting: {
      linePx: faces.map(({ linePx }) => linePx).sort((a, b) => a - b),
      capitalPx: Math.min(...faces.map(({ capitalPx }) => capitalPx)),
      broken: [],
      clipped: heightOf(dial) > size.height || widthOf(dial, language) > size.width,
    },
    words: () => '',
    at: (_page, _groupMs, now) => ({
      name: String(at(now).minute),
      nextInMs:
        MINUTE_MS - ((((now + item.utcOffsetMinutes * MINUTE_MS) % MINUTE_MS) + MINUTE_MS) % MINUTE_MS),
    }),
    paint: (raster, _page, _groupMs, now) => {
      paintDial(raster, dial, at(now), { across, align: item.align ?? 'center' }, inks.body, inks.heading);
    },
  };
}

function dialOf(item: z.infer<typeof ClockItem>, width: number, height: number, language: string): Dial {
  const fits = (dial: Dial): Dial | null => {
    // A little air above and below, or the figures look squeezed in.
    return widthOf(dial, language) <= width && heightOf(dial) * 1.08 <= height ? dial : null;
  };
  const best = (make: (linePx: number) => Dial): Dial =>
    item.linePx === undefined
      ? (largest(8, 2 * height, (linePx) => fits(make(linePx))) ?? make(8))
      : make(item.linePx);
  const time = (linePx: number): Face => faceFor('heading', linePx);
  const day = (linePx: number): Face => faceFor('body', Math.max(8, linePx));
  if (item.show === 'time') return best((px) => ({ time: time(px), day: null, beside: false, short: false }));
  if (item.show === 'date') {
    const long = best((px) => ({ time: null, day: day(px), beside: false, short: false }));
    const short = best((px) => ({ time: null, day: day(px), beside: false, short: true }));
    return legible(long) ? long : short;
  }
  const over = (short: boolean, share: number): Dial =>
    best((px) => ({ time: time(px), day: day(Math.round(px * share)), beside: false, short }));
  const beside = (short: boolean): Dial =>
    best((px) => ({ time: time(px), day: day(px), beside: true, short }));
  const alone = best((px) => ({ time: time(px), day: null, beside: false, short: false }));
  // The largest figures, but rather the whole day if little is lost by it, and a day that can be read.
  const worth = (dial: Dial): number =>
    (fits(dial) === null ? 0.01 : 1) *
    ((dial.time?.capitalPx ?? 0) + 1.5 * (dial.day?.capitalPx ?? 0)) *
    (dial.short ? 0.55 : 1) *
    (legible(dial) ? 1 : 0.3) *
    (dial.day === null ? 0.4 : 1);
  const dials = [over(false, 0.36), over(false, 0.26), over(true, 0.5), beside(false), beside(true), alone];
  return dials.reduce((one, other) => (worth(other) > worth(one) ? other : one));
}

const legible = ({ day }: Dial): boolean => (day?.linePx ?? 99) >= 12;
const gapOf = ({ time, day, beside }: Dial): number =>
  time === null || day === null ? 0 : Math.max(1, Math.round(beside ? time.linePx / 2 : time.capitalPx / 5));

function widthOf(dial: Dial, language: string): number {
  const { time, day, beside, short } = dial;
  const timeWidth = time === null ? 0 : widthOfDigits(time, TIME);
  const days = short ? ['00/00/0000'] : longestDay(language);
  const dayWidth = day === null ? 0 : Math.max(...days.map((text) => day.widthOf(text)));
  return beside ? timeWidth + gapOf(dial) + dayWidth : Math.max(timeWidth, dayWidth);
}

/** Figures have neither marks nor tails; a day has both. */
function heightOf(dial: Dial): number {
  const { time, day, beside } = dial;
  if (beside) return Math.max(time?.capitalPx ?? 0, day?.linePx ?? 0);
  return (
    (time?.capitalPx ?? 0) +
    gapOf(dial) +
    (day === null ? 0 : time === null ? day.linePx : day.linePx - roomAbove(day))
  );
}
/** Of the line over its capitals: no day of the week has a capital with a mark. */
const roomAbove = (face: Face): number =>
  Math.max(0, face.ascent - face.capitalPx - Math.ceil(face.capitalPx / 4));

function paintDial(
  raster: Raster,
  dial: Dial,
  { time, date, day }: WallTime,
  { across, align }: { across: number; align: Align },
  timeInk: string,
  dayInk: string,
): void {
  const text = dial.short ? date : day;
  const placed = (width: number): number =>
    align === 'start'
      ? across
      : align === 'end'
        ? raster.width - across - width
        : Math.floor((raster.width - width) / 2);
  const timeWidth = dial.time === null ? 0 : widthOfDigits(dial.time, time);
  const dayWidth = dial.day === null ? 0 : dial.day.widthOf(text);
  if (dial.beside && dial.time !== null && dial.day !== null) {
    const x = placed(timeWidth + gapOf(dial) + dayWidth);
    const baseline = Math.round((raster.height + dial.time.capitalPx) / 2);
    putDigits(raster, dial.time, time, x, baseline, timeInk);
    putText(raster, dial.day, text, x + timeWidth + gapOf(dial), baseline, dayInk);
    return;
  }
  const seen =
    (dial.time?.capitalPx ?? 0) +
    (dial.day === null ? 0 : dial.day.capitalPx + (dial.time === null ? 0 : seenGap(dial)));
  let y = Math.round((raster.height - seen) / 2);
  if (dial.time !== null) {
    y += dial.time.capitalPx;
    putDigits(raster, dial.time, time, placed(timeWidth), y, timeInk);
    y += seenGap(dial);
  }
  if (dial.day !== null) putText(raster, dial.day, text, placed(dayWidth), y + dial.day.capitalPx, dayInk);
}

/** From the figures' feet to the day's capitals. */
const seenGap = (dial: Dial): number => gapOf(dial) + Math.ceil((dial.day?.capitalPx ?? 0) / 4);
