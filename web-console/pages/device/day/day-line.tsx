import { IconChevronDown, IconHandFinger } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fate } from '#schedules/timeline';
import { Shape, type ShapeName, type Tone, VerdictMark } from '../../../parts/mark.tsx';
import { useFormat } from '../../../words/format.ts';
import type { Day, Line } from './use-day.ts';
import { Why } from './why.tsx';

const signs: Record<Fate<never>['kind'], { shape: ShapeName; tone: Tone }> = {
  whole: { shape: 'full', tone: 'accent' },
  pieces: { shape: 'half', tone: 'accent' },
  part: { shape: 'half', tone: 'warn' },
  never: { shape: 'cross', tone: 'bad' },
};

/** One occurrence: its hour, what is foretold of it and what became of it; it opens to the reasons. */
export function DayLine({
  line,
  device,
  day,
  now,
  opened,
  toggle,
}: {
  line: Line;
  device: string;
  day: Day;
  now: number;
  opened: boolean;
  toggle: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const { item, fate, segments } = line;
  const went = item.play !== null && item.play.verdict !== 'pending' ? item.play.verdict : null;
  const current = segments.some(({ startAt, endAt }) => startAt <= now && now < endAt);
  return (
    <li data-current={current}>
      <button type="button" className="day-row" aria-expanded={opened} aria-controls={id} onClick={toggle}>
        <span className="num day-time">{format.time(item.startAt)}</span>
        <span className="day-what">
          <span className="day-title">{item.title}</span>
          <span className="dim num day-facts">
            {format.span(item.endAt - item.startAt)}
            {item.priority !== 'scheduled' && <span>{t(`priority.${item.priority}`)}</span>}
            {item.source === 'broadcast' && (
              <span>
                <IconHandFinger size={14} aria-hidden /> {t('day.byHand')}
              </span>
            )}
            {item.held === false && <span className="day-unheld">{t('device.notHeld')}</span>}
          </span>
        </span>
        <span className="day-marks">
          <span className="mark" data-tone={signs[fate.kind].tone}>
            <Shape {...signs[fate.kind]} />
            {t(`day.fate.${fate.kind}`)}
          </span>
          {went !== null ? (
            <VerdictMark verdict={went} />
          ) : (
            item.startAt <= now && <VerdictMark verdict="pending" />
          )}
        </span>
        <IconChevronDown size={18} aria-hidden className="day-chevron" />
      </button>
      <div id={id} hidden={!opened}>
        {opened && <Why line={line} day={day} device={device} />}
      </div>
    </li>
  );
}
