import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DayItem } from '#controller/http/contract/device-day';
import type { Encounter } from '#schedules/encounter';
import { useFormat } from '../../../words/format.ts';
import { useReason } from '../../../words/use-reason.ts';
import { Meeting } from './meeting.tsx';
import type { Day, Line } from './use-day.ts';

/** Why it plays when it does, or does not: whom it met and by what rule, how it goes on, and how it went. */
export function Why({ line, day, device }: { line: Line; day: Day; device: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { item, fate, segments, met } = line;
  const told = [
    ...met.map((encounter) => ({
      at: encounter.at,
      key: `met ${encounter.at} ${encounter.winner.id} ${encounter.loser.id}`,
      text: sentence(encounter),
    })),
    ...segments.map(({ startAt, how, fromMs }) => ({
      at: startAt,
      key: `plays ${startAt}`,
      text: t(`day.how.${how}`, { position: format.span(fromMs) }),
    })),
  ].sort((one, other) => one.at - other.at);

  function sentence({ winner, loser, why, effect }: Encounter<DayItem>): string {
    const because = t(`day.why.${why}`, {
      winner: t(`priority.${winner.priority}`).toLocaleLowerCase(),
      loser: t(`priority.${loser.priority}`).toLocaleLowerCase(),
    });
    return winner.id === item.id
      ? t(`day.beats.${effect}`, { other: loser.title, because })
      : t(`day.yields.${effect}`, { other: winner.title, because });
  }

  return (
    <div className="why">
      <h3>{t(fate.kind === 'never' ? 'day.whyNot' : 'day.whySo')}</h3>
      {met.length > 0 && <Meeting line={line} day={day} />}
      <ol className="why-steps">
        {told.map(({ at, key, text }) => (
          <li key={key}>
            <span className="num why-at">{format.second(at)}</span>
            <span>{text}</span>
          </li>
        ))}
        {fate.kind !== 'whole' && fate.kind !== 'pieces' && (
          <li>
            <span className="num why-at">{format.second(fate.overAt)}</span>
            <span>
              {t(`day.end.${fate.kind}`, {
                heard: format.span(fate.heardMs),
                all: format.span(item.endAt - item.startAt),
              })}
              {fate.reason !== null && ` ${t('day.because', { reason: reason(fate.reason) })}`}
            </span>
          </li>
        )}
      </ol>
      {met.length === 0 && fate.kind === 'whole' && <p className="hint">{t('day.alone')}</p>}
      {met.some(({ loser }) => loser.id === item.id) && (
        <p className="hint">{t('day.policy', { policy: t(`resume.${item.resume}`).toLocaleLowerCase() })}</p>
      )}
      <Went item={item} />
      <p className="why-links">
        {item.source === 'broadcast' ? (
          <Link to="/on-air" search={{ at: item.sourceId }}>
            {t('day.openBroadcast')}
          </Link>
        ) : (
          <Link to="/schedules/$id" params={{ id: item.sourceId }}>
            {t('log.openSchedule')}
          </Link>
        )}
        {item.play !== null && (
          <Link
            to="/log"
            search={{
              from: format.place.dateOf(item.startAt),
              to: format.place.dateOf(item.startAt),
              device,
              at: `${item.id} ${device}`,
            }}
          >
            {t('day.openProof')}
          </Link>
        )}
      </p>
    </div>
  );
}

/** By the device's own word. */
function Went({ item }: { item: DayItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  if (item.play === null) return null;
  const { verdict, reason: code, playedMs, dueMs } = item.play;
  return (
    <div className="went">
      <h3>{t('day.went')}</h3>
      <p>
        {t(`verdict.${verdict}`)}
        {code !== null && `: ${reason(code)}`}
        {dueMs > 0 && verdict !== 'pending' && verdict !== 'unknown' && (
          <span className="dim num">
            {' '}
            · {t('log.share', { played: format.span(playedMs), due: format.span(dueMs) })}
          </span>
        )}
      </p>
      {item.heard.length > 0 && (
        <ol className="why-steps">
          {item.heard.map((stretch) => (
            <li key={stretch.from}>
              <span className="num why-at">{format.second(stretch.from)}</span>
              <span>
                {t('day.stretch', { until: format.second(stretch.to), end: t(`end.${stretch.end}`) })}
                {stretch.silent !== null && ` (${reason(stretch.silent)})`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
