import { Button, TextInput } from '@mantine/core';
import { IconBroadcast, IconDownload, IconRotate2 } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TwoTaps } from '../../../parts/two-taps.tsx';
import { useFormat } from '../../../words/format.ts';
import { targetOf, useReach } from '../reach.ts';
import { VolumeField } from '../volume-field.tsx';
import { WhereField } from '../where-field.tsx';
import type { Choices } from './choices.ts';
import type { Recording } from './recorder.ts';
import { Sending, sendingNow } from './sending.ts';

const Wave = lazy(async () => ({ default: (await import('./wave.tsx')).Wave }));

/** A recording before it is heard: listen, name it, say where, and only then play it. */
export function Review({
  recording,
  choices,
  put,
  again,
  disabled,
}: {
  recording: Recording;
  choices: Choices;
  put: (change: Partial<Choices>) => void;
  again: () => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [asked, setAsked] = useState(false);
  const reach = useReach(choices.targets);
  const usual = t('rec.defaultTitle', { time: format.time(recording.at), date: format.date(recording.at) });
  const name = choices.title.trim() === '' ? usual : choices.title.trim();
  const send = () => {
    setAsked(true);
    if (reach === undefined || reach.devices === 0) return;
    const sending = new Sending(recording, name, {
      targets: choices.targets.map(targetOf),
      volume: choices.oneVolume ? choices.volume : null,
    });
    sendingNow.set(sending);
    put({ title: '' });
    void sending.start();
  };
  const save = () => {
    const address = URL.createObjectURL(recording.blob);
    const link = document.createElement('a');
    link.href = address;
    link.download = `${name}.${recording.blob.type.startsWith('audio/ogg') ? 'ogg' : 'wav'}`;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <>
      <h3 className="review-title">{t('rec.review')}</h3>
      <Suspense fallback={<div className="review-wave" />}>
        <Wave key={recording.id} recording={recording} />
      </Suspense>
      <div className="review-actions">
        <TwoTaps
          label={t('rec.again')}
          sure={t('rec.againSure')}
          icon={<IconRotate2 size={18} />}
          disabled={false}
          loading={false}
          act={again}
        />
        <Button variant="default" leftSection={<IconDownload size={18} />} onClick={save}>
          {t('rec.save')}
        </Button>
      </div>
      <TextInput
        label={t('mic.title')}
        placeholder={usual}
        value={choices.title}
        maxLength={200}
        onChange={(event) => put({ title: event.currentTarget.value })}
      />
      <WhereField
        value={choices.targets}
        onChange={(targets) => put({ targets })}
        reach={reach}
        asked={asked}
        live={false}
      />
      <VolumeField one={choices.oneVolume} volume={choices.volume} change={put} disabled={disabled} />
      <Button
        size="xl"
        fullWidth
        leftSection={<IconBroadcast size={26} />}
        disabled={disabled}
        onClick={send}
      >
        {reach === undefined || reach.devices === 0
          ? t('rec.send')
          : t('studio.start', { label: t('rec.send'), count: reach.connected })}
      </Button>
    </>
  );
}
