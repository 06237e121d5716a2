import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { drawShow, type Show, type ShownPage } from '#devices/render/show';
import { useAssetsTurn } from './use-show.ts';
import './scene.css';

/** A frame lasts so long: what moves moves by whole pixels a frame. */
const FRAME_MS = 1_000 / 60;

/**
 * A board: drawn by the function that lights it, on exactly as many pixels as it has. How large it is on the screen
 * is for the style sheet to say.
 */
export function SceneCanvas({
  show,
  tMs,
  playing = false,
  label,
  className = 'scene-canvas',
  onPage,
  ref,
}: {
  show: Show;
  /** Where in the round it stands, or begins to play. */
  tMs: number;
  playing?: boolean;
  label: string;
  className?: string;
  /** Told when another page stands, and how far the round is. */
  onPage?: (page: ShownPage | null, tMs: number) => void;
  ref?: Ref<HTMLCanvasElement>;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tell = useRef(onPage);
  tell.current = onPage;
  useImperativeHandle(ref, () => canvas.current as HTMLCanvasElement);
  const turn = useAssetsTurn();
  const started = useRef({ tMs: 0, playing: false, at: 0 });

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again when a picture has come
  useEffect(() => {
    const brush = canvas.current?.getContext('2d', { alpha: false });
    if (brush === null || brush === undefined) return;
    brush.imageSmoothingEnabled = false;
    let timer: number | undefined;
    let frame: number | undefined;
    let stood: number | undefined;
    // A picture that comes, or a film's next frame, draws anew; the round goes on where it is.
    const { current } = started;
    if (current.tMs !== tMs || current.playing !== playing || current.at === 0)
      started.current = { tMs, playing, at: performance.now() };
    const began = started.current.at;
    const draw = () => {
      const at = playing ? tMs + performance.now() - began : tMs;
      const { page, nextInMs } = drawShow(brush, show, at, Date.now());
      if (page?.index !== stood || stood === undefined) {
        stood = page?.index;
        tell.current?.(page, at);
      }
      if (!playing || !Number.isFinite(nextInMs)) return;
      if (nextInMs <= FRAME_MS * 1.5) frame = window.requestAnimationFrame(draw);
      else timer = window.setTimeout(draw, nextInMs);
    };
    draw();
    return () => {
      window.clearTimeout(timer);
      if (frame !== undefined) window.cancelAnimationFrame(frame);
    };
  }, [show, tMs, playing, turn]);

  return (
    <canvas
      ref={canvas}
      className={className}
      width={show.size.width}
      height={show.size.height}
      // Beside words that say the same it says nothing.
      {...(label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}
