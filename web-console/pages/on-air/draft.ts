/** Emergency first would be the thumb's first; the usual one stands in the middle. */
export const PRIORITIES = ['scheduled', 'priority', 'emergency'] as const;

/** What is chosen for the next broadcast. */
export interface Draft {
  /** `programme:{id}` or `playlist:{id}` */
  content: string | null;
  /** `{kind}:{id}` */
  targets: string[];
  priority: (typeof PRIORITIES)[number];
  /** Whether it is as loud everywhere, instead of each device by its own volume. */
  oneVolume: boolean;
  volume: number;
}

export const FRESH: Draft = {
  content: null,
  targets: ['all:'],
  priority: 'priority',
  oneVolume: false,
  volume: 80,
};
