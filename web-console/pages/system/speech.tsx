import { NumberInput, Radio, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SpeechPolicy } from '#controller/http/contract/policies';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { Shape } from '../../parts/mark.tsx';
import { isWebAddress } from './addresses.ts';
import { PolicyForm } from './policy-form.tsx';
import { SecretField } from './secret-field.tsx';
import { TryVoice } from './try-voice.tsx';

const ENGINES = ['embedded', 'openai', 'piper'] as const;

/** Who reads texts aloud. */
export function SpeechForm() {
  const { t } = useTranslation();
  const policy = useQuery(ask('GET /policies/speech'));
  const voices = useQuery(ask('GET /speech/voices'));
  const lacks = ({ engine, url }: SpeechPolicy): string | null =>
    engine !== 'embedded' && !isWebAddress(url ?? '') ? t('speechPolicy.urlWrong') : null;
  const orNull = (typed: string) => (typed.trim() === '' ? null : typed.trim());
  return (
    <PolicyForm
      name="speech"
      title={t('system.part.speech')}
      means={t('speechPolicy.means')}
      of={policy}
      write={(body) => api('PUT /policies/speech', { body })}
      lacks={lacks}
    >
      {({ value, put, disabled, tried }) => (
        <>
          <Radio.Group
            label={t('speechPolicy.engine')}
            value={value.engine}
            onChange={(chosen) => put({ engine: ENGINES.find((one) => one === chosen) ?? 'embedded' })}
          >
            <div className="policy-choices">
              {ENGINES.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`speechPolicy.engines.${one}`)}
                  description={t(`speechPolicy.engineHint.${one}`)}
                  disabled={disabled}
                />
              ))}
            </div>
          </Radio.Group>
          {value.engine !== 'embedded' && (
            <>
              <TextInput
                label={t('speechPolicy.url')}
                description={t(`speechPolicy.urlHint.${value.engine}`)}
                placeholder="http://192.168.1.20:8000"
                type="url"
                inputMode="url"
                value={value.url ?? ''}
                onChange={(event) => put({ url: orNull(event.currentTarget.value) })}
                error={tried && lacks(value)}
              />
              {value.engine === 'openai' && (
                <TextInput
                  label={t('speechPolicy.model')}
                  value={value.model ?? ''}
                  onChange={(event) => put({ model: orNull(event.currentTarget.value) })}
                  maxLength={100}
                  className="policy-narrow"
                />
              )}
              <NumberInput
                label={t('speechPolicy.timeout')}
                description={t('speechPolicy.timeoutHint')}
                value={value.timeoutMs / 1_000}
                onChange={(seconds) => typeof seconds === 'number' && put({ timeoutMs: seconds * 1_000 })}
                min={1}
                max={120}
                allowDecimal={false}
                clampBehavior="strict"
                suffix={t('speechPolicy.seconds')}
                disabled={disabled}
                className="policy-narrow"
              />
              {value.engine === 'openai' && (
                <SecretField
                  name="speech-api-key"
                  label={t('speechPolicy.key')}
                  hint={t('speechPolicy.keyHint')}
                />
              )}
            </>
          )}
          <Select
            label={t('speechPolicy.voice')}
            description={t('speechPolicy.voiceHint')}
            placeholder={t('speechPolicy.voiceUsual')}
            data={voiceChoices(voices.data?.voices ?? [], value.voice)}
            value={value.voice}
            onChange={(voice) => put({ voice })}
            clearable
            clearButtonProps={{ 'aria-label': t('action.clear') }}
            searchable
            nothingFoundMessage={t('state.nothingFound')}
            disabled={disabled}
            className="policy-narrow"
          />
          {voices.data !== undefined && (
            <p className="mark policy-mark" data-tone={voices.data.reachable ? 'good' : 'bad'}>
              <Shape
                shape={voices.data.reachable ? 'full' : 'triangle'}
                tone={voices.data.reachable ? 'good' : 'bad'}
              />
              {voices.data.reachable
                ? t('speechPolicy.reachable')
                : t('speechPolicy.unreachable', { reason: voices.data.reason ?? t('state.unknown') })}
            </p>
          )}
          <TryVoice />
        </>
      )}
    </PolicyForm>
  );
}

function voiceChoices(
  voices: readonly { id: string; name: string; languages: readonly string[] }[],
  chosen: string | null,
): { value: string; label: string }[] {
  const choices = voices.map(({ id, name, languages }) => ({
    value: id,
    label: languages.length === 0 ? name : `${name} (${languages.join(', ')})`,
  }));
  // What another engine called its voice is still what is stored.
  if (chosen !== null && !choices.some(({ value }) => value === chosen))
    choices.push({ value: chosen, label: chosen });
  return choices;
}
