import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CapPolicy } from '#controller/http/contract/policies';
import { LevelBadge } from '../../inbox/level-badge.tsx';
import '../../inbox/inbox.css';
import { decidedBy, MEASURES, type Measure, type Measured, measures } from './measures.ts';

/** What an alert would become by the table as it stands here, saved or not. */
export function TryLevels({ levels }: { levels: CapPolicy['levels'] }) {
  const { t } = useTranslation();
  const [alert, setAlert] = useState<Measured>({
    severity: 'Severe',
    urgency: 'Immediate',
    certainty: 'Likely',
  });
  const place = decidedBy(levels, alert);
  const choose = (measure: Measure, chosen: string | null) => {
    const value = MEASURES[measure].find((one) => one === chosen);
    if (value !== undefined) setAlert({ ...alert, [measure]: value });
  };
  return (
    <div className="cap-try">
      <h4>{t('capPolicy.try')}</h4>
      <div className="cap-triple">
        {measures.map((measure) => (
          <Select
            key={measure}
            label={t(`capPolicy.measure.${measure}`)}
            data={MEASURES[measure].map((value) => ({ value, label: t(`capWord.${value}`) }))}
            value={alert[measure]}
            onChange={(chosen) => choose(measure, chosen)}
            allowDeselect={false}
          />
        ))}
      </div>
      <p className="cap-outcome" role="status">
        <LevelBadge level={levels[place]?.level ?? 'none'} />{' '}
        {place < 0 ? t('capPolicy.noRow') : t('capPolicy.byRow', { place: place + 1 })}
      </p>
    </div>
  );
}
