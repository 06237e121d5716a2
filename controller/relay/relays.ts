import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { BlobStore } from '../blobs/store.ts';
import type { Broadcasts } from '../broadcasts/broadcasts.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure } from '../failure.ts';
import type { BroadcastSummary } from '../http/contract/broadcasts.ts';
import type { RelayRun } from '../http/contract/relays.ts';
import { composeLive } from '../live-audio/compose-live.ts';
import type { LiveHub } from '../live-audio/hub.ts';
import type { LiveStream } from '../live-audio/stream.ts';
import { Carrier } from './carrier.ts';
import type { Doorway } from './connect.ts';
import { fallbackFiles } from './fallback-files.ts';
import { FallbackInput, noStand } from './fallback-input.ts';
import {
  endRun,
  insertRun,
  insertSwitch,
  type RelayOrder,
  type RunEnd,
  type RunNow,
  viewRun,
  viewRuns,
} from './run-rows.ts';
import type { Sources } from './sources.ts';
import { StreamInput } from './stream-input.ts';
import { plainAddress } from './trouble.ts';

export interface RelaysDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly blobs: Pick<BlobStore, 'path'>;
  readonly hub: Pick<LiveHub, 'open' | 'close'>;
  readonly broadcasts: Pick<Broadcasts, 'air' | 'halt' | 'conclude' | 'follow'>;
  readonly sources: Sources;
  readonly doorway: Doorway;
  readonly ffmpeg: string;
}

interface Running {
  readonly order: RelayOrder;
  readonly stream: LiveStream;
  readonly input: StreamInput;
  readonly carrier: Carrier;
  readonly letGo: () => Promise<void>;
}

/** From asking to the first sound of a relay at once: the devices connect, and the first sound is on its way. */
const FIRST_MS = 3_000;
/** Each is two programs and a connection. */
const MOST_AT_ONCE = 8;
/** Levels move on the console so often. */
const SHOWN_EVERY_MS = 2_000;
/** After the last sample the devices' connections are let go. */
const AFTERWARDS_MS = 1_500;

/** The relays that are on the air: begun, carried, and ended by their time, by a person, or with the program. */
export class Relays implements Component {
  readonly #deps: RelaysDeps;
  readonly #running = new Map<string, Running>();
  /** Of those that are being begun. */
  #beginning = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #unlisten: (() => void)[] = [];
  readonly #closing = new Set<NodeJS.Timeout>();

