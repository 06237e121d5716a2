import { useTranslation } from 'react-i18next';
import type { BoardFormat } from '#controller/http/contract/boards';
import { useFormat } from '../../../../words/format.ts';
import { formatKey } from './formats.ts';

/** So many names say which boards it is; more only how many. */
const NAMED = 2;
const BOX = 44;

/** Which boards it is for, each drawn in its own shape. */
export function FormatPicker({
  formats,
  value,
  onChange,
}: {
  formats: readonly BoardFormat[];
  value: string;
  onChange: (format: BoardFormat) => void;
}) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <fieldset className="plain-group formats" aria-label={t('compose.format')}>
      {formats.map((format) => {
        const scale = BOX / Math.max(format.width, format.height * 1.2);
        const { boards } = format;
        return (
          <button
            key={formatKey(format)}
            type="button"
            className="format"
            aria-pressed={formatKey(format) === value}
            onClick={() => onChange(format)}
          >
            <span className="format-shape" aria-hidden="true">
              <span
                style={{
                  width: Math.max(6, format.width * scale),
                  height: Math.max(6, format.height * scale),
                }}
              />
            </span>
            <span>
              <strong className="num">
                {format.width} × {format.height}
              </strong>
              <span className="dim">
                {t('compose.formatIs', {
                  kind: format.display === null ? '' : format.display.toUpperCase(),
                  pitch: number(format.pitchMm, 2),
                }).trim()}
              </span>
              {boards.length > 0 && (
                <span className="dim">
                  {boards.length <= NAMED
                    ? boards.map(({ name }) => name).join(', ')
                    : t('count.boards', { count: boards.length })}
                </span>
              )}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
