import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { LiveEnd, LiveState, MicrophoneState } from '../http/contract/live.ts';
import { Feed } from './feed.ts';
import { devicesNeed, MOST_LEAD_MS, raiseFor, sendAhead } from './lead.ts';
import { Microphone } from './microphone.ts';
import { opusDurationMs, SILENCE_MS } from './opus-packet.ts';
import type { Recorder } from './recorder.ts';
import type { LiveStream } from './stream.ts';

/** Nothing from the microphone for so long: the laptop is closed. Everything is over within five seconds of it. */
const LEASE_MS = 4_500;
/** A person has so long to come to the microphone after opening the session. */
const COME_MS = 20_000;
const TICK_MS = 10;
const LOOK_MS = 1_000;
/** Between two raises of the lead, so that the devices can tell what the first one did. */
const RAISE_EVERY_MS = 4_000;
/** What was raised is lowered again by a step, when frames had so much time left at the devices for so long. */
const SPARE_MS = 40;
const STEP_MS = 20;
const CALM_MS = 16_000;
/** For how unevenly a microphone's packets come. */
const LEAST_JITTER_MS = 30;
const MOST_JITTER_MS = 600;
/** Until the start is known: from asking the devices to the common start, about. */
const LIKELY_WAIT_MS = 1_000;
/** So much is kept of the longest time for what must still be said, and for the chime. */
const LAST_MS = 8_000;

export interface SessionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly ffmpeg: string;
}

export interface SessionParts {
  readonly id: string;
  readonly stream: LiveStream;
  /** Null when the disk does not take one: what is said is heard all the same. */
  readonly recorder: Recorder | null;
  readonly endChime: readonly Uint8Array[];
  /** Where the live part begins in the broadcast, and the longest that it may last, ms. */
  readonly offsetMs: number;
  readonly longestMs: number;
}

/** What its owner is told. */
export interface SessionEvents {
  /** Something changed that people look at. */
  readonly onChange: () => void;
  /** Each second while it goes on. @returns what the microphone is told. */
  readonly onLook: () => MicrophoneState;
  /** The last frame is out. @param endAt when its last sample is heard, epoch ms; null when nothing was sent. */
  readonly onOver: (end: LiveEnd, endAt: number | null) => void;
}