  constructor(deps: RelaysDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { broadcasts, changes } = this.#deps;
    this.#unlisten.push(
      broadcasts.follow({
        started: () => {},
        over: (id, state) => {
          if (state !== 'ended') void this.#end(id, 'stopped');
        },
      }),
      changes.listen((entity, id) => {
        if (entity !== 'policy' || id !== 'relay') return;
        for (const { input } of this.#running.values()) input.again();
      }),
    );
    this.#timer = setInterval(() => {
      for (const id of this.#running.keys()) changes.announce('relay', id);
    }, SHOWN_EVERY_MS);
  }

  /** What is on the air is broken off, and gone on with by the next start if there is time left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const unlisten of this.#unlisten) unlisten();
    for (const id of [...this.#running.keys()]) await this.#end(id, 'controller-stopped');
    for (const timer of this.#closing) clearTimeout(timer);
  }

  list(): RelayRun[] {
    const { store, clock } = this.#deps;
    return viewRuns(store, (id) => this.#now(id), clock.now());
  }

  /** @throws Failure `not-found`. */
  get(id: string): RelayRun {
    const { store, clock } = this.#deps;
    return viewRun(store, id, this.#now(id), clock.now());
  }

  /** Those under way: what was asked for, and the broadcast that carries it. */
  get running(): ReadonlyMap<string, { readonly order: RelayOrder; readonly carrier: Carrier }> {
    return this.#running;
  }

  /**
   * Puts a stream on the air.
   * @param startAt when it is to be heard first; in the past, or too soon, means as soon as possible.
   * @throws Failure `not-found` for the source; 429 `too-many-relays`; whatever `Broadcasts.air` refuses.
   */
  async begin(order: RelayOrder, startAt: number): Promise<RelayRun> {
    const { store, clock, hub, broadcasts, sources } = this.#deps;
    const source = sources.row(order.sourceId);
    if (this.#running.size + this.#beginning >= MOST_AT_ONCE) {
      throw new Failure(
        'too-many-relays',
        `${MOST_AT_ONCE} relays are on the air already; end one of them first.`,
        {
          status: 429,
          params: { limit: MOST_AT_ONCE },
        },
      );
    }
    const id = ulid(clock.now());
    const t0 = Math.ceil(Math.max(startAt, clock.now() + FIRST_MS));
    const input = this.#inputOf(id, source);
    const stream = hub.open(id);
    this.#beginning += 1;
    let aired: BroadcastSummary;
    try {
      // While the devices are told, the stream may begin to come.
      input.start();
      const { title, targets, priority, volume, gainDb, by } = order;
      // What was missed of it is nowhere: one can only come back in the middle.
      const resume = order.resume === 'skip' ? 'skip' : 'join';
      const longestMs = Math.max(1_000, order.endAt - t0);
      aired = await broadcasts.air({
        ...{ id, targets, priority, resume, volume, gainDb, by, t0, patienceMs: FIRST_MS },
        content: { kind: 'relay', id: source.id },
        composition: composeLive(store, { id, title, chime: false, longestMs }),
      });
    } catch (error) {
      hub.close(stream);
      await input.stop();
      throw error;
    } finally {
      this.#beginning -= 1;
    }
    this.#carry({ id, t0, source, order, input, stream });
    // Everything may have been stopped while the devices were being told.
    if (aired.state === 'stopped') await this.#end(id, 'stopped');
    return this.get(id);
  }

  /** Ends one for good. @throws Failure `not-found`; 503 `no-link` when devices could not be told: they end by their lease. */
  async halt(id: string, by: string | null): Promise<RelayRun> {
    const { broadcasts, log } = this.#deps;
    const { endedAt } = this.get(id);
    if (endedAt !== null) return this.get(id);
    log.info({ audit: 'relay-stopped', relay: id, by }, 'a relay was ended');
    await this.#end(id, 'by-operator');
    await broadcasts.halt(id, by);
    await broadcasts.conclude(id, this.#deps.clock.now());
    return this.get(id);
  }

  #inputOf(id: string, { url, title }: Row<'relay_source'>): StreamInput {
    const { doorway, ffmpeg, log } = this.#deps;
    const about = { relay: id, source: title, address: plainAddress(url) };
    return new StreamInput({
      ...{ url, doorway, ffmpeg },
      onNews: (news) => {
        if ('connected' in news) log.info({ ...about, format: news.connected }, 'a stream is connected');
        else {
          const { code, message } = news.trouble;
          log.warn({ ...about, code, why: message, againMs: news.againMs }, 'a stream is not there');
        }
      },
    });
  }

  #carry(parts: {
    readonly id: string;
    readonly t0: number;
    readonly source: Row<'relay_source'>;
    readonly order: RelayOrder;
    readonly input: StreamInput;
    readonly stream: LiveStream;
  }): void {
    const { store, clock, changes, log, ffmpeg, blobs } = this.#deps;
    const { id, t0, source, order, input, stream } = parts;
    const playlist = source.fallback_playlist_id;
    const fallback =
      playlist === null
        ? null
        : new FallbackInput({ ffmpeg, log, files: () => fallbackFiles(store, blobs, playlist) });
    insertRun(store, { id, startAt: t0, now: clock.now() }, order);
    const carrier = new Carrier({
      ...{ t0, endAt: order.endAt, silenceMs: source.silence_ms, input, stream, ffmpeg, clock, log },
      stand: fallback ?? noStand,
      onSwitch: (at, change) => {
        insertSwitch(store, id, at, change);
        log.info({ relay: id, ...change }, 'what is heard of a relay changed');
        changes.announce('relay', id);
      },
      onOver: () => void this.#end(id, 'window-over'),
    });
    stream.onChange = () => {};
    const letGo = async (): Promise<void> => {
      fallback?.stop();
      await input.stop();
    };
    this.#running.set(id, { order, stream, input, carrier, letGo });
    carrier.start();
    const { title, targets, by } = order;
    log.info(
      { audit: 'relay', relay: id, source: source.id, title, targets, by, t0, endAt: order.endAt },
      'a relay begins',
    );
    changes.announce('relay', id);
  }

  /** Once, whoever asks first. */
  async #end(id: string, end: RunEnd): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    const { store, clock, changes, log, hub, broadcasts } = this.#deps;
    const { carrier, stream, order, letGo } = running;
    const over = end === 'window-over';
    const at = over ? order.endAt : clock.now();
    endRun(store, id, end, at);
    log.info({ relay: id, end }, 'a relay is over');
    changes.announce('relay', id);
    try {
      if (over) await carrier.finish();
      else carrier.stop();
      await letGo();
      if (end === 'controller-stopped') await broadcasts.conclude(id, at);
    } catch (error) {
      log.error({ err: error, relay: id }, 'a relay did not end in order');
    }
    if (!over) {
      hub.close(stream);
      return;
    }
    const timer = setTimeout(
      () => {
        this.#closing.delete(timer);
        hub.close(stream);
      },
      Math.max(0, at - clock.now()) + AFTERWARDS_MS,
    );
    this.#closing.add(timer);
  }

  #now(id: string): RunNow | undefined {
    const running = this.#running.get(id);
    if (running === undefined) return undefined;
    const { carrier, stream } = running;
    return { hears: carrier.hears, levelDbfs: carrier.levelDbfs, listening: stream.listening };
  }
}
