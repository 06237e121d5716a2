/** Where a card hands its samples: sound hardware, or a command. They are 48 kHz, one channel, 16 bits. */
export interface Outlet {
  /** Opens it, or opens it again. @throws {Error} with what is wrong and what helps. */
  open(): Promise<void>;
  /** Readies it for a run; the frames of {@link left} count from here. @throws {Error} when it is gone. */
  prepare(): void;
  /** How many frames it wants now, so that it neither runs dry nor holds more than it must. @throws as {@link left} */
  room(nowMs: number): number;
  /** Takes what it can without waiting. @returns frames taken. @throws as {@link left} */
  write(samples: Int16Array): number;
  /**
   * Frames of the run that have left; null when it cannot tell, and goes by the clock.
   * @throws {Dry} when it was not fed in time and has stopped. @throws {Error} when it is gone.
   */
  left(nowMs: number): number | null;
  /** Holds so much from now on, ms, where it can choose; null for what is safest. */
  hold?(ms: number | null): void;
  close(): Promise<void>;
  /** How long after its start its position can be believed, ms. */
  readonly settleMs: number;
}

/** It was not fed in time, and has stopped. It can be prepared and goes on. */
export class Dry extends Error {}
