import { Button } from '@mantine/core';
import { IconMicrophone, IconPlayerStopFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../api/session.ts';
import { useWatched } from '../../../live/store.ts';
import { useSay } from '../../../parts/undo.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { clock } from '../clock.ts';
import type { Capture } from './capture.ts';
import type { Choices } from './choices.ts';
import { HushNote } from './hush-note.tsx';
import { InputChoice } from './input-choice.tsx';
import { forget, keep, kept } from './kept.ts';
import { ObstacleCard } from './obstacle-card.tsx';
import { OpenButton } from './open-button.tsx';
import { Recorder, type Recording } from './recorder.ts';
import { Review } from './review.tsx';
import { sendingNow } from './sending.ts';
import { SendingCard } from './sending-card.tsx';
import { useCapture } from './use-capture.ts';
import { VoiceMeter } from './voice-meter.tsx';

/** Record, listen, and only then let it be heard. What is recorded stays until it was sent or thrown away. */
export function Recorded({ choices, put }: { choices: Choices; put: (change: Partial<Choices>) => void }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const say = useSay();
  const sending = useWatched(sendingNow, (value) => value);
  const microphone = useCapture();
  const { capture, opening, obstacle, open, change, close } = microphone;
  const recorder = useRef<Recorder | null>(null);
  const [running, setRunning] = useState(false);
  const [recording, setRecording] = useState<Recording | null>(null);
  useEffect(() => {
    void kept().then((found) => setRecording((present) => present ?? found));
    return () => {
      // Whoever walks on in the middle finds here what was said until then.
      const left = recorder.current;
      recorder.current = null;
      void left?.finish().then((done) => (done === null ? undefined : keep(done)));
    };
  }, []);
  const { deviceId, polished } = choices;
  const finish = async () => {
    const current = recorder.current;
    if (current === null) return;
    recorder.current = null;
    setRunning(false);
    const done = await current.finish();
    close();
    if (done === null) return say.done(t('rec.empty'));
    await keep(done);
    setRecording(done);
  };
  const start = async (on: Capture) => {
    if (recorder.current !== null) return;
    const next = new Recorder(on, () => {
      say.done(t('rec.limit'));
      void finish();
    });
    recorder.current = next;
    try {
      await next.start();
      setRunning(true);
    } catch (error) {
      recorder.current = null;
      say.failed(error);
    }
  };
  const drop = () => {
    if (recording !== null) void forget(recording.id);
    setRecording(null);
  };
  if (sending !== null)
    return (
      <SendingCard
        sending={sending}
        close={() => {
          sendingNow.set(null);
          if (sending.state.value.step === 'done') setRecording(null);
        }}
      />
    );
  if (recording !== null)
    return <Review recording={recording} choices={choices} put={put} again={drop} disabled={!may} />;
  if (obstacle !== null)
    return <ObstacleCard obstacle={obstacle} retry={() => void open({ deviceId, polished })} />;
  if (capture === null)
    return <OpenButton opening={opening} disabled={!may} open={() => void open({ deviceId, polished })} />;
  return (
    <div className="call" data-phase={running ? 'recording' : 'trying'}>
      {running && <Running recorder={recorder.current} />}
      <VoiceMeter capture={capture} />
      <HushNote capture={capture} />
      {!running && (
        <InputChoice
          capture={capture}
          choose={(next) => {
            put({ deviceId: next });
            void change({ deviceId: next });
          }}
        />
      )}
      <Button
        size="xl"
        fullWidth
        color="red"
        variant={running ? 'default' : 'filled'}
        leftSection={running ? <IconPlayerStopFilled size={24} /> : <IconMicrophone size={26} />}
        onClick={() => void (running ? finish() : start(capture))}
      >
        {t(running ? 'rec.stop' : 'rec.start')}
      </Button>
    </div>
  );
}

function Running({ recorder }: { recorder: Recorder | null }) {
  const { t } = useTranslation();
  useNow(200);
  return (
    <div className="call-head">
      <strong className="call-lamp" role="status">
        <span className="call-dot" aria-hidden="true" />
        {t('rec.recording')}
      </strong>
      <strong className="num call-big" role="timer" aria-label={t('rec.recording')}>
        {clock(recorder?.durationMs ?? 0)}
      </strong>
    </div>
  );
}
