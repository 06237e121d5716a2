import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { link } from '../live/link.ts';
import { useWatched } from '../live/store.ts';
import { useFormat } from '../words/format.ts';

/** Old figures say that they are old. */
export function LinkBanner() {
  const { t } = useTranslation();
  const format = useFormat();
  const { up, known, trueAt } = useWatched(link, (value) => value);
  return (
    <div role="status" aria-live="polite">
      {known && !up && (
        <div className="link-banner">
          <IconPlugConnectedX size={20} aria-hidden />
          <span>{t('frame.stale', { time: format.second(trueAt) })}</span>
        </div>
      )}
    </div>
  );
}