/** One session: from the microphone to the stream, until somebody or something ends it. */
export class Session {
  readonly id: string;
  readonly stream: LiveStream;
  readonly recorder: Recorder | null;
  state: LiveState = 'waiting';
  onAirAt: number | null = null;
  readonly #deps: SessionDeps;
  readonly #parts: SessionParts;
  readonly #events: SessionEvents;
  readonly #feed: Feed;
  #microphone: Microphone | null = null;
  #aliveBy: number;
  #needMs = 0;
  #raisedAt = 0;
  #calmSince = 0;
  #leastSendMs = 0;
  #lookedAt = 0;
  #chime: Uint8Array[] = [];
  #end: LiveEnd | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: SessionDeps, parts: SessionParts, events: SessionEvents) {
    this.id = parts.id;
    this.stream = parts.stream;
    this.recorder = parts.recorder;
    this.#deps = deps;
    this.#parts = parts;
    this.#events = events;
    this.#feed = new Feed(parts.stream, { leadMs: LEAST_JITTER_MS, sendMs: 0, perFrame: 1 });
    this.#feed.onHeard = (packet) => parts.recorder?.take(packet);
    this.#aliveBy = deps.clock.now() + COME_MS;
  }

  get leadMs(): number {
    return this.#feed.leadMs + this.#feed.shiftMs;
  }

  get end(): LiveEnd | null {
    return this.#end;
  }

  /** Until the chime is over and what is said is heard, ms. */
  get onAirInMs(): number {
    const { fromAt } = this.#feed;
    if (fromAt === null) return this.#parts.offsetMs + LIKELY_WAIT_MS;
    return Math.max(0, fromAt - this.#feed.leadMs - this.#deps.clock.now());
  }

  /** @param asked how many devices: many of them share the work of fewer frames. */
  begin(asked: number): void {
    // It may have been stopped while the devices were being asked.
    if (this.state === 'ended') return;
    this.#feed.perFrame = asked > 3_000 ? 3 : asked > 1_500 ? 2 : 1;
    this.#measure();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** The broadcast's position 0 is heard at `t0`. */
  started(t0: number): void {
    this.#needMs = devicesNeed(this.#deps.store, this.id);
    this.#feed.fromAt = t0 + this.#parts.offsetMs;
    this.#measure();
    const { sendMs, leadMs } = this.#feed;
    const devices = { needMs: this.#needMs, ...this.stream.arrivals() };
    this.#deps.log.info({ live: this.id, sendMs, leadMs, ...devices }, 'how early live sound is sent');
    this.#events.onChange();
  }

  /** A microphone comes, perhaps after its network failed; the one before it is sent away. */
  attach(webSocket: WebSocket): void {
    const { clock, ffmpeg } = this.#deps;
    const before = this.#microphone;
    const alive = (): void => {
      this.#aliveBy = clock.now() + LEASE_MS;
    };
    const microphone = new Microphone(webSocket, ffmpeg, {
      now: () => clock.now(),
      onAlive: alive,
      onPacket: (packet, lineAt) => this.#speak(packet, lineAt),
      onEnd: () => this.finish('by-operator'),
      onGone: () => {
        if (this.#microphone === microphone) this.#microphone = null;
      },
    });
    this.#microphone = microphone;
    before?.close(1000, 'another microphone');
    microphone.tell(this.#events.onLook());
  }

  /** Ends it: with the chime where a person ends it, else at once. Doing it again changes nothing. */
  finish(end: LiveEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.state = 'ending';
    const byPerson = end === 'by-operator' || end === 'too-long';
    if (byPerson && this.onAirAt !== null) this.#chime = [...this.#parts.endChime];
    if (this.#chime.length === 0) this.cut(end);
    else this.#events.onChange();
    this.tell();
  }

  /** Ends it without another sound. */
  cut(end: LiveEnd): void {
    if (this.state === 'ended') return;
    this.#end ??= end;
    this.state = 'ended';
    clearInterval(this.#timer);
    const now = this.#deps.clock.now();
    this.#feed.end(now);
    this.#events.onOver(this.#end, this.#feed.edge);
    this.tell();
    this.#microphone?.close();
  }

  /** Tells the microphone how things stand. */
  tell(): void {
    this.#microphone?.tell(this.#events.onLook());
  }

  #speak(packet: Uint8Array, lineAt: number): void {
    if (this.#end !== null || !this.#feed.speak(packet, lineAt) || this.onAirAt !== null) return;
    this.state = 'on-air';
    this.onAirAt = (this.#feed.edge ?? lineAt) - (opusDurationMs(packet) ?? 0);
    this.#events.onChange();
    this.tell();
  }

  #tick(): void {
    const now = this.#deps.clock.now();
    const { fromAt } = this.#feed;
    if (this.#end === null) {
      this.#feed.tick(now);
      if (now > this.#aliveBy) this.finish('lease-over');
      else if (fromAt !== null && now > fromAt + this.#parts.longestMs - LAST_MS) this.finish('too-long');
      else if (now - this.#lookedAt >= LOOK_MS) this.#look(now);
      return;
    }
    // The chime in its own time, as if somebody sang it.
    while ((this.#feed.edge ?? now) <= now + this.#feed.sendMs + SILENCE_MS) {
      const packet = this.#chime.shift();
      if (packet === undefined) {
        this.cut(this.#end);
        return;
      }
      this.#feed.append(packet);
    }
  }

  #look(now: number): void {
    this.#lookedAt = now;
    this.#microphone?.ping();
    if (this.#feed.edge === null) this.#measure();
    else this.#adapt(now);
    this.tell();
  }

  /** Before the first frame: what the devices, their ways and the microphone's need. */
  #measure(): void {
    const arrivals = this.stream.arrivals();
    const jitter = (this.#microphone?.jitterMs ?? 0) + LEAST_JITTER_MS / 2;
    this.#feed.sendMs = sendAhead(this.#needMs, this.#feed.perFrame * SILENCE_MS, arrivals);
    this.#leastSendMs = this.#feed.sendMs;
    this.#feed.leadMs = Math.min(
      MOST_LEAD_MS,
      this.#feed.sendMs + Math.min(MOST_JITTER_MS, Math.max(LEAST_JITTER_MS, jitter)),
    );
  }

  /** While it goes on: earlier where frames come late, and later again where they have long come early. */
  #adapt(now: number): void {
    const arrivals = this.stream.arrivals();
    const by = now - this.#raisedAt < RAISE_EVERY_MS ? 0 : raiseFor(arrivals, this.#feed.leadMs);
    const { lateShare, spareMs } = arrivals;
    if (by > 0) {
      this.#raisedAt = now;
      this.#feed.raise(by);
      this.#deps.log.info({ live: this.id, by, ...arrivals }, 'live sound is sent earlier');
      this.#events.onChange();
    }
    if (by > 0 || lateShare > 0 || spareMs === null || spareMs < SPARE_MS + STEP_MS) this.#calmSince = now;
    else if (now - this.#calmSince > CALM_MS && this.#feed.sendMs - STEP_MS >= this.#leastSendMs) {
      this.#calmSince = now - CALM_MS / 2;
      this.#feed.lower(STEP_MS);
    }
  }
}
