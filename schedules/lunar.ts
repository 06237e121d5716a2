import { civilDate, dayNumber } from './calendar-day.ts';

/**
 * The Vietnamese lunar calendar, by the astronomical rules that Hồ Ngọc Đức published ("Computing the Vietnamese
 * lunar calendar"; the series for new moons and the sun's longitude are Meeus's, *Astronomical Algorithms*).
 * Reckoned at UTC+7, the meridian in force in Vietnam since 1968: at UTC+8 the Tết of 1985, 2007 and 2030 would be
 * China's.
 */
export interface LunarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** The second of two months with the same number. */
  readonly leap: boolean;
}

export interface LunarMonth {
  readonly year: number;
  readonly month: number;
  readonly leap: boolean;
  /** Day number of its first day. */
  readonly start: number;
  /** 29 or 30. */
  readonly days: number;
}

const MERIDIAN_HOURS = 7;
const SYNODIC_MONTH = 29.530588853;
/** Julian day number of 1970-01-01. */
const JD_1970 = 2_440_588;
const RAD = Math.PI / 180;

/** Julian date (UT) of the k-th new moon after 1900-01-01. */
function newMoon(k: number): number {
  const t = k / 1236.85;
  const t2 = t * t;
  const t3 = t2 * t;
  const mean =
    2_415_020.75933 +
    29.53058868 * k +
    0.0001178 * t2 -
    0.000000155 * t3 +
    0.00033 * Math.sin((166.56 + 132.87 * t - 0.009173 * t2) * RAD);
  const sun = 359.2242 + 29.10535608 * k - 0.0000333 * t2 - 0.00000347 * t3;
  const moon = 306.0253 + 385.81691806 * k + 0.0107306 * t2 + 0.00001236 * t3;
  const latitude = 21.2964 + 390.67050646 * k - 0.0016528 * t2 - 0.00000239 * t3;
  const sin = (degrees: number) => Math.sin(degrees * RAD);
  const correction =
    (0.1734 - 0.000393 * t) * sin(sun) +
    0.0021 * sin(2 * sun) -
    0.4068 * sin(moon) +
    0.0161 * sin(2 * moon) -
    0.0004 * sin(3 * moon) +
    0.0104 * sin(2 * latitude) -
    0.0051 * sin(sun + moon) -
    0.0074 * sin(sun - moon) +
    0.0004 * sin(2 * latitude + sun) -
    0.0004 * sin(2 * latitude - sun) -
    0.0006 * sin(2 * latitude + moon) +
    0.001 * sin(2 * latitude - moon) +
    0.0005 * sin(2 * moon + sun);
  const deltaT =
    t < -11
      ? 0.001 + 0.000839 * t + 0.0002261 * t2 - 0.00000845 * t3 - 0.000000081 * t * t3
      : -0.000278 + 0.000265 * t + 0.000262 * t2;
  return mean + correction - deltaT;
}

/** Day number, at UTC+7, on which the k-th new moon falls. */
function newMoonDay(k: number): number {
  return Math.floor(newMoon(k) + 0.5 + MERIDIAN_HOURS / 24) - JD_1970;
}

/** Twelfth of the ecliptic (0–11) in which the sun stands at midnight, UTC+7, with which a day begins. */
function sunSector(day: number): number {
  const t = (day + JD_1970 - 0.5 - MERIDIAN_HOURS / 24 - 2_451_545) / 36_525;
  const t2 = t * t;
  const anomaly = (357.5291 + 35_999.0503 * t - 0.0001559 * t2 - 0.00000048 * t * t2) * RAD;
  const mean = 280.46645 + 36_000.76983 * t + 0.0003032 * t2;
  const centre =
    (1.9146 - 0.004817 * t - 0.000014 * t2) * Math.sin(anomaly) +
    (0.019993 - 0.000101 * t) * Math.sin(2 * anomaly) +
    0.00029 * Math.sin(3 * anomaly);
  const longitude = (((mean + centre) % 360) + 360) % 360;
  return Math.floor(longitude / 30);
}

/** Which new moon begins the eleventh month of a year: the last before the winter solstice or on its day. */
function eleventhMonth(year: number): number {
  const k = Math.floor((dayNumber(year, 12, 31) + JD_1970 - 2_415_021) / SYNODIC_MONTH);
  return sunSector(newMoonDay(k)) >= 9 ? k - 1 : k;
}

/** The months from the eleventh of `year - 1` to the tenth of `year`: 12, or 13 of which one is a leap month. */
function monthsTo(year: number): LunarMonth[] {
  const first = eleventhMonth(year - 1);
  const end = eleventhMonth(year);
  const count = end - first;
  let leapAt = -1;
  if (count === 13) {
    // The leap month is the first one in which the sun enters no new sector.
    leapAt = 1;
    while (
      leapAt < 13 &&
      sunSector(newMoonDay(first + leapAt)) !== sunSector(newMoonDay(first + leapAt + 1))
    ) {
      leapAt += 1;
    }
  }
  const months: LunarMonth[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = leapAt >= 0 && index >= leapAt ? index - 1 : index;
    const start = newMoonDay(first + index);
    months.push({
      year: place < 2 ? year - 1 : year,
      month: ((place + 10) % 12) + 1,
      leap: index === leapAt,
      start,
      days: newMoonDay(first + index + 1) - start,
    });
  }
  return months;
}

/** A few centuries at most are ever asked for; the limit only guards against a caller that walks for ever. */
const CACHED_YEARS = 1000;
const cache = new Map<number, readonly LunarMonth[]>();

function cachedMonthsTo(year: number): readonly LunarMonth[] {
  let months = cache.get(year);
  if (months === undefined) {
    if (cache.size >= CACHED_YEARS) cache.clear();
    months = monthsTo(year);
    cache.set(year, months);
  }
  return months;
}

/** The lunar month that holds a day, given by its number. */
export function lunarMonthOf(day: number): LunarMonth {
  const { year } = civilDate(day);
  let months = cachedMonthsTo(year);
  const last = months[months.length - 1]!;
  if (day >= last.start + last.days) months = cachedMonthsTo(year + 1);
  let index = Math.min(months.length - 1, Math.floor((day - months[0]!.start) / 29));
  while (day < months[index]!.start) index -= 1;
  return months[index]!;
}

/** The lunar date of a day, given by its number (see `calendar-day.ts`). */
export function toLunar(day: number): LunarDate {
  const month = lunarMonthOf(day);
  return { year: month.year, month: month.month, day: day - month.start + 1, leap: month.leap };
}

/** The day number of a lunar date, or null when that month or day does not exist in that year. */
export function fromLunar(date: LunarDate): number | null {
  for (const months of [cachedMonthsTo(date.year), cachedMonthsTo(date.year + 1)]) {
    const month = months.find(
      (each) => each.year === date.year && each.month === date.month && each.leap === date.leap,
    );
    if (month !== undefined) {
      return date.day >= 1 && date.day <= month.days ? month.start + date.day - 1 : null;
    }
  }
  return null;
}
