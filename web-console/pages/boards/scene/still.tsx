import { wordsOf } from '#devices/render/words';
import type { Scene } from '#devices/scene';
import { SceneCanvas } from './scene-canvas.tsx';
import { useShow } from './use-show.ts';

/** A small picture of a scene's first page: for lists and choices. */
export function Still({
  scene,
  width,
  height,
  label,
}: {
  scene: Scene;
  width: number;
  height: number;
  label?: string;
}) {
  const show = useShow(scene, width, height);
  if (show === null) return <div className="scene-canvas" style={{ aspectRatio: `${width} / ${height}` }} />;
  return <SceneCanvas show={show} tMs={0} label={label ?? wordsOf(scene)} />;
}
