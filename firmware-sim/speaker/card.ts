/**
 * Where samples go: 48 kHz, one channel, 16 bits. A card free-runs from its start by a crystal of its own; what is not
 * there in time leaves as silence.
 */
export interface Card {
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The first frame that has not left the program yet: what lies before it cannot be changed any more. At each tick
   * the program puts everything before it that it did not put yet, so a card with a buffer of its own says here how
   * far it wants to be filled.
   */
  pointer(): number;
  /** When a frame is (or was) at the card's output, by the device's monotonic clock, ms; from the measured rate of the card. */
  monotonicAt(frame: number): number;
  /** The inverse of {@link monotonicAt}, with a fraction. */
  frameAt(monotonicMs: number): number;
  /**
   * Hands over samples for their place, after volume and mute, each frame once and in order per voice; voices that
   * overlap are added. Called at the tick at which the pointer has come past them; the samples are the card's own then.
   */
  put(frame: number, samples: Int16Array): void;
  /** How many frames of this piece never came out, for want of hardware: unplugged, or not fed in time. None, when left out. */
  lost?(from: number, to: number): number;
  /** From now on what is put is to be heard as soon as may be, or no more: at the price of its safety against stalls. */
  hasten?(on: boolean): void;
  /** How often the program must look after the card, ms. */
  readonly tickMs: number;
}
