import { Button, Progress } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useWatched } from '../../../live/store.ts';
import { Shape } from '../../../parts/mark.tsx';
import { useProblemText } from '../../../parts/problem.tsx';
import { type Sending, STEPS } from './sending.ts';

/** A recording on its way to the horns, step by step; what went wrong goes on from where it stands. */
export function SendingCard({ sending, close }: { sending: Sending; close: () => void }) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const { step, ratio, error } = useWatched(sending.state, (state) => state);
  const at = step === 'done' ? STEPS.length : STEPS.indexOf(step);
  const failed = error !== null;
  return (
    <div className="call-over">
      <h3>{t(step === 'done' ? 'rec.sent' : failed ? 'rec.failed' : 'rec.sending')}</h3>
      <p className="dim">{sending.title}</p>
      <ol className="sending-steps" aria-live="polite">
        {STEPS.map((name, place) => (
          <li key={name} data-state={place < at ? 'done' : place === at ? 'now' : 'next'}>
            <Shape
              shape={place < at ? 'full' : place === at ? (failed ? 'cross' : 'half') : 'ring'}
              tone={place < at ? 'good' : place === at ? (failed ? 'bad' : 'accent') : 'quiet'}
              size={16}
            />
            <span>{t(`rec.step.${name}`)}</span>
            {name === 'uploading' && place === at && !failed && (
              <span className="num dim">{t('rec.uploadingOf', { percent: Math.round(ratio * 100) })}</span>
            )}
          </li>
        ))}
      </ol>
      {step === 'uploading' && !failed && (
        <Progress value={ratio * 100} aria-label={t('rec.step.uploading')} />
      )}
      {failed && (
        <>
          <p className="note" data-tone="bad" role="alert">
            {textOf(error)}
          </p>
          <Button
            size="lg"
            fullWidth
            leftSection={<IconRefresh size={20} />}
            onClick={() => void sending.start()}
          >
            {t('rec.resume')}
          </Button>
          <Button variant="default" fullWidth onClick={close}>
            {t('rec.drop')}
          </Button>
        </>
      )}
      {step === 'done' && (
        <>
          <p>{t('rec.sentHint')}</p>
          <Button size="lg" fullWidth variant="default" onClick={close}>
            {t('rec.next')}
          </Button>
        </>
      )}
    </div>
  );
}
