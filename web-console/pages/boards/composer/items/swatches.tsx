import { useTranslation } from 'react-i18next';
import type { Swatch } from '../model/colours.ts';

/** A few colours that are told apart from afar; none: as the board has it. */
export function Swatches({
  label,
  swatches,
  value,
  none,
  onChange,
}: {
  label: string;
  swatches: readonly Swatch[];
  value: string | null;
  none: string;
  onChange: (value: string | null) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="plain-group swatches">
      <legend>{label}</legend>
      <button
        type="button"
        className="chip swatch-none"
        aria-pressed={value === null}
        onClick={() => onChange(null)}
      >
        {none}
      </button>
      {swatches.map((swatch) => (
        <button
          key={swatch.name}
          type="button"
          className="swatch"
          aria-pressed={value === swatch.value}
          aria-label={t(`compose.colours.${swatch.name}`)}
          title={t(`compose.colours.${swatch.name}`)}
          style={{ background: swatch.value }}
          onClick={() => onChange(swatch.value)}
        />
      ))}
    </fieldset>
  );
}
