import { Radio, Select, Switch, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { PercentSlider } from '../../parts/percent-slider.tsx';
import { PolicyForm } from './policy-form.tsx';

const WHEN = ['never', 'new-text', 'always'] as const;
const BUILT_IN = 'built-in';

/** Who confirms an alarm, and how it sounds. */
export function EmergencyForm() {
  const { t } = useTranslation();
  const policy = useQuery(ask('GET /policies/emergency'));
  const sirens = useQuery(ask('GET /assets', { query: { state: 'ready' } })).data?.filter(
    ({ source }) => source === 'siren',
  );
  return (
    <PolicyForm
      name="emergency"
      title={t('system.part.emergency')}
      means={t('emergencyPolicy.means')}
      of={policy}
      write={(body) => api('PUT /policies/emergency', { body })}
    >
      {({ value, put, disabled }) => (
        <>
          <Radio.Group
            label={t('emergencyPolicy.second')}
            value={value.secondPerson}
            onChange={(chosen) => put({ secondPerson: WHEN.find((one) => one === chosen) ?? 'never' })}
          >
            <div className="policy-choices">
              {WHEN.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`emergencyPolicy.when.${one}`)}
                  description={t(`emergencyPolicy.whenHint.${one}`)}
                  disabled={disabled}
                />
              ))}
            </div>
          </Radio.Group>
          <Switch
            size="md"
            label={t('emergencyPolicy.breakGlass')}
            description={t('emergencyPolicy.breakGlassHint')}
            checked={value.breakGlass}
            disabled={disabled || value.secondPerson === 'never'}
            onChange={(event) => put({ breakGlass: event.currentTarget.checked })}
          />
          <Select
            label={t('emergencyPolicy.siren')}
            description={t('emergencyPolicy.sirenHint')}
            data={[
              { value: BUILT_IN, label: t('emergencyPolicy.builtIn') },
              ...(sirens?.map(({ id, title }) => ({ value: id, label: title })) ?? []),
            ]}
            value={value.sirenAssetId ?? BUILT_IN}
            onChange={(id) => put({ sirenAssetId: id === null || id === BUILT_IN ? null : id })}
            allowDeselect={false}
            disabled={disabled}
            className="policy-narrow"
          />
          <div>
            <PercentSlider
              label={t('emergencyPolicy.volume')}
              value={value.volume}
              disabled={disabled}
              set={(volume) => put({ volume })}
            />
            <p className="hint policy-under">{t('emergencyPolicy.volumeHint')}</p>
          </div>
          <Textarea
            label={t('emergencyPolicy.drillText')}
            description={t('emergencyPolicy.drillTextHint')}
            autosize
            minRows={2}
            value={value.drillText}
            onChange={(event) => put({ drillText: event.currentTarget.value })}
            maxLength={300}
          />
        </>
      )}
    </PolicyForm>
  );
}
