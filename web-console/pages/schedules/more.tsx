import { NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Draft, isRelay } from './draft.ts';

const priorities = ['priority', 'scheduled', 'background'] as const;
const resumes = ['resume', 'restart', 'join', 'skip'] as const;

/** What is rarely touched, folded away, with what it is set to in sight. */
export function More({ draft, put }: { draft: Draft; put: (change: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  const number = (value: string | number, otherwise: number) =>
    typeof value === 'number' ? value : otherwise;
  return (
    <details className="section section-boxed more">
      <summary>
        <span>{t('schedules.more')}</span>
        <span className="dim">
          {t(`priority.${draft.priority}`)} ·{' '}
          {draft.count > 1 && !isRelay(draft)
            ? t('rule.repeat', { count: draft.count })
            : t('schedules.onceOnly')}
        </span>
      </summary>
      <div className="pad">
        {!isRelay(draft) && (
          <div className="pair">
            <NumberInput
              label={t('schedules.count')}
              value={draft.count}
              onChange={(value) => put({ count: Math.max(1, number(value, 1)) })}
              min={1}
              max={100}
              allowDecimal={false}
            />
            <NumberInput
              label={t('schedules.gap')}
              value={draft.gapSeconds}
              onChange={(value) => put({ gapSeconds: number(value, 0) })}
              min={0}
              max={86_400}
              disabled={draft.count === 1}
            />
          </div>
        )}
        <Select
          label={t('schedules.priority')}
          description={t('schedules.priorityHint')}
          data={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
          value={draft.priority}
          onChange={(value) => put({ priority: priorities.find((known) => known === value) ?? 'scheduled' })}
          allowDeselect={false}
        />
        {!isRelay(draft) && (
          <Select
            label={t('schedules.resume')}
            data={resumes.map((value) => ({ value, label: t(`resume.${value}`) }))}
            value={draft.resume}
            onChange={(value) => put({ resume: resumes.find((known) => known === value) ?? 'resume' })}
            allowDeselect={false}
          />
        )}
        <div className="pair">
          <NumberInput
            label={t('schedules.lateness')}
            value={draft.latenessMinutes}
            onChange={(value) => put({ latenessMinutes: number(value, 5) })}
            min={0}
            max={60}
          />
          <NumberInput
            label={t('schedules.gain')}
            value={draft.gainDb}
            onChange={(value) => put({ gainDb: number(value, 0) })}
            min={-40}
            max={12}
          />
        </div>
      </div>
    </details>
  );
}
