import type { BaseClock } from '../clock.ts';
import type { Card } from './card.ts';
import { CardLine, type LineOptions } from './card-line.ts';
import { Gaps } from './gaps.ts';
import { MixingRing } from './mixing-ring.ts';
import { Dry, type Outlet } from './outlet.ts';
import { RunPosition } from './run-position.ts';
import { framesOf, msOf, RATE } from './sound-card.ts';

export interface FedCardDesk {
  readonly outlet: Outlet;
  readonly clock: BaseClock;
  readonly line: LineOptions;
  /** What the position may be off by before the output is taken to have jumped, ms. */
  readonly jumpMs: number;
  readonly fault: (what: string, detail: string) => void;
}

/** Fed so often, ms: no multiple of the periods in which cards move their position. */
const FEED_MS = 23;
/** For live sound it holds less, and is fed more often: but still less often than it is looked after. */
const LIVE_FEED_MS = 17;
const LIVE_HELD_MS = 80;
/** Read so often each time, so that one reading meets neither a cold cache nor another program. */
const READINGS = 3;
/** What is asked for at once, at most: an output that was away may want more, and gets it a tick later. */
const RING_FRAMES = framesOf(2_000);
const REOPEN_MS = 2_000;

/**
 * A real output as a {@link Card}: it is fed from a timer, silence included, and its frames are told by the line of its
 * measured positions against the clock. When it ran dry or was unplugged it goes on in step: the frames of the pause are
 * left out, not moved.
 */
export class FedCard implements Card {
  /** More often than it is fed, so that what was asked for is always there when the next feeding comes. */
  readonly tickMs = 10;
  readonly #desk: FedCardDesk;
  readonly #line: CardLine;
  readonly #run: RunPosition;
  readonly #ring = new MixingRing(RING_FRAMES);
  readonly #gaps = new Gaps();
  #timer: NodeJS.Timeout | undefined;
  #feedMs = FEED_MS;
  #open = false;
  /** Frames of the run that were handed over. */
  #written = 0;
  /** Everything before this frame was handed over or left out. */
  #handed = 0;
  /** Everything before this frame was asked for. */
  #pointer = 0;
  #settledAt = 0;
  #reopenAt = 0;

  constructor(desk: FedCardDesk) {
    this.#desk = desk;
    this.#line = new CardLine(RATE, desk.line);
    this.#run = new RunPosition(this.#line, desk.jumpMs);
  }

  /** Opens it and waits until its place is known. One that cannot be opened is tried again, and time goes on meanwhile. */
  async start(): Promise<void> {
    const { clock, outlet } = this.#desk;
    try {
      await outlet.open();
      this.#begin();
      while (!this.#run.settled) {
        await new Promise((resolve) => setTimeout(resolve, FEED_MS));
        this.#look();
      }
    } catch (error) {
      if (!this.#line.anchored) this.#line.observe(clock.monotonicMs(), 0);
      this.#stumble(error);
    }
    this.#timer = setInterval(() => this.#tick(), this.#feedMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#open = false;
    await this.#desk.outlet.close();
  }

  pointer(): number {
    return this.#pointer;
  }

  monotonicAt(frame: number): number {
    return this.#line.monotonicAt(frame);
  }

  frameAt(monotonicMs: number): number {
    return this.#line.frameAt(monotonicMs);
  }

  put(frame: number, samples: Int16Array): void {
    this.#ring.add(frame, samples, this.#handed);
  }

  hasten(on: boolean): void {
    this.#desk.outlet.hold?.(on ? LIVE_HELD_MS : null);
    this.#feedMs = on ? LIVE_FEED_MS : FEED_MS;
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), this.#feedMs);
  }

  lost(from: number, to: number): number {
    return this.#gaps.within(from, to);
  }

  /** What the card's crystal is off by against this machine's clock, as far as it is known. */
  get driftPpm(): number {
    return this.#line.driftPpm;
  }

