import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { Shape, StatusMark } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';

/** Faults, refused messages and lost records; and how the status went. */
export function Troubles({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const refusals = useQuery(ask('GET /devices/{id}/refusals', { params: { id: device.id } }));
  const lines = refusals.data ?? [];
  const nothing = device.faults.length + lines.length + device.gaps.length === 0;
  return (
    <Section title={t('device.troubles')}>
      <div className="pad">
        {nothing && (
          <span className="mark" data-tone="good">
            <Shape shape="full" tone="good" />
            {t('device.noTroubles')}
          </span>
        )}
        {!nothing && (
          <ul className="troubles">
            {device.faults.map((fault) => (
              <li key={fault}>
                <Shape shape="triangle" tone="bad" />
                <span>{reason(fault)}</span>
              </li>
            ))}
            {device.gaps.map((gap) => (
              <li key={`${gap.boot} ${gap.first}`}>
                <Shape shape="cross" tone="bad" />
                <span>
                  {t('device.gap', { count: gap.last - gap.first + 1, when: format.moment(gap.noticedAt) })}
                  <small className="dim num">
                    {t('device.gapRange', { boot: gap.boot, first: gap.first, last: gap.last })}
                  </small>
                </span>
              </li>
            ))}
            {lines.map((line) => (
              <li key={`${line.source} ${line.reason} ${line.topic}`}>
                <Shape shape="triangle" tone="warn" />
                <span>
                  {t(`refusalBy.${line.source}`, { reason: reason(line.reason) })}
                  <small className="dim num">
                    {t('device.refusedTimes', { count: line.count, when: format.moment(line.lastAt) })}
                    {line.detail !== null && ` · ${line.detail}`}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        )}
        {device.statusChanges.length > 0 && (
          <details className="changes">
            <summary>{t('device.history')}</summary>
            <ol>
              {device.statusChanges.map((change) => (
                <li key={`${change.at} ${change.status}`}>
                  <span className="num dim">{format.moment(change.at)}</span>
                  <StatusMark status={change.status} />
                  {change.reason !== null && <span className="dim">{reason(change.reason)}</span>}
                </li>
              ))}
            </ol>
          </details>
        )}
      </div>
    </Section>
  );
}
