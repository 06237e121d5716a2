import { NumberInput, SegmentedControl, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SceneItem } from '#devices/scene/item';
import type { Align } from '#devices/scene/text';
import { useFormat } from '../../../../words/format.ts';
import { contrast, GROUND, grounds, INK, letters } from '../model/colours.ts';
import { without } from '../model/edits.ts';
import type { ItemOf } from '../model/items.ts';
import { useComposer } from '../use-composer.tsx';
import { Swatches } from './swatches.tsx';

/** So much contrast is needed to be read across a road (WCAG 2.2, 1.4.3). */
const ENOUGH = 4.5;
const ALIGNS = ['start', 'center', 'end'] as const satisfies readonly Align[];

const COLOURED = ['notice', 'text', 'table', 'ticker', 'clock', 'tile'] as const;
const LINED = ['notice', 'text', 'table', 'ticker', 'clock'] as const;
const ALIGNED = ['notice', 'text', 'clock'] as const;
type Coloured = ItemOf<(typeof COLOURED)[number]>;
type Lined = ItemOf<(typeof LINED)[number]>;
type Aligned = ItemOf<(typeof ALIGNED)[number]>;
const isColoured = (item: SceneItem): item is Coloured => COLOURED.some((type) => type === item.type);
const isLined = (item: SceneItem): item is Lined => LINED.some((type) => type === item.type);
const isAligned = (item: SceneItem): item is Aligned => ALIGNED.some((type) => type === item.type);

/** How the zone looks: its colours with their contrast, the letters' size, where the lines stand. */
export function LookFields() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { composition, page, zone, editZone, editItem } = useComposer();
  const { item } = zone;
  const ground = zone.ground ?? page.ground ?? GROUND;
  const colour = isColoured(item) ? (item.colour ?? INK) : null;
  const ratio = colour === null ? null : contrast(colour, ground);
  const usual = Math.max(8, Math.round(composition.format.height / 6));
  return (
    <details className="fold">
      <summary>{t('compose.look')}</summary>
      <div className="fold-in">
        {isColoured(item) && (
          <Swatches
            label={t('compose.colour')}
            swatches={letters}
            value={item.colour ?? null}
            none={t('compose.colourUsual')}
            onChange={(value) =>
              editItem(
                (): SceneItem =>
                  value === null ? (without(item, 'colour') as Coloured) : { ...item, colour: value },
              )
            }
          />
        )}
        <Swatches
          label={t('compose.ground')}
          swatches={grounds}
          value={zone.ground ?? null}
          none={t('compose.groundUsual')}
          onChange={(value) =>
            editZone((before) => (value === null ? without(before, 'ground') : { ...before, ground: value }))
          }
        />
        {ratio !== null && (
          <p className={ratio < ENOUGH ? 'contrast contrast-low' : 'contrast'}>
            <span style={{ color: colour ?? INK, background: ground }}>{t('compose.sampleLetters')}</span>
            {t(ratio < ENOUGH ? 'compose.contrastLow' : 'compose.contrast', { ratio: number(ratio, 1) })}
          </p>
        )}
        {isAligned(item) && (
          <SegmentedControl
            fullWidth
            aria-label={t('compose.align')}
            value={item.align ?? 'auto'}
            onChange={(value) => {
              const align = ALIGNS.find((one) => one === value);
              editItem(
                (): SceneItem =>
                  align === undefined ? (without(item, 'align') as Aligned) : { ...item, align },
              );
            }}
            data={(['auto', ...ALIGNS] as const).map((value) => ({
              value,
              label: t(`compose.aligned.${value}`),
            }))}
          />
        )}
        {isLined(item) && (
          <>
            <Switch
              size="md"
              label={t('compose.lineAuto')}
              description={t('compose.lineAutoHint')}
              checked={item.linePx === undefined}
              onChange={(event) => {
                const auto = event.currentTarget.checked;
                editItem(
                  (): SceneItem => (auto ? (without(item, 'linePx') as Lined) : { ...item, linePx: usual }),
                );
              }}
            />
            {item.linePx !== undefined && (
              <NumberInput
                label={t('compose.linePx')}
                description={t('compose.lineMm', {
                  mm: number(item.linePx * composition.format.pitchMm),
                })}
                value={item.linePx}
                min={8}
                max={1_000}
                allowDecimal={false}
                onChange={(value) => {
                  if (typeof value === 'number' && value >= 8)
                    editItem(() => ({ ...item, linePx: Math.round(value) }), 'line');
                }}
              />
            )}
          </>
        )}
      </div>
    </details>
  );
}
