import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#controller/http/contract/overview';
import { Empty } from '../../parts/empty.tsx';
import { useFormat } from '../../words/format.ts';

/** The next hours, one line for each start. */
export function Upcoming({ next }: { next: Overview['next'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { place } = format;
  if (next.length === 0)
    return (
      <Empty text={t('overview.nothingNext')}>
        <Button renderRoot={(props) => <Link to="/schedules/$id" params={{ id: 'new' }} {...props} />}>
          {t('schedules.add')}
        </Button>
      </Empty>
    );
  return (
    <ol className="upcoming">
      {next.map((item, index) => {
        const day = place.dateOf(item.startAt);
        const fresh =
          index === 0
            ? day !== place.dateOf(Date.now())
            : day !== place.dateOf(next[index - 1]?.startAt ?? 0);
        return (
          <li key={item.occurrence}>
            {fresh && <div className="upcoming-day">{format.day(item.startAt)}</div>}
            <Link to="/schedules/$id" params={{ id: item.scheduleId }} className="upcoming-row">
              <span className="upcoming-time num">{format.time(item.startAt)}</span>
              <span className="upcoming-title">{item.title}</span>
              <span className="dim num upcoming-more">
                {format.span(item.endAt - item.startAt)} · {t('count.devices', { count: item.devices })}
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
