import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { GuardsPolicy } from '#controller/http/contract/policies';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { PercentSlider } from '../../parts/percent-slider.tsx';
import { AreaHours } from './area-hours.tsx';
import { wrongHours } from './hours.ts';
import { HoursBands } from './hours-bands.tsx';
import { Mourning } from './mourning.tsx';
import { PolicyForm } from './policy-form.tsx';

/** What keeps the village from being woken. */
export function GuardsForm() {
  const { t } = useTranslation();
  const policy = useQuery(ask('GET /policies/guards'));
  const lacks = ({ allowed, areas, mourning }: GuardsPolicy): string | null => {
    for (const bands of [allowed, ...areas.map((area) => area.allowed)]) {
      const wrong = wrongHours(bands);
      if (wrong !== null) return t(`guards.wrong.${wrong}`);
    }
    if (areas.some(({ areaId }) => areaId === '')) return t('guards.areaMissing');
    if (new Set(areas.map(({ areaId }) => areaId)).size < areas.length) return t('guards.areaTwice');
    if (mourning.some(({ from, until, name }) => from === '' || until === '' || name.trim() === ''))
      return t('guards.mourningMissing');
    return mourning.some(({ from, until }) => until < from) ? t('problem.end-before-start') : null;
  };
  return (
    <PolicyForm
      name="guards"
      title={t('system.part.guards')}
      means={t('guards.means')}
      of={policy}
      write={(body) => api('PUT /policies/guards', { body })}
      lacks={lacks}
    >
      {({ value, put, disabled }) => (
        <>
          <HoursBands
            label={t('guards.allowed')}
            bands={value.allowed}
            change={(allowed) => put({ allowed })}
            disabled={disabled}
          />
          <AreaHours
            areas={value.areas}
            usual={value.allowed}
            change={(areas) => put({ areas })}
            disabled={disabled}
          />
          <Mourning days={value.mourning} change={(mourning) => put({ mourning })} disabled={disabled} />
          <NumberInput
            label={t('guards.longest')}
            description={t('guards.longestHint')}
            value={value.longestMinutes}
            onChange={(minutes) => typeof minutes === 'number' && put({ longestMinutes: minutes })}
            min={1}
            max={1_440}
            allowDecimal={false}
            clampBehavior="strict"
            suffix={t('guards.minutes')}
            disabled={disabled}
            className="policy-narrow"
          />
          <div>
            <PercentSlider
              label={t('guards.loudest')}
              value={value.loudest}
              disabled={disabled}
              set={(loudest) => put({ loudest })}
            />
            <p className="hint policy-under">{t('guards.loudestHint')}</p>
          </div>
        </>
      )}
    </PolicyForm>
  );
}
