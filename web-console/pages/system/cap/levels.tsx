import { ActionIcon, Button, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CapPolicy } from '#controller/http/contract/policies';
import { LEVELS, type LevelRow, MEASURES, measured, measures } from './measures.ts';
import { TryLevels } from './try-levels.tsx';

const ANY = 'any';

/** Severity × urgency × certainty → what is done: rows from the top, the first that fits decides. */
export function Levels({
  levels,
  change,
  disabled,
}: {
  levels: CapPolicy['levels'];
  change: (levels: CapPolicy['levels']) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const put = (place: number, row: LevelRow) => change(levels.with(place, row));
  const move = (place: number, to: number) => {
    const row = levels[place];
    if (row !== undefined) change(levels.toSpliced(place, 1).toSpliced(to, 0, row));
  };
  return (
    <div className="policy-block">
      <h3>{t('capPolicy.levels')}</h3>
      <p className="hint">{t('capPolicy.levelsHint')}</p>
      <ol className="cap-levels">
        {levels.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is named by its place, which is what counts
          <li key={index} data-level={row.level}>
            <span className="cap-place num">{index + 1}</span>
            {measures.map((measure) => (
              <Select
                key={measure}
                aria-label={t('capPolicy.rowMeasure', {
                  place: index + 1,
                  measure: t(`capPolicy.measure.${measure}`),
                })}
                data={[
                  { value: ANY, label: t(`capPolicy.any.${measure}`) },
                  ...MEASURES[measure].map((value) => ({ value, label: t(`capWord.${value}`) })),
                ]}
                value={row[measure] ?? ANY}
                onChange={(chosen) => put(index, measured(row, measure, chosen))}
                allowDeselect={false}
                disabled={disabled}
              />
            ))}
            <span aria-hidden="true" className="cap-arrow">
              →
            </span>
            <Select
              aria-label={t('capPolicy.rowLevel', { place: index + 1 })}
              className="cap-level"
              data={LEVELS.map((value) => ({ value, label: t(`bulletinLevel.${value}`) }))}
              value={row.level}
              onChange={(chosen) =>
                put(index, { ...row, level: LEVELS.find((one) => one === chosen) ?? row.level })
              }
              allowDeselect={false}
              disabled={disabled}
            />
            <span className="cap-moves">
              <ActionIcon
                variant="subtle"
                size={44}
                disabled={disabled || index === 0}
                aria-label={t('capPolicy.up', { place: index + 1 })}
                onClick={() => move(index, index - 1)}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                size={44}
                disabled={disabled || index === levels.length - 1}
                aria-label={t('capPolicy.down', { place: index + 1 })}
                onClick={() => move(index, index + 1)}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={44}
                disabled={disabled}
                aria-label={t('capPolicy.takeRow', { place: index + 1 })}
                onClick={() => change(levels.toSpliced(index, 1))}
              >
                <IconX size={16} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || levels.length >= 150}
          onClick={() =>
            // Before the last row, which usually takes what is left.
            change(
              levels.toSpliced(Math.max(0, levels.length - 1), 0, {
                severity: 'Severe',
                urgency: null,
                certainty: null,
                level: 'priority',
              }),
            )
          }
        >
          {t('capPolicy.addRow')}
        </Button>
      </div>
      <TryLevels levels={levels} />
    </div>
  );
}
