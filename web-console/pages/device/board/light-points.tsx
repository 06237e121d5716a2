import { ActionIcon, Button, NumberInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Brightness, LightPoint } from './draft.ts';

type Rule = Extract<Brightness, { by: 'sensor' }>;

/** Which brightness belongs to which light, and how much the light must change before the board follows. */
export function LightPoints({
  rule,
  change,
  senses,
  disabled,
}: {
  rule: Rule;
  change: (rule: Rule) => void;
  /** Whether the board has a sensor at all. */
  senses: boolean;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { points, hysteresis } = rule;
  const set = (next: LightPoint[]) => change({ ...rule, points: next });
  const put = (place: number, next: Partial<LightPoint>) =>
    set(points.map((point, index) => (index === place ? { ...point, ...next } : point)));
  return (
    <>
      {!senses && <p className="field-error">{t('boards.brightness.noSensor')}</p>}
      <ol className="volume-steps light-points">
        {points.map((point, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point has no other name than its place while it is typed
          <li key={index}>
            <NumberInput
              aria-label={t('boards.brightness.lux', { place: index + 1 })}
              value={point.lux}
              onChange={(lux) => typeof lux === 'number' && put(index, { lux })}
              min={0.1}
              max={200_000}
              suffix=" lux"
              thousandSeparator="."
              decimalSeparator=","
              disabled={disabled}
            />
            <NumberInput
              aria-label={t('boards.brightness.step', { place: index + 1 })}
              value={point.brightness}
              onChange={(brightness) => typeof brightness === 'number' && put(index, { brightness })}
              min={0}
              max={100}
              step={5}
              allowDecimal={false}
              clampBehavior="strict"
              suffix=" %"
              disabled={disabled}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              disabled={disabled || points.length <= 2}
              onClick={() => set(points.filter((_, place) => place !== index))}
              aria-label={t('boards.brightness.takePoint', { lux: point.lux })}
            >
              <IconX size={16} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <div className="board-row">
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || points.length >= 8}
          onClick={() => set([...points, { lux: (points.at(-1)?.lux ?? 100) * 2, brightness: 50 }])}
        >
          {t('boards.brightness.addPoint')}
        </Button>
      </div>
      <NumberInput
        label={t('boards.brightness.hysteresis')}
        description={t('boards.brightness.hysteresisHint')}
        value={Math.round(hysteresis * 100)}
        onChange={(value) => typeof value === 'number' && change({ ...rule, hysteresis: value / 100 })}
        min={0}
        max={90}
        step={5}
        suffix=" %"
        disabled={disabled}
      />
    </>
  );
}
