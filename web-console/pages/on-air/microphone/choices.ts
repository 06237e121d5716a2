/** What is chosen for the next call or recording; it is kept while the console is open. */
export interface Choices {
  mode: 'direct' | 'recorded';
  /** `{kind}:{id}` */
  targets: string[];
  title: string;
  startChime: boolean;
  endChime: boolean;
  /** Whether it is as loud everywhere, instead of each speaker by its own volume. */
  oneVolume: boolean;
  volume: number;
  /** Whether the browser takes away noise and evens out loudness. */
  polished: boolean;
  deviceId: string | null;
}

export const FRESH: Choices = {
  mode: 'direct',
  targets: ['all:'],
  title: '',
  startChime: true,
  endChime: true,
  oneVolume: false,
  volume: 80,
  polished: true,
  deviceId: null,
};
