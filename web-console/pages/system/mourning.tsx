import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { GuardsPolicy } from '#controller/http/contract/policies';
import { DateField } from '../../parts/date-field.tsx';

type Days = GuardsPolicy['mourning'];

/** Days on which music is silent; words go out as ever. */
export function Mourning({
  days,
  change,
  disabled,
}: {
  days: Days;
  change: (days: Days) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const put = (place: number, next: Partial<Days[number]>) =>
    change(days.map((day, index) => (index === place ? { ...day, ...next } : day)));
  return (
    <div className="policy-block">
      <h3>{t('guards.mourning')}</h3>
      <p className="hint">{t('guards.mourningHint')}</p>
      {days.map(({ from, until, name }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day has no other name than its place while it is typed
        <div key={index} className="mourning-row">
          <TextInput
            label={t('guards.mourningName')}
            placeholder={t('guards.mourningPlaceholder')}
            value={name}
            onChange={(event) => put(index, { name: event.currentTarget.value })}
            maxLength={100}
          />
          <DateField
            label={t('guards.firstDay')}
            value={from === '' ? null : from}
            onChange={(day) => put(index, { from: day ?? '', ...(until === '' ? { until: day ?? '' } : {}) })}
            clearable={false}
          />
          <DateField
            label={t('guards.lastDay')}
            value={until === '' ? null : until}
            onChange={(day) => put(index, { until: day ?? '' })}
            clearable={false}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            disabled={disabled}
            onClick={() => change(days.filter((_, place) => place !== index))}
            aria-label={t('guards.takeMourning', { name })}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || days.length >= 16}
          onClick={() => change([...days, { from: '', until: '', name: '' }])}
        >
          {t('guards.addMourning')}
        </Button>
      </div>
    </div>
  );
}
