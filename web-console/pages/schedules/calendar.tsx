import { ActionIcon, Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OccurrenceView } from '#controller/http/contract/schedules';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';
import { DayView } from './day-view.tsx';
import { WeekView } from './week-view.tsx';

const route = getRouteApi('/schedules');

/** A week on the desktop; one day under the thumb on the phone, with the week's days above it. */
export function Calendar() {
  const { t } = useTranslation();
  const format = useFormat();
  const { place } = format;
  const now = useNow(20_000);
  const today = place.dateOf(now);
  const { date = today } = route.useSearch();
  const navigate = route.useNavigate();
  const phone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false }) ?? false;
  const go = (to: string) => void navigate({ search: (before) => ({ ...before, date: to }), replace: true });
  const monday = place.plusDays(date, 1 - place.weekdayOf(date));
  const days = Array.from({ length: 7 }, (_, day) => place.plusDays(monday, day));
  const from = place.instant(monday);
  const to = place.instant(place.plusDays(monday, 7));
  const occurrences = useQuery({
    ...ask('GET /occurrences', { query: { from, to } }),
    placeholderData: keepPreviousData,
  });
  const byDay = new Map<string, OccurrenceView[]>();
  for (const occurrence of occurrences.data ?? []) {
    const day = place.dateOf(occurrence.startAt);
    byDay.set(day, [...(byDay.get(day) ?? []), occurrence]);
  }
  return (
    <>
      <div className="calendar-head">
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t('schedules.before')}
          onClick={() => go(place.plusDays(date, -7))}
        >
          <IconChevronLeft size={20} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t('schedules.after')}
          onClick={() => go(place.plusDays(date, 7))}
        >
          <IconChevronRight size={20} />
        </ActionIcon>
        <Button variant="default" onClick={() => go(today)} disabled={date === today}>
          {t('schedules.today')}
        </Button>
        <strong className="num">
          {t('schedules.weekOf', {
            from: format.date(place.instant(monday)),
            to: format.date(place.instant(days[6] ?? monday)),
          })}
        </strong>
      </div>
      <Answered of={occurrences} rows={6} height={64}>
        {() =>
          phone ? (
            <DayView days={days} date={date} today={today} byDay={byDay} now={now} go={go} />
          ) : (
            <WeekView days={days} today={today} byDay={byDay} now={now} />
          )
        }
      </Answered>
    </>
  );
}
