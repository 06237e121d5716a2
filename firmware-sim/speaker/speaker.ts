import { join } from 'node:path';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import type { Cache } from '../cache.ts';
import type { DeviceClock } from '../clock.ts';
import type { Airwaves } from '../live/airwaves.ts';
import type { Microphone } from '../microphone.ts';
import type { Performance, PerformanceObserver, Performer } from '../performance.ts';
import { builtInTone } from './built-in-tone.ts';
import type { Card } from './card.ts';
import type { Decoder, OpenDecoder } from './decoder.ts';
import type { Horn } from './horn.ts';
import { Listening } from './listening.ts';
import { amplify, factorOf, type LoudnessSettings, loudnessOf } from './loudness.ts';
import { framesOf, msOf } from './sound-card.ts';
import { LOOK_LATE_MS, type Passed, SpeakerPerformance, type Stage } from './speaker-performance.ts';
import { WakeUp } from './wake-up.ts';
import { type FrameTruth, WavFile } from './wav.ts';

export interface SpeakerDesk {
  readonly card: Card;
  readonly clock: DeviceClock;
  readonly cache: Cache;
  readonly openDecoder: OpenDecoder;
  /** What it listens to; null for one that plays files alone. */
  readonly airwaves: Airwaves | null;
  /** How often the card is looked after while something live plays, ms. */
  readonly liveTickMs: number;
  /** Where played occurrences are kept as WAV; null for not at all. */
  readonly wavDir: string | null;
  /** When frames really leave, where a simulator knows it; told beside the recordings, and to nobody else. */
  readonly simulatorsTruth: FrameTruth | null;
  /** What was set for the device, and for what is played, where that has a volume of its own. */
  readonly settings: (occurrence?: PlanOccurrence) => LoudnessSettings & { readonly outputDelayMs: number };
  /** What stands behind a simulated card; null where the card is real. */
  readonly horn: Horn | null;
  readonly fault: (what: string, detail: string) => void;
}

interface Armed {
  readonly sha256: string;
  readonly decoder: Decoder;
  readonly timer: NodeJS.Timeout;
}

/** What was made ready and never begun is let go after this long. */
const ARMED_FOR_MS = 60_000;

/** The amplifier: decoders in, sound card out. Recordings and technicians hear what the card is given. */
export class Speaker implements Performer {
  readonly #desk: SpeakerDesk;
  readonly #stage: Stage;
  readonly #armed = new Map<string, Armed>();
  readonly #wavs = new Map<string, WavFile>();
  readonly #listenings = new Set<Listening>();
  readonly #wakeUp = new WakeUp((frame, samples) => this.#leave(frame, samples));
  /** Ends a test that is under way. */
  #tested: (() => void) | null = null;
  #performances: SpeakerPerformance[] = [];
  #timer: NodeJS.Timeout | undefined;
  #tickMs: number;
  #hasty = false;

