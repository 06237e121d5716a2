/** What is chosen for the next relay. */
export interface Draft {
  sourceId: string | null;
  /** `{kind}:{id}` */
  targets: string[];
  minutes: number;
  /** Whether it is as loud everywhere, instead of each speaker by its own volume. */
  oneVolume: boolean;
  volume: number;
}

export const FRESH: Draft = { sourceId: null, targets: ['all:'], minutes: 30, oneVolume: false, volume: 80 };
export const USUAL_MINUTES = [15, 30, 60, 120] as const;
export const MOST_MINUTES = 720;
