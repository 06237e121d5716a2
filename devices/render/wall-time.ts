const WEEKDAYS: Record<string, readonly string[]> = {
  vi: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};
export const MINUTE_MS = 60_000;

/** Wall time as it is written on a board. */
export interface WallTime {
  /** `06:05`. */
  readonly time: string;
  /** `24/11/2026`. */
  readonly date: string;
  /** `Thứ Ba, 24/11/2026`; the date alone in a language whose days are not known. */
  readonly day: string;
  /** Whole minutes since 1970, local: what the three change with. */
  readonly minute: number;
}

/** @param now epoch ms. @param language BCP 47. */
export function wallTime(now: number, utcOffsetMinutes: number, language: string): WallTime {
  const local = new Date(now + utcOffsetMinutes * MINUTE_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
  const weekday = WEEKDAYS[language.slice(0, 2).toLowerCase()]?.[local.getUTCDay()];
  return {
    time: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`,
    date,
    day: weekday === undefined ? date : `${weekday}, ${date}`,
    minute: Math.floor(local.getTime() / MINUTE_MS),
  };
}

/** The longest that a day is, so that what is set for it fits every day. */
export const longestDay = (language: string): string[] => {
  const days = WEEKDAYS[language.slice(0, 2).toLowerCase()] ?? [];
  return days.length === 0 ? ['00/00/0000'] : days.map((day) => `${day}, 00/00/0000`);
};
