import { NumberInput, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Panel } from '#devices/kind';
import type { Draft } from './draft.ts';

type Rectangle = NonNullable<Draft['rectangle']>;
const FIELDS = ['x', 'y', 'width', 'height'] as const;
const MOST = { x: 7_680, y: 4_320, width: 7_680, height: 4_320 };
const LEAST = { x: 0, y: 0, width: 16, height: 16 };
/** Outputs that sending cards are fed by; the smallest that holds the rectangle is drawn. */
const OUTPUTS = [
  [1_280, 720],
  [1_920, 1_080],
  [3_840, 2_160],
  [7_680, 4_320],
] as const;

/** Where on the screen the page draws, for an LED panel that mirrors a part of an HDMI output. */
export function RectangleField({
  rectangle,
  panel,
  put,
  disabled,
}: {
  rectangle: Draft['rectangle'];
  panel: Panel | undefined;
  put: (change: Partial<Draft>) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { width = 192, height = 96 } = panel ?? {};
  return (
    <fieldset className="bare board-field" disabled={disabled}>
      <legend>{t('boards.rectangle.title')}</legend>
      <Switch
        size="md"
        label={t('boards.rectangle.use')}
        description={t('boards.rectangle.hint')}
        checked={rectangle !== null}
        disabled={disabled}
        onChange={(event) =>
          put({ rectangle: event.currentTarget.checked ? { x: 0, y: 0, width, height } : null })
        }
      />
      {rectangle !== null && (
        <>
          <ScreenPicture rectangle={rectangle} />
          <div className="board-quad">
            {FIELDS.map((field) => (
              <NumberInput
                key={field}
                label={t(`boards.rectangle.${field}`)}
                value={rectangle[field]}
                onChange={(value) =>
                  typeof value === 'number' && put({ rectangle: { ...rectangle, [field]: value } })
                }
                min={LEAST[field]}
                max={MOST[field]}
                allowDecimal={false}
                disabled={disabled}
              />
            ))}
          </div>
          {panel !== undefined && (rectangle.width !== panel.width || rectangle.height !== panel.height) && (
            <p className="hint">
              {t('boards.rectangle.differs', { width: panel.width, height: panel.height })}
            </p>
          )}
        </>
      )}
    </fieldset>
  );
}

function ScreenPicture({ rectangle: { x, y, width, height } }: { rectangle: Rectangle }) {
  const { t } = useTranslation();
  const [across, down] = OUTPUTS.find(([w, h]) => x + width <= w && y + height <= h) ?? OUTPUTS[3];
  return (
    <svg
      className="screen-picture"
      viewBox={`0 0 ${across} ${down}`}
      role="img"
      aria-label={t('boards.rectangle.picture', { x, y, width, height, across, down })}
    >
      <rect width={across} height={down} className="screen-whole" />
      <rect x={x} y={y} width={width} height={height} className="screen-part" />
    </svg>
  );
}
