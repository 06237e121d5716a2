import { Button } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../api/session.ts';
import { useSay } from '../../../parts/undo.tsx';
import { targetOf, useReach } from '../reach.ts';
import { WhereField } from '../where-field.tsx';
import { Call, callNow } from './call.ts';
import type { Capture } from './capture.ts';
import type { Choices } from './choices.ts';
import { HushNote } from './hush-note.tsx';
import { InputChoice } from './input-choice.tsx';
import { ObstacleCard } from './obstacle-card.tsx';
import { OpenButton } from './open-button.tsx';
import { Options } from './options.tsx';
import { useCapture } from './use-capture.ts';
import { VoiceMeter } from './voice-meter.tsx';

/** Speaking at once: where, a microphone that was tried, and the one button that says how many will hear. */
export function Direct({ choices, put }: { choices: Choices; put: (change: Partial<Choices>) => void }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const say = useSay();
  const { capture, opening, obstacle, open, change, handOver } = useCapture();
  const [asked, setAsked] = useState(false);
  const reach = useReach(choices.targets);
  const { deviceId, polished } = choices;
  const start = useMutation({
    mutationFn: async (microphone: Capture) => {
      const call = new Call(microphone, {
        title: choices.title.trim() === '' ? t('mic.liveTitle') : choices.title.trim(),
        targets: choices.targets.map(targetOf),
        startChime: choices.startChime,
        endChime: choices.endChime,
        volume: choices.oneVolume ? choices.volume : null,
      });
      // Whoever walks on while it rings has called all the same: the microphone must not close behind them.
      const takeBack = handOver();
      try {
        await call.start();
      } catch (error) {
        takeBack();
        throw error;
      }
      callNow.set(call);
    },
    onSuccess: () => put({ title: '' }),
    onError: say.failed,
  });
  const go = (microphone: Capture) => {
    setAsked(true);
    if (reach !== undefined && reach.live > 0) start.mutate(microphone);
  };
  return (
    <>
      <WhereField
        value={choices.targets}
        onChange={(targets) => put({ targets })}
        reach={reach}
        asked={asked}
        live
      />
      <Options
        choices={choices}
        put={(next) => {
          put(next);
          if (next.polished !== undefined) void change({ polished: next.polished });
        }}
        disabled={!may}
      />
      {obstacle !== null && (
        <ObstacleCard obstacle={obstacle} retry={() => void open({ deviceId, polished })} />
      )}
      {capture === null ? (
        obstacle === null && (
          <OpenButton opening={opening} disabled={!may} open={() => void open({ deviceId, polished })} />
        )
      ) : (
        <>
          <VoiceMeter capture={capture} />
          <HushNote capture={capture} />
          <InputChoice
            capture={capture}
            choose={(next) => {
              put({ deviceId: next });
              void change({ deviceId: next });
            }}
          />
          <Button
            size="xl"
            fullWidth
            leftSection={<IconBroadcast size={26} />}
            loading={start.isPending}
            disabled={!may}
            onClick={() => go(capture)}
          >
            {reach === undefined || reach.live === 0
              ? t('mic.start')
              : t('studio.start', { label: t('mic.start'), count: reach.liveConnected })}
          </Button>
        </>
      )}
      <p className="hint">
        {t('mic.howl')}{' '}
        <button type="button" className="link" onClick={() => put({ mode: 'recorded' })}>
          {t('mic.howlSwitch')}
        </button>
      </p>
    </>
  );
}
