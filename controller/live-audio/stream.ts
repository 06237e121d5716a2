import { KeyObject, sign } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { CryptoKey } from 'jose';
import type { WebSocket } from 'ws';
import { encodeLiveFrame, liveSignedBytes } from '#devices/live-frame';
import type { Clock } from '../clock.ts';
import { Listener } from './listener.ts';
import { binaryMessage, pingMessage } from './websocket-message.ts';

/** How the sound of a stream arrives, of all devices that listen to it. */
export interface Arrivals {
  readonly listening: number;
  /** Of all frames that the devices told of in their last reports: too late, or never come; 0 to 1. */
  readonly lateShare: number;
  /** How much earlier frames would have to come for nearly all devices to hear nearly all, ms; 0 when all is well. */
  readonly shortMs: number;
  /** How much time frames had left at nearly all devices, ms; null while that is unknown. */
  readonly spareMs: number | null;
  /** The longest way there and back of nearly all devices, ms, without what TCP repeats; null while unknown. */
  readonly roundTripMs: number | null;
}

export interface LiveStreamDeps {
  readonly broadcast: string;
  readonly key: { readonly privateKey: CryptoKey };
  readonly clock: Clock;
}

/** Reports older than this tell nothing of now. */
const REPORT_LIFE_MS = 6_000;
/** A device that loses more than this share of the frames is not served well. */
const MOST_LOST = 0.02;
/** One device in so many may have a link that nobody should wait for. */
const HOPELESS_SHARE = 0.05;

/**
 * The sound of one live broadcast on its way to its devices, from whatever source: each frame is encoded and signed once
 * and the same bytes go to every device that listens.
 *
 * ```
 * const stream = hub.open(id);            // before Broadcasts.air, so that devices that are asked find it
 * stream.push([packet], heardAt);         // again and again: one frame each, at most 120 ms of Opus in it
 * stream.end(heardAt);                    // says that it was the last; then
 * stream.close();                         // a moment later: lets the devices go
 * ```
 *
 * Whoever pushes decides when it is heard, and pushes no earlier than devices should hold it: there is no queue here.
 */
export class LiveStream {
  readonly broadcast: string;
  /** Frames that were pushed; each was offered to every device that listened then. */
  frames = 0;
  /** Called when a device comes or goes. */
  onChange: () => void = () => {};
  readonly #key: KeyObject;
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Listener>();
  #pings = 0;
  #open = true;

  constructor({ broadcast, key, clock }: LiveStreamDeps) {
    this.broadcast = broadcast;
    this.#key = KeyObject.from(key.privateKey);
    this.#clock = clock;
  }

  /**
   * One frame to all who listen.
   * @param packets of Opus, 48 kHz, one channel, one after the other; at most six, at most 120 ms.
   * @param heardAt when the first sample is heard, epoch ms; frames that follow on within a millisecond are one sound.
   */
  push(packets: readonly Uint8Array[], heardAt: number): void {
    this.#send(packets, heardAt, false);
  }

  /** Says that nothing more comes. @param heardAt when the last sample of the last frame has been heard. */
  end(heardAt: number): void {
    this.#send([], heardAt, true);
  }

  get listening(): number {
    return this.#listeners.size;
  }

  arrivals(): Arrivals {
    const now = this.#clock.now();
    let frames = 0;
    let lost = 0;
    const shorts: number[] = [];
    const margins: number[] = [];
    const ways: number[] = [];
    for (const { report, roundTrip } of this.#listeners.values()) {
      if (roundTrip !== null) ways.push(roundTrip.mostMs);
      if (report === null || now - report.at > REPORT_LIFE_MS) continue;
      const { heard, late, missing, marginMs } = report.said;
      frames += heard + late + missing;
      lost += late + missing;
      margins.push(-marginMs);
      shorts.push(late > MOST_LOST * (heard + late) ? Math.max(0, -marginMs) : 0);
    }
    const least = nearlyAll(margins);
    return {
      spareMs: least === null ? null : -least,
      listening: this.#listeners.size,
      lateShare: frames === 0 ? 0 : lost / frames,
      shortMs: nearlyAll(shorts) ?? 0,
      roundTripMs: nearlyAll(ways),
    };
  }

  /** A device that may listen. One that was connected already is connected anew: the old socket is closed. */
  admit(device: string, webSocket: WebSocket, socket: Duplex): void {
    const now = (): number => this.#clock.now();
    const before = this.#listeners.get(device);
    const listener = new Listener(device, webSocket, socket, {
      now,
      onClosed: () => {
        if (this.#listeners.get(device) !== listener) return;
        this.#listeners.delete(device);
        this.onChange();
      },
    });
    this.#listeners.set(device, listener);
    before?.close(1000, 'connected anew');
    this.#pings += 1;
    listener.ping(pingMessage(this.#pings), this.#pings, now());
    this.onChange();
  }

  /** Lets go of a device that is not to hear the rest. */
  dismiss(device: string): void {
    this.#listeners.get(device)?.close(1000, 'over');
  }

  /** To be called each second: who does not answer is behind. */
  ping(): void {
    this.#pings += 1;
    const message = pingMessage(this.#pings);
    const now = this.#clock.now();
    for (const listener of this.#listeners.values()) listener.ping(message, this.#pings, now);
  }

  /** Lets all devices go. */
  close(): void {
    this.#open = false;
    for (const listener of this.#listeners.values()) listener.close(1000, 'over');
  }

  /** Cuts off those that have not gone since. */
  cut(): void {
    for (const listener of this.#listeners.values()) listener.cut();
  }

  #send(packets: readonly Uint8Array[], heardAt: number, last: boolean): void {
    if (!this.#open) return;
    const frame = encodeLiveFrame({ seq: this.frames, heardAt, last, packets });
    this.frames += 1;
    const signature = sign(null, liveSignedBytes(this.broadcast, frame), this.#key);
    const message = binaryMessage(Buffer.concat([frame, signature]));
    const now = this.#clock.now();
    for (const listener of this.#listeners.values()) listener.send(message, now);
  }
}

/** The greatest of the values but for the hopeless few; null of none. */
function nearlyAll(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => b - a);
  return sorted[Math.floor(values.length * HOPELESS_SHARE)] ?? null;
}
