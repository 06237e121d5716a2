import { useTranslation } from 'react-i18next';
import { LAYOUTS, type LayoutName, laidOut, layoutOf, layoutsFor } from '../model/layouts.ts';
import { useComposer } from '../use-composer.tsx';

/** How the page is divided: each layout as a small drawing of itself. */
export function LayoutPicker() {
  const { t } = useTranslation();
  const { composition, page, editPage } = useComposer();
  const { grid } = composition;
  const chosen = layoutOf(page, grid);
  const choose = (name: LayoutName) => editPage((before) => laidOut(before, name, grid));
  return (
    <fieldset className="plain-group" aria-label={t('compose.layout')}>
      <div className="layouts">
        {layoutsFor(grid).map((name) => (
          <button
            key={name}
            type="button"
            className="layout"
            aria-pressed={name === chosen}
            onClick={() => choose(name)}
          >
            <svg viewBox="0 0 56 36" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
              {LAYOUTS[name].places.map(({ at: [x, y, width, height] }) => {
                const box = grid.height > grid.width ? { x: 17, width: 22 } : { x: 1, width: 54 };
                return (
                  <rect
                    key={`${x} ${y}`}
                    x={box.x + x * box.width + 0.5}
                    y={1.5 + y * 33}
                    width={width * box.width - 1}
                    height={height * 33 - 1}
                    rx={2}
                  />
                );
              })}
            </svg>
            {t(`compose.layouts.${name}`)}
          </button>
        ))}
      </div>
      {chosen === null && <p className="hint">{t('compose.byHand')}</p>}
    </fieldset>
  );
}
