import { IconArrowDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';
import { showOnAir } from './show-on-air.ts';

/** In one line that is always there, so that nothing moves under the finger: what is on the air. */
export function OnAirLine({ broadcasts }: { broadcasts: readonly BroadcastSummary[] }) {
  const { t } = useTranslation();
  const [first] = broadcasts;
  if (first === undefined) return <span className="on-air-line">{t('studio.nothingOnAir')}</span>;
  return (
    <button type="button" className="on-air-line" data-live="true" onClick={showOnAir}>
      <span className="call-dot" aria-hidden="true" />
      <span className="on-air-title">
        {t('studio.onAirOf', { title: first.title })}
        {broadcasts.length > 1 && ` ${t('studio.andMore', { count: broadcasts.length - 1 })}`}
      </span>
      <IconArrowDown size={16} aria-hidden />
    </button>
  );
}
