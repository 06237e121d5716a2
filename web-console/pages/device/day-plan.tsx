import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { VerdictMark } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';

/** Today, as it was foretold and as it went, in one column. */
export function DayPlan({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(10_000);
  const { place } = format;
  const today = place.dateOf(now);
  const from = place.instant(today);
  const to = place.instant(place.plusDays(today, 1));
  const plays = useQuery(ask('GET /plays', { query: { device: device.id, from, to, limit: 500 } }));
  const plan = useQuery(
    ask('GET /devices/{id}/plan', { params: { id: device.id }, query: { which: 'desired', from, to } }),
  );
  const held = useQuery(
    ask('GET /devices/{id}/plan', { params: { id: device.id }, query: { which: 'held', from, to } }),
  );
  const heldIds = new Set(held.data?.occurrences.map(({ id }) => id));
  return (
    <Section
      title={t('device.today')}
      aside={
        <Link to="/log" search={{ device: device.id, from: place.plusDays(today, -7), to: today }}>
          {t('device.wholeLog')}
        </Link>
      }
    >
      <Answered of={plan} rows={4}>
        {(data) => {
          const went = new Map(plays.data?.items.map((play) => [play.occurrence, play]));
          const lines = [
            ...[...went.values()].map(({ occurrence, title, startAt, endAt }) => ({
              id: occurrence,
              title,
              startAt,
              endAt,
            })),
            ...data.occurrences.filter(({ id }) => !went.has(id)),
          ].toSorted((one, other) => one.startAt - other.startAt);
          if (lines.length === 0) return <Empty text={t('device.nothingToday')} />;
          return (
            <ol className="day-plan">
              {lines.map((line) => {
                const play = went.get(line.id);
                const current = line.startAt <= now && now < line.endAt;
                return (
                  <li key={line.id} data-current={current}>
                    <Link
                      to="/log"
                      search={{
                        from: today,
                        to: today,
                        device: device.id,
                        ...(play === undefined ? {} : { at: `${line.id} ${device.id}` }),
                      }}
                      className="day-row"
                    >
                      <span className="num day-time">{format.time(line.startAt)}</span>
                      <span className="day-title">
                        {line.title}
                        <span className="dim num"> {format.span(line.endAt - line.startAt)}</span>
                      </span>
                      {play !== undefined && play.verdict !== 'pending' ? (
                        <VerdictMark verdict={play.verdict} />
                      ) : line.startAt > now ? (
                        <span className="dim">
                          {t(
                            held.data === undefined || heldIds.has(line.id)
                              ? 'device.held'
                              : 'device.notHeld',
                          )}
                        </span>
                      ) : (
                        <VerdictMark verdict="pending" />
                      )}
                    </Link>
                  </li>
                );
              })}
            </ol>
          );
        }}
      </Answered>
    </Section>
  );
}