  constructor(desk: SpeakerDesk) {
    this.#desk = desk;
    this.#tickMs = desk.card.tickMs;
    this.#stage = {
      card: desk.card,
      clock: desk.clock,
      outputDelayMs: () => desk.settings().outputDelayMs,
      loudness: (occurrence, at) => loudnessOf(desk.settings(occurrence), occurrence, at),
      open: (occurrence, index, part, fromMs) => this.#open(occurrence, index, part, fromMs),
      put: (occurrence, segment) => this.#put(occurrence, segment.frame, segment.samples),
      live: (broadcast) => desk.airwaves?.tuned(broadcast) ?? null,
      tone: builtInTone,
      tickMs: () => this.#tickMs,
      fault: desk.fault,
    };
  }

  /** Where live sound comes from; null where none can be played. */
  get airwaves(): Airwaves | null {
    return this.#desk.airwaves;
  }

  /** How long before it must be handed over what is to be heard at this moment, epoch ms, is here, if it is here now. */
  marginOf(heardAt: number): number {
    const { card, clock, settings, liveTickMs } = this.#desk;
    const frame = card.frameAt(clock.monotonicAt(heardAt) - settings().outputDelayMs);
    return msOf(frame - card.pointer()) - liveTickMs - LOOK_LATE_MS;
  }

  start(): Promise<void> {
    return this.#desk.card.start();
  }

  async stop(): Promise<void> {
    this.#tested?.();
    this.#rest();
    this.#desk.airwaves?.stop();
    for (const id of this.#armed.keys()) this.#disarm(id)?.decoder.close();
    // A disk that does not take a recording must not keep the rest of the device from stopping.
    await Promise.all([...this.#wavs.keys()].map((occurrence) => this.release(occurrence)));
    await this.#desk.card.stop();
  }

  arm(occurrence: PlanOccurrence): void {
    if (occurrence.startAt > this.#desk.clock.now()) this.#wake(occurrence.startAt);
    const first = occurrence.parts[0];
    if (first === undefined || this.#armed.has(occurrence.id)) return;
    const decoder = this.#decode(first, 0);
    if (decoder === null) return;
    const timer = setTimeout(() => this.#disarm(occurrence.id)?.decoder.close(), ARMED_FOR_MS);
    this.#armed.set(occurrence.id, { sha256: first.sha256, decoder, timer });
  }

  perform(
    occurrence: PlanOccurrence,
    fromMs: number,
    at: number,
    observer: PerformanceObserver,
  ): Performance {
    const performance = new SpeakerPerformance(this.#stage, occurrence, fromMs, at, observer);
    this.#tested?.();
    this.#wavs.get(occurrence.id)?.interrupt();
    this.#performances.push(performance);
    this.#wake(at);
    this.#pace();
    performance.pump();
    return performance;
  }

  async release(occurrence: string): Promise<void> {
    this.#disarm(occurrence)?.decoder.close();
    const wav = this.#wavs.get(occurrence);
    this.#wavs.delete(occurrence);
    await wav?.finish().catch((error: unknown) => {
      this.#desk.fault('wav-failed', error instanceof Error ? error.message : String(error));
    });
  }

  /** What was made ready under one name is taken for the other: a broadcast is named when its start is known. */
  rename(from: string, to: string): void {
    const armed = this.#armed.get(from);
    if (armed === undefined || this.#armed.has(to)) return;
    clearTimeout(armed.timer);
    this.#armed.delete(from);
    const timer = setTimeout(() => this.#disarm(to)?.decoder.close(), ARMED_FOR_MS);
    this.#armed.set(to, { ...armed, timer });
  }

  /** Records what comes out for so many seconds from now, as a WAV. */
  async capture(seconds: number): Promise<Buffer> {
    const { card } = this.#desk;
    const listening = new Listening(card.pointer(), seconds);
    this.#listenings.add(listening);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000 + 2 * card.tickMs));
    this.#listenings.delete(listening);
    return listening.wav();
  }

  /**
   * Plays samples as they are, whatever the volume, and listens to them.
   * @returns what the microphone heard meanwhile; null when something that is to be heard came between.
   */
  sound(samples: Int16Array, microphone: Microphone): Promise<Int16Array | null> {
    const { card } = this.#desk;
    const heard = new Int16Array(samples.length);
    const from = card.pointer() + framesOf(card.tickMs);
    let done = 0;
    this.#tested?.();
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const due = Math.min(samples.length, card.pointer() - from);
        if (due > done) {
          const sounding = this.#leave(from + done, samples.slice(done, due));
          heard.set(microphone.hear(sounding), done);
          done = due;
        }
        if (done === samples.length) end(heard);
      }, card.tickMs);
      const end = (result: Int16Array | null): void => {
        clearInterval(timer);
        this.#tested = null;
        resolve(result);
      };
      this.#tested = () => end(null);
    });
  }

  /** The amplifier is to be awake at this moment, epoch ms. */
  #wake(at: number): void {
    const { card, clock, settings } = this.#desk;
    const { quirks, outputDelayMs } = settings();
    const frame = Math.round(card.frameAt(clock.monotonicAt(at) - outputDelayMs));
    this.#wakeUp.before(frame, quirks?.wakeMs ?? 0, card.pointer());
    if (!this.#wakeUp.idle) this.#pace();
  }

  #pump(): void {
    this.#wakeUp.pump(this.#desk.card.pointer());
    for (const performance of this.#performances) performance.pump();
    this.#performances = this.#performances.filter((performance) => !performance.over);
    if (this.#performances.length > 0 || !this.#wakeUp.idle) this.#pace();
    else this.#rest();
  }

  /** Looks after the card as often as it must, and more often for what is said live. */
  #pace(): void {
    const { card, liveTickMs } = this.#desk;
    const hasty = this.#performances.some((performance) => performance.hasty);
    const tickMs = hasty ? Math.min(liveTickMs, card.tickMs) : card.tickMs;
    if (this.#timer !== undefined && tickMs === this.#tickMs && hasty === this.#hasty) return;
    clearInterval(this.#timer);
    if (hasty !== this.#hasty) card.hasten?.(hasty);
    this.#hasty = hasty;
    this.#tickMs = tickMs;
    this.#timer = setInterval(() => this.#pump(), tickMs);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#hasty) this.#desk.card.hasten?.(false);
    this.#hasty = false;
  }

  #open(occurrence: string, index: number, part: PlanPart, fromMs: number): Decoder | null {
    const armed = this.#disarm(occurrence);
    // A newer plan may have put another file in its place since.
    if (armed?.sha256 === part.sha256 && index === 0 && fromMs === 0) return armed.decoder;
    armed?.decoder.close();
    return this.#decode(part, fromMs);
  }

  #decode(part: PlanPart, fromMs: number): Decoder | null {
    const { cache, openDecoder } = this.#desk;
    if (part.type === SCENE_TYPE || !cache.has(part.sha256)) return null;
    return openDecoder({
      path: cache.path(part.sha256),
      type: part.type,
      fromMs,
      lengthMs: part.durationMs - fromMs,
    });
  }

  #disarm(occurrence: string): Armed | undefined {
    const armed = this.#armed.get(occurrence);
    this.#armed.delete(occurrence);
    clearTimeout(armed?.timer);
    return armed;
  }

  #put(occurrence: PlanOccurrence, frame: number, samples: Int16Array): Passed {
    const { card, clock, wavDir, settings, horn } = this.#desk;
    const loudness = loudnessOf(settings(occurrence), occurrence, clock.utcAt(card.monotonicAt(frame)));
    const sounding = this.#leave(frame, amplify(samples, factorOf(loudness)));
    if (wavDir !== null) this.#wav(wavDir, occurrence.id).add(frame, sounding);
    return { ...loudness, heard: horn?.microphone?.hear(sounding) ?? null };
  }

  /** Whatever leaves, leaves here. Returns what sounds of it. */
  #leave(frame: number, samples: Int16Array): Int16Array {
    const { card, horn } = this.#desk;
    card.put(frame, samples);
    const sounding = horn?.amplifier.sound(frame, samples) ?? samples;
    for (const listening of this.#listenings) listening.hear(frame, sounding);
    return sounding;
  }

  #wav(wavDir: string, occurrence: string): WavFile {
    let wav = this.#wavs.get(occurrence);
    if (wav === undefined) {
      const path = join(wavDir, `${occurrence.replace(/[^A-Za-z0-9@._-]/g, '_')}.wav`);
      wav = new WavFile(path, this.#desk.simulatorsTruth);
      this.#wavs.set(occurrence, wav);
    }
    return wav;
  }
}
