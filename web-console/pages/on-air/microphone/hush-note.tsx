import { IconMicrophoneOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useWatched } from '../../../live/store.ts';
import type { Capture } from './capture.ts';

/** Says when an open microphone hears nothing any more, and why. */
export function HushNote({ capture }: { capture: Capture }) {
  const { t } = useTranslation();
  const hush = useWatched(capture.state, (state) => state.hush);
  return (
    <div role="alert">
      {hush !== 'none' && (
        <p className="note" data-tone="warn">
          <IconMicrophoneOff size={20} aria-hidden />
          <span>{t(`mic.hush.${hush}`)}</span>
        </p>
      )}
    </div>
  );
}
