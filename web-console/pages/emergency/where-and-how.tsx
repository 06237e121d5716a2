import { NumberInput, Select } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reach } from '#controller/http/contract/broadcasts';
import { useFormat } from '../../words/format.ts';
import { useNames } from '../on-air/reach.ts';
import { TargetsField } from '../schedules/targets-field.tsx';
import { useAudienceWords } from './audience.ts';
import type { Draft } from './draft.ts';
import { useSirens } from './sirens.ts';

const NONE = 'none';
const MINUTE = 60_000;

/** Where it sounds and how: said in one line, which opens to be changed. */
export function WhereAndHow({
  draft,
  reach,
  change,
}: {
  draft: Draft;
  reach: Reach | undefined;
  change: (change: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAudienceWords();
  const names = useNames(draft.targets);
  const sirens = useSirens();
  const [opened, setOpened] = useState(false);
  const id = useId();
  const away = reach === undefined ? 0 : reach.devices - reach.connected;
  return (
    <section className="alarm-where" aria-label={t('emergency.whereAndHow')}>
      <div className="alarm-where-said">
        <div aria-live="polite">
          <strong>{names}</strong>
          {reach !== undefined && <span className="num"> · {words(reach)}</span>}
          {away > 0 && <span className="alarm-away num"> {t('emergency.away', { count: away })}</span>}
          <div className="dim num">
            {t(draft.siren === null ? 'emergency.noSiren' : 'emergency.withSiren')} ·{' '}
            {t('emergency.times', { count: draft.repeats })} ·{' '}
            {t('emergency.holds', { span: format.span(draft.minutes * MINUTE) })}
          </div>
        </div>
        <button
          type="button"
          className="chip"
          aria-expanded={opened}
          aria-controls={id}
          onClick={() => setOpened(!opened)}
        >
          <IconAdjustments size={18} aria-hidden />
          {t('emergency.change')}
        </button>
      </div>
      <div id={id} className="alarm-where-fields" hidden={!opened}>
        <TargetsField
          value={draft.targets}
          onChange={(targets) => change({ targets })}
          error={draft.targets.length === 0 && t('schedules.lack.targets')}
        />
        <div className="alarm-how">
          <Select
            label={t('emergency.siren')}
            data={[
              ...(sirens?.sirens ?? []).map(({ id: value, title }) => ({ value, label: title })),
              { value: NONE, label: t('emergency.noSiren') },
            ]}
            value={draft.siren === null ? NONE : (draft.siren ?? sirens?.usual ?? null)}
            onChange={(value) => change({ siren: value === null || value === NONE ? null : value })}
            allowDeselect={false}
          />
          <NumberInput
            label={t('emergency.repeats')}
            value={draft.repeats}
            onChange={(repeats) => typeof repeats === 'number' && change({ repeats })}
            min={1}
            max={10}
            allowDecimal={false}
            clampBehavior="strict"
          />
          <NumberInput
            label={t('emergency.minutes')}
            description={t('emergency.minutesHint')}
            value={draft.minutes}
            onChange={(minutes) => typeof minutes === 'number' && change({ minutes })}
            min={1}
            max={1_440}
            allowDecimal={false}
            clampBehavior="strict"
          />
        </div>
      </div>
    </section>
  );
}
