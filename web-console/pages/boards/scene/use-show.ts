import { useEffect, useMemo, useState } from 'react';
import { makeShow, type Show } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { useWatched } from '../../../live/store.ts';
import { browserAssets } from './assets.ts';

/** How many files of scenes have come. */
export const useArrived = (): number => useWatched(browserAssets.arrived, (count) => count);

/** How often something would be drawn differently: a file has come, a film stands at another frame. */
export function useAssetsTurn(): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => browserAssets.watch(() => setTurn((before) => before + 1)), []);
  return turn;
}

/** A scene laid out for a board of a size; null when there is none, or it cannot be laid out. */
export function useShow(scene: Scene | null, width: number, height: number): Show | null {
  const arrived = useArrived();
  // biome-ignore lint/correctness/useExhaustiveDependencies: laid out anew when a picture has come
  return useMemo(() => {
    if (scene === null) return null;
    try {
      return makeShow(scene, { width, height }, browserAssets);
    } catch {
      return null; // Half-typed content that no board could take either; the fields say what is missing.
    }
  }, [scene, width, height, arrived]);
}
