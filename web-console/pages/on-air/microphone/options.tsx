import { Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { VolumeField } from '../volume-field.tsx';
import type { Choices } from './choices.ts';

/** What is rarely changed, folded away. */
export function Options({
  choices,
  put,
  disabled,
}: {
  choices: Choices;
  put: (change: Partial<Choices>) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const toggle = (name: 'startChime' | 'endChime' | 'polished') => ({
    size: 'md',
    checked: choices[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => put({ [name]: event.currentTarget.checked }),
  });
  return (
    <details className="studio-options">
      <summary>{t('studio.options')}</summary>
      <div className="studio-form">
        <TextInput
          label={t('mic.title')}
          placeholder={t('mic.titlePlaceholder')}
          value={choices.title}
          maxLength={200}
          onChange={(event) => put({ title: event.currentTarget.value })}
        />
        {choices.mode === 'direct' && (
          <>
            <Switch label={t('mic.startChime')} {...toggle('startChime')} />
            <Switch label={t('mic.endChime')} {...toggle('endChime')} />
          </>
        )}
        <Switch label={t('mic.polish')} description={t('mic.polishHint')} {...toggle('polished')} />
        <VolumeField one={choices.oneVolume} volume={choices.volume} change={put} disabled={disabled} />
      </div>
    </details>
  );
}
