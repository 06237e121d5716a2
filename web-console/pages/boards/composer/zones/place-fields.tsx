import { Button, NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rectangle } from '#devices/scene/page';
import { without } from '../model/edits.ts';
import { moved, resized, whole } from '../model/rectangles.ts';
import { useComposer } from '../use-composer.tsx';

const SIDES = ['x', 'y', 'width', 'height'] as const;

/** Where the zone stands, in numbers: the third way beside pointer and arrow keys. */
export function PlaceFields() {
  const { t } = useTranslation();
  const { composition, zone, editZone } = useComposer();
  const { grid } = composition;
  const at = zone.rectangle ?? whole(grid);
  const put = (side: (typeof SIDES)[number], value: number | string) => {
    if (typeof value !== 'number') return;
    const by = Math.round(value) - at[side];
    const to: Rectangle =
      side === 'x'
        ? moved(at, by, 0, grid)
        : side === 'y'
          ? moved(at, 0, by, grid)
          : side === 'width'
            ? resized(at, by, 0, grid)
            : resized(at, 0, by, grid);
    editZone((before) => ({ ...before, rectangle: to }), side);
  };
  return (
    <details className="fold">
      <summary>{t('compose.place')}</summary>
      <div className="fold-in">
        <div className="place-fields">
          {SIDES.map((side) => (
            <NumberInput
              key={side}
              label={t(`compose.side.${side}`)}
              value={at[side]}
              onChange={(value) => put(side, value)}
              min={side === 'width' || side === 'height' ? 1 : 0}
              allowDecimal={false}
              clampBehavior="blur"
            />
          ))}
        </div>
        <p className="hint">{t('compose.placeHint')}</p>
        {zone.rectangle !== undefined && (
          <Button variant="default" onClick={() => editZone((before) => without(before, 'rectangle'))}>
            {t('compose.wholeBoard')}
          </Button>
        )}
      </div>
    </details>
  );
}
