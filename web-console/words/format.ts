import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { type Place, placeIn } from './place.ts';

/** How moments and amounts are written: in the reader's language, on the wall clock of the site. */
export interface Format {
  place: Place;
  /** `06:00` */
  time(at: number): string;
  /** `06:00:12` */
  second(at: number): string;
  /** `06:00:12,345` */
  instant(at: number): string;
  /** `24/11/2026` */
  date(at: number): string;
  /** `Thứ Ba 24/11` */
  day(at: number): string;
  /** `Thứ Ba 24/11/2026` */
  fullDay(at: number): string;
  /** `14:05` today, else `14:05 24/11/2026` */
  moment(at: number): string;
  /** `4 phút`, `1 giờ 20 phút`, `350 ms` */
  span(ms: number): string;
  /** `1.500` */
  number(value: number, digits?: number): string;
  bytes(value: number): string;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

function spanIn(t: TFunction, ms: number): string {
  const rest = Math.abs(ms);
  const two = (first: string, second: string | null) => (second === null ? first : `${first} ${second}`);
  if (rest < SECOND) return t('span.ms', { value: Math.round(rest) });
  if (rest < MINUTE) return t('span.second', { count: Math.round(rest / SECOND) });
  if (rest < HOUR) {
    const seconds = Math.round(rest / SECOND);
    const left = seconds % 60;
    return two(
      t('span.minute', { count: Math.floor(seconds / 60) }),
      left === 0 ? null : t('span.second', { count: left }),
    );
  }
  if (rest < DAY) {
    const minutes = Math.round(rest / MINUTE);
    const left = minutes % 60;
    return two(
      t('span.hour', { count: Math.floor(minutes / 60) }),
      left === 0 ? null : t('span.minute', { count: left }),
    );
  }
  return t('span.day', { count: Math.floor(rest / DAY) });
}

function formatIn(t: TFunction, language: string, zone: string): Format {
  const locale = language === 'en' ? 'en-GB' : 'vi-VN';
  const place = placeIn(zone);
  const writer = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
    return (at: number) => format.format(at);
  };
  const time = writer({ hour: '2-digit', minute: '2-digit' });
  const date = writer({ day: '2-digit', month: '2-digit', year: 'numeric' });
  const shortDate = writer({ day: '2-digit', month: '2-digit' });
  const weekday = writer({ weekday: 'long' });
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return {
    place,
    time,
    second: writer({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    instant: writer({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }),
    date,
    day: (at) => `${weekday(at)} ${shortDate(at).replace('-', '/')}`,
    fullDay: (at) => `${weekday(at)} ${date(at)}`,
    moment: (at) => (place.dateOf(at) === place.dateOf(Date.now()) ? time(at) : `${time(at)} ${date(at)}`),
    span: (ms) => spanIn(t, ms),
    number,
    bytes: (value) => {
      const unit = value >= 1e9 ? 'GB' : value >= 1e6 ? 'MB' : 'kB';
      const size = value / (unit === 'GB' ? 1e9 : unit === 'MB' ? 1e6 : 1e3);
      return `${number(size, size < 10 ? 1 : 0)} ${unit}`;
    },
  };
}

export function useFormat(): Format {
  const { t, i18n } = useTranslation();
  const { zone } = useSession().site;
  return useMemo(() => formatIn(t, i18n.language, zone), [t, i18n.language, zone]);
}
