import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { Answered } from '../../../parts/answer.tsx';
import { DateField } from '../../../parts/date-field.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Section } from '../../../parts/section.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';
import './day.css';
import { DayLine } from './day-line.tsx';
import { DayStrip } from './day-strip.tsx';
import { useDay } from './use-day.ts';

const route = getRouteApi('/devices/$id');

/** A day of one device: as it is foretold and as it went, and why. */
export function DayPlan({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const { place, ...format } = useFormat();
  const now = useNow(5_000);
  const today = place.dateOf(now);
  const { date = today } = route.useSearch();
  const navigate = route.useNavigate();
  const [opened, setOpened] = useState<string | null>(null);
  const { answer, day } = useDay(device.id, date, place);
  const go = (to: string) =>
    void navigate({ search: to === today ? {} : { date: to }, replace: true, resetScroll: false });
  return (
    <Section
      title={date === today ? t('day.today') : format.fullDay(place.instant(date))}
      aside={
        <div className="day-steps">
          <ActionIcon
            variant="default"
            size={40}
            aria-label={t('day.before')}
            onClick={() => go(place.plusDays(date, -1))}
          >
            <IconChevronLeft size={20} />
          </ActionIcon>
          <DateField
            hidden
            clearable={false}
            label={t('day.date')}
            value={date}
            onChange={(to) => to !== null && go(to)}
          />
          <ActionIcon
            variant="default"
            size={40}
            aria-label={t('day.after')}
            onClick={() => go(place.plusDays(date, 1))}
          >
            <IconChevronRight size={20} />
          </ActionIcon>
          {date !== today && (
            <Button variant="default" onClick={() => go(today)}>
              {t('day.today')}
            </Button>
          )}
        </div>
      }
    >
      <Answered of={answer} rows={4}>
        {() => {
          if (day === undefined) return null;
          if (day.lines.length === 0)
            return (
              <Empty
                text={
                  day.validUntil !== null && day.from > day.validUntil
                    ? t('day.beyond', { when: format.date(day.validUntil) })
                    : t(date === today ? 'day.nothingToday' : 'day.nothing')
                }
              />
            );
          return (
            <>
              <DayStrip day={day} now={now} opened={opened} open={setOpened} />
              <ol className="day-lines">
                {day.lines.map((line) => (
                  <DayLine
                    key={line.item.id}
                    line={line}
                    device={device.id}
                    day={day}
                    now={now}
                    opened={opened === line.item.id}
                    toggle={() => setOpened(opened === line.item.id ? null : line.item.id)}
                  />
                ))}
              </ol>
            </>
          );
        }}
      </Answered>
      <p className="day-more">
        <Link to="/log" search={{ device: device.id, from: place.plusDays(date, -7), to: date }}>
          {t('device.wholeLog')}
        </Link>
      </p>
    </Section>
  );
}
