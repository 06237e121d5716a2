import { useEffect, useRef } from 'react';
import type { Size } from '#devices/render/brush';
import { drawDark, drawFallback } from '#devices/render/idle';
import { browserAssets } from './scene/assets.ts';
import { useAssetsTurn } from './scene/use-show.ts';

/** What stands on a board when nothing else does, drawn by the function that lights it. */
export function FallbackCanvas({
  size,
  show,
  title,
  utcOffsetMinutes,
  label,
}: {
  size: Size;
  show: 'clock' | 'name' | 'dark';
  title: string;
  utcOffsetMinutes: number;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const turn = useAssetsTurn();
  const { width, height } = size;
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again when a picture has come
  useEffect(() => {
    const brush = canvas.current?.getContext('2d', { alpha: false });
    if (brush === null || brush === undefined) return;
    brush.imageSmoothingEnabled = false;
    let timer: number | undefined;
    const draw = () => {
      if (show === 'dark') {
        drawDark(brush, { width, height });
        return;
      }
      const face = { title, utcOffsetMinutes, clockSet: true, language: 'vi' };
      const { nextInMs } = drawFallback(brush, { width, height }, { show }, face, Date.now(), browserAssets);
      if (Number.isFinite(nextInMs)) timer = window.setTimeout(draw, Math.max(16, nextInMs));
    };
    draw();
    return () => window.clearTimeout(timer);
  }, [width, height, show, title, utcOffsetMinutes, turn]);
  return (
    <canvas
      ref={canvas}
      className="scene-canvas"
      width={width}
      height={height}
      role="img"
      aria-label={label}
    />
  );
}
