import { ActionIcon, useComputedColorScheme } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import WaveSurfer from 'wavesurfer.js';
import type { Asset } from '#controller/http/contract/library';
import { ask } from '../../api/ask.ts';
import { addressOf } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { useFormat } from '../../words/format.ts';

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** The waveform as the controller measured it; the sound itself is fetched as it is heard. */
export function Listen({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const format = useFormat();
  const scheme = useComputedColorScheme();
  const peaks = useQuery({
    ...ask('GET /assets/{id}/peaks', { params: { id: asset.id } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const box = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [failed, setFailed] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the scheme changes
  useEffect(() => {
    const element = box.current;
    if (element === null || peaks.data === undefined) return;
    const style = getComputedStyle(element);
    const surfer = WaveSurfer.create({
      container: element,
      height: 64,
      url: addressOf('GET /assets/{id}/audio', { params: { id: asset.id } }),
      peaks: [peaks.data.peaks],
      duration: peaks.data.durationMs / 1000,
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
    surfer.on('error', () => setFailed(true));
    return () => {
      wave.current = null;
      surfer.destroy();
    };
  }, [peaks.data, asset.id, scheme]);

  if (peaks.isError) return <Problem error={peaks.error} retry={() => void peaks.refetch()} />;
  const duration = (asset.durationMs ?? 0) / 1000;
  return (
    <div className="wave">
      <ActionIcon
        size={44}
        radius="xl"
        variant="filled"
        aria-label={t(playing ? 'library.pause' : 'library.play')}
        onClick={() => void wave.current?.playPause()}
      >
        {playing ? <IconPlayerPause size={20} /> : <IconPlayerPlay size={20} />}
      </ActionIcon>
      <div ref={box} className="wave-box" />
      <input
        className="wave-seek"
        type="range"
        min={0}
        max={Math.ceil(duration)}
        step={1}
        value={Math.round(at)}
        aria-label={t('library.seek')}
        aria-valuetext={format.span(at * 1000)}
        onChange={(event) => wave.current?.setTime(Number(event.currentTarget.value))}
      />
      <span className="num dim wave-time">
        {clock(at)} / {clock(duration)}
      </span>
      {failed && <span className="refusal">{t('library.cannotListen')}</span>}
      <dl className="facts wave-facts num">
        <dt>{t('library.filename')}</dt>
        <dd>{asset.filename ?? t('state.none')}</dd>
        {asset.sourceLoudnessLufs !== null && asset.loudnessLufs !== null && (
          <>
            <dt>{t('library.loudnessLabel')}</dt>
            <dd>
              {t('library.loudnessChange', {
                before: format.number(asset.sourceLoudnessLufs, 1),
                after: format.number(asset.loudnessLufs, 1),
                peak: format.number(asset.truePeakDbtp ?? 0, 1),
              })}
            </dd>
          </>
        )}
        <dt>SHA-256</dt>
        <dd className="mono">{asset.sha256}</dd>
        {asset.text !== null && (
          <>
            <dt>{t('library.text')}</dt>
            <dd className="spoken">{asset.text}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
