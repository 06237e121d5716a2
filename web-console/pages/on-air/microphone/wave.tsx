import { ActionIcon, useComputedColorScheme } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import WaveSurfer from 'wavesurfer.js';
import { useFormat } from '../../../words/format.ts';
import { clock } from '../clock.ts';
import type { Recording } from './recorder.ts';

/** A recording to listen to, drawn from the peaks that were measured while it was made. */
export function Wave({ recording }: { recording: Recording }) {
  const { t } = useTranslation();
  const format = useFormat();
  const scheme = useComputedColorScheme();
  const box = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const duration = recording.durationMs / 1_000;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the scheme changes
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const media = document.createElement('audio');
    const address = URL.createObjectURL(recording.blob);
    media.src = address;
    const surfer = WaveSurfer.create({
      container: element,
      media,
      peaks: [[...recording.peaks]],
      duration,
      height: 72,
      waveColor: style.getPropertyValue('--quiet').trim(),
      progressColor: style.getPropertyValue('--accent').trim(),
      cursorColor: style.getPropertyValue('--accent').trim(),
      barWidth: 2,
      barGap: 1,
      barRadius: 1,
      normalize: true,
      dragToSeek: true,
    });
    wave.current = surfer;
    surfer.on('play', () => setPlaying(true));
    surfer.on('pause', () => setPlaying(false));
    surfer.on('timeupdate', setAt);
    return () => {
      wave.current = null;
      surfer.destroy();
      URL.revokeObjectURL(address);
    };
  }, [recording, scheme]);

  return (
    <div className="review-wave">
      <ActionIcon
        size={52}
        radius="xl"
        variant="filled"
        aria-label={t(playing ? 'rec.pause' : 'rec.play')}
        onClick={() => void wave.current?.playPause()}
      >
        {playing ? <IconPlayerPause size={24} /> : <IconPlayerPlay size={24} />}
      </ActionIcon>
      <div ref={box} className="review-box" />
      <input
        className="review-seek"
        type="range"
        min={0}
        max={Math.ceil(duration)}
        step={1}
        value={Math.round(at)}
        aria-label={t('rec.seek')}
        aria-valuetext={format.span(at * 1_000)}
        onChange={(event) => wave.current?.setTime(Number(event.currentTarget.value))}
      />
      <span className="num dim">
        {clock(at * 1_000)} / {clock(recording.durationMs)}
      </span>
    </div>
  );
}
