import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './draft.ts';

type Days = Draft['lunarDays'];

/** Days of the Vietnamese lunar calendar: rằm and mồng một of every month, or a day of one month. */
export function LunarDays({ days, onChange }: { days: Days; onChange: (days: Days) => void }) {
  const { t } = useTranslation();
  const put = (index: number, change: Partial<Days[number]>) =>
    onChange(days.map((day, place) => (place === index ? { ...day, ...change } : day)));
  const dayName = (day: number) =>
    day === -1
      ? t('rule.lunarLast')
      : day === 1
        ? t('rule.lunarFirst')
        : day === 15
          ? t('rule.lunarFull')
          : t('rule.lunarDay', { day });
  return (
    <fieldset className="bare">
      <legend>{t('schedules.lunarDays')}</legend>
      <div className="lunar">
        {days.map((day, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place
          <div key={index} className="lunar-line">
            <Select
              aria-label={t('schedules.lunarDay', { place: index + 1 })}
              data={[...Array.from({ length: 30 }, (_, at) => at + 1), -1].map((value) => ({
                value: String(value),
                label: dayName(value),
              }))}
              value={String(day.day)}
              onChange={(value) => put(index, { day: Number(value ?? 1) })}
              allowDeselect={false}
            />
            <Select
              aria-label={t('schedules.lunarMonth', { place: index + 1 })}
              data={[
                { value: '', label: t('schedules.everyMonth') },
                ...Array.from({ length: 12 }, (_, at) => ({
                  value: String(at + 1),
                  label: t('schedules.month', { month: at + 1 }),
                })),
              ]}
              value={day.month === null ? '' : String(day.month)}
              onChange={(value) =>
                put(index, { month: value === null || value === '' ? null : Number(value) })
              }
              allowDeselect={false}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              onClick={() => onChange(days.filter((_, place) => place !== index))}
              aria-label={t('schedules.takeLunar', { name: dayName(day.day) })}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => onChange([...days, { month: 1, day: 1 }])}
        >
          {t('schedules.addLunar')}
        </Button>
      </div>
    </fieldset>
  );
}
