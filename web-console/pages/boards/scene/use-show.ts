import { useEffect, useMemo, useState } from 'react';
import { makeShow, type Show } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { browserAssets } from './assets.ts';

/** How often the files of scenes have changed: what was laid out before a picture came is laid out again. */
export function useAssetsTurn(): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => browserAssets.watch(() => setTurn((before) => before + 1)), []);
  return turn;
}

/** A scene laid out for a board of a size; null when there is none, or it cannot be laid out. */
export function useShow(scene: Scene | null, width: number, height: number): Show | null {
  return useMemo(() => {
    if (scene === null) return null;
    try {
      return makeShow(scene, { width, height }, browserAssets);
    } catch {
      return null; // Half-typed content that no board could take either; the fields say what is missing.
    }
  }, [scene, width, height]);
}
