import { Button } from '@mantine/core';
import { IconMoonStars } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { GuardFinding } from '#controller/http/contract/schedules';
import { useFormat } from '../../words/format.ts';
import type { Draft } from './draft.ts';

/** What the guards of the site forbid, in a sentence, and the time that was probably meant, one tap away. */
export function Guarded({
  finding,
  draft,
  put,
}: {
  finding: GuardFinding;
  draft: Draft;
  put: (change: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { reason, refused, at, time, otherHalf, nextAllowed, times, devices, areas, longestMinutes } =
    finding;
  const list = areas.join(', ');
  // A cron expression says its times in a way of its own.
  const has = draft.kind !== 'cron' && draft.times.includes(time);
  const move = (to: string) =>
    put({ times: [...new Set(draft.times.map((one) => (one === time ? to : one)))] });
  return (
    <div className="overlap" data-refused={refused}>
      <IconMoonStars size={20} aria-hidden />
      <div>
        <p>
          {t(`guarded.${reason}`, {
            time,
            day: format.fullDay(at),
            span: format.span(longestMinutes * 60_000),
          })}
        </p>
        <p className="dim">
          {refused
            ? t('guarded.refused')
            : areas.length > 0
              ? t('guarded.someAreas', { areas: list, count: devices })
              : t('guarded.someDays', { count: times })}
        </p>
        {refused && has && (otherHalf !== null || nextAllowed !== null) && (
          <div className="page-actions">
            {otherHalf !== null && (
              <Button variant="filled" onClick={() => move(otherHalf)}>
                {t('guarded.move', { time: otherHalf })}
              </Button>
            )}
            {nextAllowed !== null && nextAllowed !== otherHalf && (
              <Button variant="default" onClick={() => move(nextAllowed)}>
                {t('guarded.move', { time: nextAllowed })}
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
