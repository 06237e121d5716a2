import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Show, ShownPage } from '#devices/render/show';

export interface Playback {
  readonly playing: boolean;
  /** Where the round stands, or began to play. */
  readonly tMs: number;
  readonly shown: ShownPage | null;
  readonly play: () => void;
  readonly pause: () => void;
  /** Stands still on a picture of the round. */
  readonly goTo: (index: number) => void;
  readonly turned: (page: ShownPage | null, tMs: number) => void;
}

/** When the picture of that number begins in the round. */
export const startOf = ({ pages }: Show, index: number): number =>
  pages.slice(0, index).reduce((sum, { dwellMs }) => sum + dwellMs, 0);

/**
 * The round of a board, played or looked at picture by picture.
 * @param home the picture that stands while nobody plays: the first of the page that is edited.
 */
export function usePlayback(show: Show | null, home: number): Playback {
  const [playing, setPlaying] = useState(false);
  const [still, setStill] = useState<number | null>(null);
  const [fromMs, setFromMs] = useState(0);
  const [shown, setShown] = useState<ShownPage | null>(null);
  const [reachedMs, setReachedMs] = useState(0);
  // Another page is edited: that one is looked at.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another page is edited
  useEffect(() => setStill(null), [home]);
  const index = Math.min(still ?? home, Math.max(0, (show?.pages.length ?? 1) - 1));
  const stillMs = useMemo(() => (show === null ? 0 : startOf(show, index)), [show, index]);
  const turned = useCallback((page: ShownPage | null, tMs: number) => {
    setShown(page);
    setReachedMs(tMs);
  }, []);
  return {
    playing,
    tMs: playing ? fromMs : stillMs,
    shown,
    play: () => {
      setFromMs(stillMs);
      setPlaying(true);
    },
    pause: () => {
      setPlaying(false);
      setStill(show === null || reachedMs < 0 ? null : (shown?.index ?? null));
    },
    goTo: (to) => {
      setPlaying(false);
      setStill(to);
    },
    turned,
  };
}
