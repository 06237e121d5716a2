import {
  IconAlignLeft,
  IconArrowAutofitWidth,
  IconClock,
  IconGauge,
  IconMovie,
  IconPhoto,
  IconSlideshow,
  IconSpeakerphone,
  IconTable,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { COMPOSED, type ComposedType, type ItemType } from '../model/items.ts';

const ICONS: Record<ComposedType, ReactNode> = {
  notice: <IconSpeakerphone size={18} aria-hidden />,
  text: <IconAlignLeft size={18} aria-hidden />,
  table: <IconTable size={18} aria-hidden />,
  ticker: <IconArrowAutofitWidth size={18} aria-hidden />,
  image: <IconPhoto size={18} aria-hidden />,
  images: <IconSlideshow size={18} aria-hidden />,
  video: <IconMovie size={18} aria-hidden />,
  clock: <IconClock size={18} aria-hidden />,
  tile: <IconGauge size={18} aria-hidden />,
};

/** What kind of thing stands in the zone. Words are carried over where both kinds have some. */
export function KindPicker({
  value,
  onChange,
  quiet,
}: {
  value: ItemType;
  onChange: (type: ComposedType) => void;
  /** Something stands there already: the kinds are folded into one line. */
  quiet: boolean;
}) {
  const { t } = useTranslation();
  const chips = (
    <fieldset className="plain-group chips kinds" aria-label={t('compose.kind')}>
      {COMPOSED.map((type) => (
        <button
          key={type}
          type="button"
          className="chip"
          aria-pressed={type === value}
          onClick={() => onChange(type)}
        >
          {ICONS[type]} {t(`compose.item.${type}`)}
        </button>
      ))}
    </fieldset>
  );
  if (!quiet) return chips;
  return (
    <details className="fold fold-kinds">
      <summary>
        {t('compose.kindIs', { item: t(`compose.item.${value}`) })}{' '}
        <span className="dim">{t('compose.changeKind')}</span>
      </summary>
      <div className="fold-in">{chips}</div>
    </details>
  );
}
