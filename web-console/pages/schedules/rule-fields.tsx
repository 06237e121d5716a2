import { Button, Chip, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { DateField } from '../../parts/date-field.tsx';
import { type Draft, type Lack, lacks, type RuleKind, ruleOf } from './draft.ts';
import { LunarDays } from './lunar-days.tsx';
import { Times } from './times.tsx';
import { useTimetableWords } from './words.ts';

const kinds: readonly RuleKind[] = ['once', 'daily', 'weekly', 'monthly', 'lunar', 'cron'];
const monthDays = [...Array.from({ length: 31 }, (_, day) => day + 1), -1];

/** When: the kind first, then only what that kind needs, and the whole as a sentence. */
export function RuleFields({
  draft,
  put,
  lack,
}: {
  draft: Draft;
  put: (change: Partial<Draft>) => void;
  lack: (name: Lack) => string | false;
}) {
  const { t } = useTranslation();
  const words = useTimetableWords();
  const told = lacks(draft).some((name) => name !== 'title' && name !== 'content' && name !== 'targets')
    ? null
    : words({
        rule: ruleOf(draft),
        startDate: draft.startDate,
        endDate: draft.endDate,
        exceptDates: draft.exceptDates,
        repeat: { count: draft.count, gapMs: 0 },
      });
  return (
    <>
      <Select
        label={t('schedules.kind')}
        data={kinds.map((value) => ({ value, label: t(`ruleKind.${value}`) }))}
        value={draft.kind}
        onChange={(value) => put({ kind: kinds.find((kind) => kind === value) ?? 'daily' })}
        allowDeselect={false}
      />
      {draft.kind === 'once' && (
        <DateField
          label={t('schedules.date')}
          value={draft.date}
          onChange={(date) => date !== null && put({ date })}
          clearable={false}
        />
      )}
      {draft.kind === 'daily' && (
        <NumberInput
          label={t('schedules.everyDays')}
          value={draft.everyDays}
          onChange={(value) =>
            put({ everyDays: typeof value === 'number' && value >= 1 ? Math.round(value) : 1 })
          }
          min={1}
          max={366}
          allowDecimal={false}
        />
      )}
      {draft.kind === 'weekly' && (
        <fieldset className="bare">
          <legend>{t('schedules.weekdays')}</legend>
          <Chip.Group
            multiple
            value={draft.weekdays.map(String)}
            onChange={(days) => put({ weekdays: days.map(Number).toSorted() })}
          >
            <div className="chips">
              {([1, 2, 3, 4, 5, 6, 7] as const).map((day) => (
                <Chip key={day} value={String(day)} size="md">
                  {t(`weekday.${day}`)}
                </Chip>
              ))}
            </div>
          </Chip.Group>
          <FieldError text={lack('weekdays')} />
        </fieldset>
      )}
      {draft.kind === 'monthly' && (
        <fieldset className="bare">
          <legend>{t('schedules.monthDays')}</legend>
          <Chip.Group
            multiple
            value={draft.monthDays.map(String)}
            onChange={(days) =>
              put({
                monthDays: days
                  .map(Number)
                  .toSorted((one, other) => (one < 0 ? 99 : one) - (other < 0 ? 99 : other)),
              })
            }
          >
            <div className="month-days">
              {monthDays.map((day) => (
                <Chip key={day} value={String(day)} size="md" icon={null}>
                  {day === -1 ? t('schedules.lastDay') : day}
                </Chip>
              ))}
            </div>
          </Chip.Group>
          <FieldError text={lack('monthDays')} />
        </fieldset>
      )}
      {draft.kind === 'lunar' && (
        <>
          <LunarDays days={draft.lunarDays} onChange={(lunarDays) => put({ lunarDays })} />
          <FieldError text={lack('lunarDays')} />
          <Switch
            label={t('schedules.leapMonths')}
            checked={draft.leapMonths}
            onChange={(event) => put({ leapMonths: event.currentTarget.checked })}
          />
        </>
      )}
      {draft.kind === 'cron' ? (
        <TextInput
          label={t('schedules.cron')}
          description={t('schedules.cronHint')}
          classNames={{ input: 'mono' }}
          value={draft.cron}
          onChange={(event) => put({ cron: event.currentTarget.value })}
          error={lack('cron')}
          spellCheck={false}
          autoCapitalize="none"
        />
      ) : (
        <Times times={draft.times} onChange={(times) => put({ times })} error={lack('times')} />
      )}
      {draft.kind !== 'once' && (
        <>
          <div className="pair">
            <DateField
              label={t('schedules.startDate')}
              placeholder={t('schedules.openStart')}
              value={draft.startDate}
              onChange={(startDate) => put({ startDate })}
            />
            <DateField
              label={t('schedules.endDate')}
              placeholder={t('schedules.openEnd')}
              value={draft.endDate}
              onChange={(endDate) => put({ endDate })}
            />
          </div>
          <FieldError text={lack('dates')} />
          <Except dates={draft.exceptDates} onChange={(exceptDates) => put({ exceptDates })} />
        </>
      )}
      {told !== null && (
        <p className="told" aria-live="polite">
          {told}
        </p>
      )}
    </>
  );
}

function FieldError({ text }: { text: string | false }) {
  return text === false ? null : <p className="field-error">{text}</p>;
}

function Except({ dates, onChange }: { dates: string[]; onChange: (dates: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="bare">
      <legend>{t('schedules.except')}</legend>
      <div className="except">
        {dates.map((date) => (
          <Button
            key={date}
            variant="default"
            className="num"
            onClick={() => onChange(dates.filter((other) => other !== date))}
            aria-label={t('schedules.takeExcept', { date: date.split('-').toReversed().join('/') })}
          >
            {date.split('-').toReversed().join('/')} ✕
          </Button>
        ))}
        <span className="except-add">
          <DateField
            hidden
            label={t('schedules.addExcept')}
            placeholder={t('schedules.addExcept')}
            value={null}
            clearable={false}
            onChange={(date) =>
              date !== null && !dates.includes(date) && onChange([...dates, date].toSorted())
            }
          />
          <IconPlus size={16} aria-hidden />
        </span>
      </div>
    </fieldset>
  );
}
