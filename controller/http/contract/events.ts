import type { Entity } from '../../changes.ts';

/**
 * What the controller says over socket.io, path `/live`. `changed` names what to fetch again, gathered for 200 ms,
 * with no ids where they are too many to name; the others carry what would be too frequent to fetch.
 */
export interface LiveEvents {
  changed: (changes: { entity: Entity; ids: string[] }[]) => void;
  /** Of an upload or a transcoding. */
  progress: (progress: { asset: string; stage: string; ratio: number }) => void;
  /** Devices as their heartbeats said, gathered for a second. */
  heartbeats: (
    beats: { device: string; at: number; levelDbfs: number | null; playing: string | null }[],
  ) => void;
}
