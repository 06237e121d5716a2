import { IconBroadcast } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#controller/http/contract/overview';
import { LevelMeter } from '../../parts/level-meter.tsx';
import { Shape } from '../../parts/mark.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';

type Item = Overview['onAir'][number];

/** More names than these say less than their number. */
const AREAS_SHOWN = 4;

/** The strip that is looked at first. */
export function OnAir({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(1_000);
  const next = overview.next.find(({ startAt }) => startAt > now);
  return (
    <section
      className="on-air"
      data-live={overview.onAir.length > 0}
      aria-label={t('overview.onAir')}
      aria-live="polite"
    >
      {overview.onAir.length === 0 ? (
        <div className="on-air-none">
          <IconBroadcast size={32} stroke={1.4} aria-hidden />
          <div>
            <div className="on-air-title">{t('overview.silent')}</div>
            <div className="dim">
              {next === undefined
                ? t('overview.nothingNext')
                : t('overview.nextAt', {
                    title: next.title,
                    time: format.moment(next.startAt),
                    span: format.span(Math.ceil((next.startAt - now) / 60_000) * 60_000),
                  })}
            </div>
          </div>
        </div>
      ) : (
        overview.onAir.map((item) => <OnAirItem key={item.occurrence} item={item} now={now} />)
      )}
    </section>
  );
}

function OnAirItem({ item, now }: { item: Item; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { due, playing } = item.devices;
  const whole = playing >= due;
  const ratio = Math.min(1, Math.max(0, (now - item.startAt) / Math.max(1, item.endAt - item.startAt)));
  return (
    <article className="on-air-item">
      <div className="on-air-what">
        <div className="on-air-label">
          <Shape shape={whole ? 'full' : 'half'} tone={whole ? 'good' : 'warn'} size={16} />
          {t('overview.onAirNow')}
        </div>
        <h2 className="on-air-title">{item.title}</h2>
        <div className="dim">
          {item.areas.slice(0, AREAS_SHOWN).join(' · ')}
          {item.areas.length > AREAS_SHOWN &&
            ` ${t('overview.moreAreas', { count: item.areas.length - AREAS_SHOWN })}`}
        </div>
      </div>
      <div className="on-air-facts">
        <Link
          to="/log"
          search={{ search: item.title, from: format.place.dateOf(item.startAt) }}
          className="on-air-count"
          data-tone={whole ? 'good' : 'warn'}
        >
          <strong className="num">
            {format.number(playing)}/{format.number(due)}
          </strong>
          <span>{t('overview.devicesPlaying')}</span>
        </Link>
        <LevelMeter dbfs={item.levelDbfs} />
      </div>
      <div className="on-air-time num">
        <span>{t('overview.since', { time: format.time(item.startAt) })}</span>
        <div className="on-air-progress" aria-hidden="true">
          <div style={{ transform: `scaleX(${ratio})` }} />
        </div>
        <span>{t('overview.until', { time: format.time(item.endAt) })}</span>
      </div>
    </article>
  );
}