  #tick(): void {
    try {
      if (this.#open) this.#look();
      else this.#wait();
    } catch (error) {
      this.#stumble(error);
    }
  }

  #stumble(error: unknown): void {
    const { fault, clock, outlet } = this.#desk;
    const detail = error instanceof Error ? error.message : String(error);
    fault(error instanceof Dry ? 'output-dry' : 'output-lost', detail);
    try {
      if (!(error instanceof Dry)) throw error;
      this.#begin();
    } catch {
      this.#open = false;
      this.#reopenAt = clock.monotonicMs() + REOPEN_MS;
      outlet.close().catch(() => undefined);
    }
  }

  /** Unplugged: time goes on without it. */
  #wait(): void {
    const { clock, outlet } = this.#desk;
    this.#passBy();
    if (clock.monotonicMs() < this.#reopenAt) return;
    this.#reopenAt = Number.POSITIVE_INFINITY;
    outlet
      .open()
      .then(() => {
        if (this.#timer === undefined) return outlet.close();
        this.#begin();
        return undefined;
      })
      .catch(() => {
        // Left open, a card is busy for whoever tries again.
        this.#open = false;
        outlet.close().catch(() => undefined);
        this.#reopenAt = clock.monotonicMs() + REOPEN_MS;
      });
  }

  /** Starts a run, on silence. */
  #begin(): void {
    const { outlet, clock } = this.#desk;
    outlet.prepare();
    this.#open = true;
    this.#written = 0;
    this.#run.begin();
    this.#silence(outlet.room(clock.monotonicMs()));
    this.#settledAt = clock.monotonicMs() + outlet.settleMs;
  }

  #look(): void {
    const { outlet, clock, fault } = this.#desk;
    for (let reading = 0; reading < READINGS; reading += 1) {
      const left = outlet.left(clock.monotonicMs());
      // Taken after the answer: a pause between the two makes a reading late, and late ones are told apart.
      this.#run.read(clock.monotonicMs(), left);
    }
    const now = clock.monotonicMs();
    if (!this.#run.settled && now >= this.#settledAt) this.#run.settle(now);
    if (!this.#run.settled) {
      this.#passBy();
      this.#silence(outlet.room(now));
      return;
    }
    const jump = this.#run.jumped(now);
    if (jump !== 0) fault('output-jumped', `the output is off by ${msOf(jump).toFixed(1)} ms`);
    this.#feed();
  }

  #feed(): void {
    const { outlet, clock } = this.#desk;
    const next = this.#run.frameOf(this.#written);
    // A run that was put elsewhere meets frames that were heard already, or has passed some.
    this.#leaveOut(next);
    if (next < this.#handed) this.#silence(this.#handed - next);
    else if (this.#pointer > this.#handed) {
      const taken = outlet.write(this.#ring.read(this.#handed, this.#pointer - this.#handed));
      this.#written += taken;
      this.#moveOn(this.#handed + taken);
    }
    this.#ask(this.#run.frameOf(this.#written) + outlet.room(clock.monotonicMs()));
  }

  #silence(frames: number): void {
    if (frames <= 0) return;
    this.#written += this.#desk.outlet.write(new Int16Array(Math.min(frames, RING_FRAMES)));
  }

  /** Without an output, or before its place is known, frames are as good as played. */
  #passBy(): void {
    if (!this.#line.anchored) return;
    const frame = Math.ceil(this.#line.frameAt(this.#desk.clock.monotonicMs()));
    this.#leaveOut(frame);
    this.#ask(frame);
  }

  #ask(frame: number): void {
    this.#pointer = Math.max(this.#pointer, Math.min(frame, this.#handed + RING_FRAMES));
  }

  #leaveOut(frame: number): void {
    if (frame <= this.#handed) return;
    this.#gaps.add(this.#handed, frame);
    this.#moveOn(frame);
  }

  #moveOn(frame: number): void {
    this.#ring.clear(this.#handed, frame - this.#handed);
    this.#handed = frame;
    this.#pointer = Math.max(this.#pointer, frame);
  }
}
