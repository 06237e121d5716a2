import { useCallback, useEffect, useRef, useState } from 'react';
import { Capture, type Wish } from './capture.ts';
import { type Obstacle, obstacleAhead, obstacleOf } from './obstacle.ts';

export interface Opening {
  readonly capture: Capture | null;
  readonly opening: boolean;
  readonly obstacle: Obstacle | null;
  readonly open: (wish: Wish) => Promise<Capture | null>;
  readonly change: (wish: Partial<Wish>) => Promise<void>;
  readonly close: () => void;
  /** Somebody else speaks into it now: it stays open when this part of the page goes. @returns what takes it back. */
  readonly handOver: () => () => void;
}

/** A microphone for as long as a part of the page is there. */
export function useCapture(): Opening {
  const held = useRef<Capture | null>(null);
  const gone = useRef(false);
  const [capture, setCapture] = useState<Capture | null>(null);
  const [opening, setOpening] = useState(false);
  const [obstacle, setObstacle] = useState<Obstacle | null>(obstacleAhead);
  const hold = useCallback((next: Capture | null) => {
    held.current = next;
    setCapture(next);
  }, []);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      held.current?.close();
      held.current = null;
    };
  }, []);
  return {
    capture,
    opening,
    obstacle,
    open: async (wish) => {
      const ahead = obstacleAhead();
      setObstacle(ahead);
      if (ahead !== null) return null;
      setOpening(true);
      try {
        const opened = await openEither(wish);
        // The person walked on while the browser was asking.
        if (gone.current) opened.close();
        else hold(opened);
        return gone.current ? null : opened;
      } catch (error) {
        setObstacle(obstacleOf(error));
        return null;
      } finally {
        setOpening(false);
      }
    },
    change: async (wish) => {
      try {
        await held.current?.change(wish);
        setObstacle(null);
      } catch (error) {
        setObstacle(obstacleOf(error));
      }
    },
    close: () => {
      held.current?.close();
      hold(null);
    },
    handOver: () => {
      const lent = held.current;
      held.current = null;
      return () => {
        if (gone.current) lent?.close();
        else held.current = lent;
      };
    },
  };
}

/** The microphone that was chosen last may not be plugged in today: any other does. */
async function openEither(wish: Wish): Promise<Capture> {
  try {
    return await Capture.open(wish);
  } catch (error) {
    if (wish.deviceId === null || obstacleOf(error) !== 'missing') throw error;
    return await Capture.open({ ...wish, deviceId: null });
  }
}
