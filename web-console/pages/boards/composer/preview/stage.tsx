import { Slider } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type CSSProperties, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../words/format.ts';
import { SceneCanvas } from '../../scene/scene-canvas.tsx';
import { useComposer } from '../use-composer.tsx';
import { ZoneFrames } from '../zones/zone-frames.tsx';
import { fitted, fromAfar, SCREENS, type View } from './scale.ts';
import { StageBar } from './stage-bar.tsx';
import { usePlayback } from './use-playback.ts';
import type { BoardPreview } from './use-preview.ts';
import { useRoom } from './use-room.ts';
import './stage.css';

/** The board as it will be: its own pixels, in the day and at night, from here and from across the road. */
export function Stage({
  preview,
  viewingMetres,
  night,
  setNight,
}: {
  preview: BoardPreview;
  viewingMetres: number;
  night: boolean;
  setNight: (night: boolean) => void;
}) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { composition, pageAt } = useComposer();
  const { format } = composition;
  const ground = useRef<HTMLDivElement>(null);
  const room = useRoom(ground);
  const phone = useMediaQuery('(pointer: coarse)') ?? false;
  const [view, setView] = useState<View>('fit');
  const [metres, setMetres] = useState(20);
  const playback = usePlayback(preview.show, preview.starts[pageAt] ?? 0);
  const ratio = window.devicePixelRatio;
  const fit = fitted(format, room, ratio);
  const width =
    view === 'fit'
      ? fit.width
      : view === 'true'
        ? format.width / ratio
        : fromAfar(format, metres, SCREENS[phone ? 'phone' : 'desk']);
  const style: CSSProperties & Record<`--${string}`, string> = {
    width: `${width}px`,
    aspectRatio: `${format.width} / ${format.height}`,
    '--across': `${100 / format.width}%`,
    '--down': `${100 / format.height}%`,
  };
  const label = t('compose.previewOf', {
    width: number(format.width),
    height: number(format.height),
    words: playback.shown?.words ?? '',
  });
  return (
    <section className="stage" aria-label={t('compose.preview')}>
      <div className="stage-ground" ref={ground} data-night={night} data-view={view}>
        {preview.show !== null && width > 0 && (
          <div className="stage-board" data-dots={view === 'fit' && fit.dots} style={style}>
            <SceneCanvas
              show={preview.show}
              tMs={playback.tMs}
              playing={playback.playing}
              onPage={playback.turned}
              label={label}
            />
            {view === 'fit' && !playback.playing && <ZoneFrames />}
          </div>
        )}
      </div>
      <StageBar
        playback={playback}
        of={preview.show?.pages.length ?? 1}
        view={view}
        setView={setView}
        night={night}
        setNight={setNight}
      />
      {view === 'far' && (
        <div className="stage-far">
          <Slider
            value={metres}
            onChange={setMetres}
            min={2}
            max={100}
            label={null}
            thumbSize={24}
            thumbLabel={t('compose.metresLabel')}
          />
          <span className="num">{t('compose.asFrom', { metres })}</span>
          {metres !== viewingMetres && (
            <button type="button" className="stage-usual" onClick={() => setMetres(viewingMetres)}>
              {t('compose.usualDistance', { metres: viewingMetres })}
            </button>
          )}
        </div>
      )}
    </section>
  );
}
