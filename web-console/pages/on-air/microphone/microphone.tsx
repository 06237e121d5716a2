import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useWatched } from '../../../live/store.ts';
import { useDraft } from '../../../parts/use-draft.ts';
import { callNow } from './call.ts';
import { CallPanel } from './call-panel.tsx';
import { type Choices, FRESH } from './choices.ts';
import { Direct } from './direct.tsx';
import './microphone.css';
import { Recorded } from './recorded.tsx';

/** The microphone: speaking at once, or recording first where microphone and horn share a square. */
export function Microphone() {
  const { t } = useTranslation();
  const call = useWatched(callNow, (value) => value);
  const [choices, setChoices] = useDraft<Choices>('microphone', FRESH);
  const put = (change: Partial<Choices>) => setChoices({ ...choices, ...change });
  if (call !== null) return <CallPanel call={call} />;
  return (
    <div className="studio-form">
      <div>
        <SegmentedControl
          fullWidth
          aria-label={t('mic.mode')}
          value={choices.mode}
          onChange={(value) => put({ mode: value === 'recorded' ? 'recorded' : 'direct' })}
          data={[
            { value: 'direct', label: t('mic.direct') },
            { value: 'recorded', label: t('mic.recorded') },
          ]}
        />
        <p className="hint studio-hint">
          {t(choices.mode === 'direct' ? 'mic.directHint' : 'mic.recordedHint')}
        </p>
      </div>
      {choices.mode === 'direct' ? (
        <Direct choices={choices} put={put} />
      ) : (
        <Recorded choices={choices} put={put} />
      )}
    </div>
  );
}
