import { useTranslation } from 'react-i18next';
import type { Timetable } from '#schedules/timetable';

type Told = Pick<Timetable, 'rule'> &
  Partial<Pick<Timetable, 'startDate' | 'endDate' | 'exceptDates' | 'repeat'>>;

/** `24/11/2026` of `2026-11-24`. */
export const written = (date: string): string => date.split('-').toReversed().join('/');

/** A timetable as a sentence: "Thứ Hai và Thứ Sáu hằng tuần lúc 06:00". */
export function useTimetableWords(): (timetable: Told) => string {
  const { t, i18n } = useTranslation();
  const list = new Intl.ListFormat(i18n.language === 'en' ? 'en-GB' : 'vi-VN', { type: 'conjunction' });
  const monthDay = (day: number) =>
    day > 0 ? t('rule.monthDay', { day }) : day === -1 ? t('rule.lastDay') : t('rule.fromEnd', { day: -day });
  const lunarDay = ({ day }: { day: number }) =>
    day === -1
      ? t('rule.lunarLast')
      : day === 15
        ? t('rule.lunarFull')
        : day === 1
          ? t('rule.lunarFirst')
          : t('rule.lunarDay', { day });
  return ({ rule, startDate, endDate, exceptDates, repeat }) => {
    const parts: string[] = [];
    const times = rule.kind === 'cron' ? '' : list.format(rule.times);
    switch (rule.kind) {
      case 'once':
        parts.push(t('rule.once', { date: written(rule.date), times }));
        break;
      case 'daily':
        parts.push(
          rule.everyDays === 1
            ? t('rule.daily', { times })
            : t('rule.everyDays', { count: rule.everyDays, times }),
        );
        break;
      case 'weekly': {
        const days = rule.weekdays.toSorted((one, other) => one - other);
        parts.push(
          days.length === 7
            ? t('rule.daily', { times })
            : t('rule.weekly', { days: list.format(days.map((day) => t(`weekday.${day as 1}`))), times }),
        );
        break;
      }
      case 'monthly':
        parts.push(t('rule.monthly', { days: list.format(rule.days.map(monthDay)), times }));
        break;
      case 'lunar': {
        // "Mồng một và rằm hằng tháng", not the month once for each of them.
        const every = rule.days.filter(({ month }) => month === null).map(lunarDay);
        const single = rule.days.flatMap((day) =>
          day.month === null ? [] : [t('rule.lunarMonth', { name: lunarDay(day), month: day.month })],
        );
        const days = [
          ...(every.length === 0 ? [] : [t('rule.everyLunar', { name: list.format(every) })]),
          ...single,
        ];
        parts.push(t('rule.lunar', { days: list.format(days), times }));
        break;
      }
      case 'cron':
        parts.push(t('rule.cron', { expression: rule.expression }));
        break;
    }
    if (startDate != null) parts.push(t('rule.from', { date: written(startDate) }));
    if (endDate != null) parts.push(t('rule.to', { date: written(endDate) }));
    if (exceptDates !== undefined && exceptDates.length > 0)
      parts.push(
        exceptDates.length <= 3
          ? t('rule.except', { dates: list.format(exceptDates.map(written)) })
          : t('rule.exceptMany', { count: exceptDates.length }),
      );
    if (repeat !== undefined && repeat.count > 1) parts.push(t('rule.repeat', { count: repeat.count }));
    return parts.join(', ');
  };
}
