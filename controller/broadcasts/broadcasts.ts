import type { CryptoKey } from 'jose';
import type { Logger } from 'pino';
import type { Ack } from '#devices/messages/ack';
import type { Birth } from '#devices/messages/birth';
import type { BlobStore } from '../blobs/store.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import type { BroadcastSummary } from '../http/contract/broadcasts.ts';
import type { Target } from '../http/contract/schedules.ts';
import type { Link } from '../link/link.ts';
import { devicesOfTargets } from '../timetable/reach.ts';
import { checkTargets } from '../timetable/schedule-check.ts';
import { type Address, addressesOf } from './audience.ts';
import { compose } from './compose.ts';
import { type AirRequest, drawUp, type PlayRequest } from './draw.ts';
import type { Follower } from './followers.ts';
import { ORDER_LIFE_MS, stopOrder } from './orders.ts';
import { cutPlays } from './plays.ts';
import { type Run, runOf } from './run.ts';
import { Stage } from './stage.ts';
import { broadcastRow, broadcastSummary } from './views.ts';

export interface BroadcastsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly key: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly link: Pick<Link, 'connected' | 'sendCommand' | 'sendGroupCommand'>;
  readonly guards: SiteGuards;
  /** Where scenes are read from. */
  readonly blobs: Pick<BlobStore, 'path'>;
  /** Where what devices say arrives, many words in one transaction. */
  readonly registry: {
    onAcknowledged(listener: (device: string, ack: Ack, at: number) => void): () => void;
    onBorn(listener: (device: string, birth: Birth) => void): () => void;
  };
}

/** How far ahead a start without preparing lies: time for the message alone. */
export const SINGLE_PHASE_LEAD_MS = 400;

/** What goes on the air by hand: started together, followed device by device, stopped at once. */
export class Broadcasts implements Component {
  readonly #deps: BroadcastsDeps;
  readonly #stage: Stage;

  constructor(deps: BroadcastsDeps) {
    this.#deps = deps;
    this.#stage = new Stage(deps);
    deps.registry.onAcknowledged((device, ack, at) => this.#stage.acknowledged(device, ack, at));
    deps.registry.onBorn((device, birth) => this.#stage.born(device, birth));
  }

  /** To be called before the link stands: the devices that come back find what was under way. */
  start(): Promise<void> {
    return this.#stage.start();
  }

  stop(): Promise<void> {
    return this.#stage.stop();
  }

  /**
   * Puts something on the air now. Resolves as soon as the devices are asked; what becomes of it is announced.
   * @throws Failure 503 `no-link`; 422 `quiet-hours`, `mourning-day`, `too-long`; `unknown-target`, `unknown-content`, `content-not-ready`, `too-many-parts`,
   *   `broadcast-too-large`, `nobody-to-play`.
   */
  async play({ content, ...request }: PlayRequest): Promise<BroadcastSummary> {
    const composition = compose(this.#deps.store, content);
    // Called an emergency by one hand it is heard first, but not at night: that has a door of its own, where it is confirmed.
    const guardedAs = request.priority === 'emergency' ? 'priority' : request.priority;
    return this.air({ ...request, content, composition, guardedAs });
  }

  /**
   * Puts what was composed already on the air: live sound, a relay, an incident. Otherwise as {@link play}.
   * @throws Failure 503 `no-link`; 422 `quiet-hours`, `mourning-day`, `too-long`; `unknown-target`, `broadcast-too-large`,
   *   `nobody-to-play`.
   */
  async air(request: AirRequest): Promise<BroadcastSummary> {
    const { store, link, log } = this.#deps;
    if (!link.connected) throw noLink('Nothing was started; try again in a moment.');
    const { run, enter } = drawUp(this.#deps, this.#stage.shares, request);
    const { rehearsal = false, singlePhase = request.priority === 'emergency' } = request;
    const at = request.t0 ?? (singlePhase ? this.#deps.clock.now() + SINGLE_PHASE_LEAD_MS : null);
    const sent =
      at !== null && !rehearsal
        ? await this.#stage.begin(run, at, enter)
        : await this.#stage.prepare(run, enter);
    const { content, targets, priority, by } = request;
    log.info({ audit: 'broadcast', broadcast: run.id, content, targets, priority, by }, 'put on the air');
    if (!sent) {
      this.#stage.finish(run, 'failed', 'no-link');
      throw noLink('Nothing was started; try again in a moment.');
    }
    return broadcastSummary(store, run.id);
  }

  /** @returns a function that ends the following. */
  follow(follower: Follower): () => void {
    return this.#stage.followers.add(follower);
  }

  /**
   * Says how long something was whose length nobody knew: live sound, a relay. That much was due and no more, in the
   * log and for the verdicts; the broadcast ends by itself after it. One that has not started is called off, one that is
   * over already is put right. The sound itself ends with its last frame.
   * @param endAt when the last sample is heard, epoch ms; later than announced is as announced.
   * @throws Failure `not-found`; 503 `no-link` where it had to be called off.
   */
  async conclude(id: string, endAt: number): Promise<void> {
    const row = broadcastRow(this.#deps.store, id);
    const run = this.#stage.run(id) ?? runOf(row, this.#stage.shares.counts(id));
    if (run.t0 === null) await this.halt(id, null);
    else this.#stage.shorten(run, run.t0, endAt);
  }

  /** Stops it on every device. One that is over stays as it is. @throws Failure 503 `no-link`, `not-found`. */
  async halt(id: string, by: string | null): Promise<BroadcastSummary> {
    const { store, log } = this.#deps;
    const row = broadcastRow(store, id);
    const run = this.#stage.run(id) ?? runOf(row, this.#stage.shares.counts(id));
    const sounding = run.counts.started > 0;
    const open = run.state === 'preparing' || run.state === 'started';
    if (open || sounding) {
      log.info({ audit: 'broadcast-stopped', broadcast: id, by }, 'stopped');
      this.#stage.shares.askToStop(id, null);
      if (open) this.#stage.finish(run, 'stopped');
      if (run.t0 !== null) this.#cut(run, null);
      const sent = await this.#tellToStop(run);
      if (!sent) throw noLink('It is stopped on each device as soon as the device is reached again.');
    }
    return broadcastSummary(store, id);
  }

  /**
   * Takes it off some devices; it goes on on the others, and ends where none is left. Each is told by its own topic: the
   * groups that they are in may hold others.
   * @throws Failure 503 `no-link`, `not-found`.
   */
  async withdraw(id: string, devices: readonly string[], by: string | null): Promise<void> {
    const { store, clock, log } = this.#deps;
    const { orders, shares } = this.#stage;
    const run = this.#stage.run(id);
    if (run === undefined || !shares.touches(id, devices)) {
      broadcastRow(store, id);
      return;
    }
    log.info({ audit: 'broadcast-withdrawn', broadcast: id, devices: devices.length, by }, 'withdrawn');
    const before = shares.of(id, devices);
    if (shares.askToStop(id, devices) === 0) {
      await this.halt(id, by);
      return;
    }
    if (run.t0 !== null) this.#cut(run, devices);
    this.#stage.changed(run);
    const addresses = before.map((device): Address => ({ to: 'device', id: device }));
    const sent = await orders.send(addresses, stopOrder(id), clock.now() + ORDER_LIFE_MS, id);
    if (!sent) throw noLink('It is taken off each device as soon as the device is reached again.');
  }

  /** Calls off what has not started. @throws Failure 409 `already-started`, 503 `no-link`. */
  async callOff(id: string, by: string | null): Promise<void> {
    const { state, title } = broadcastRow(this.#deps.store, id);
    if (state !== 'preparing') {
      throw new Failure('already-started', `“${title}” is not waiting to start any more; stop it instead.`, {
        status: 409,
        params: { title, state },
      });
    }
    await this.halt(id, by);
  }

  /** @throws Failure 409 `broadcast-over`, 503 `no-link`. */
  async setVolume(id: string, volume: number, by: string | null): Promise<BroadcastSummary> {
    const { store, clock, log } = this.#deps;
    const { title } = broadcastRow(store, id);
    const run = this.#stage.run(id);
    if (run === undefined || (run.state !== 'preparing' && run.state !== 'started')) {
      throw new Failure('broadcast-over', `“${title}” is over; there is nothing to make louder or softer.`, {
        status: 409,
        params: { title },
      });
    }
    // Whoever comes later, and everybody when it has not started yet, is told with the start.
    run.body = { ...run.body, volume };
    this.#stage.changed(run);
    log.info({ audit: 'broadcast-volume', broadcast: id, volume, by }, 'volume of a broadcast');
    if (run.state === 'started') {
      const order = { v: 1, type: 'set-volume', broadcast: id, volume } as const;
      const sent = await this.#stage.orders.send(run.addresses, order, clock.now() + ORDER_LIFE_MS, id);
      if (!sent) throw noLink('Devices that are reached later play it at the new volume.');
    }
    return { ...broadcastSummary(store, id), volume };
  }

  /**
   * Silences everything that plays on the targets, whatever it came from. Broadcasts that play nowhere else end with it.
   * @returns how many devices were meant.
   * @throws Failure 503 `no-link`, `unknown-target`.
   */
  async stopAll(wanted: readonly Target[], by: string | null): Promise<number> {
    const { store, clock, log } = this.#deps;
    const targets = checkTargets(store, wanted);
    const addresses = addressesOf(store, targets);
    const { orders, shares } = this.#stage;
    // Silence first, then what follows from it.
    const sent = await orders.send(addresses, { v: 1, type: 'stop' }, clock.now() + ORDER_LIFE_MS, null);
    const devices = [...devicesOfTargets(store, targets)];
    log.info({ audit: 'stop-all', targets, devices: devices.length, by }, 'everything stopped');
    for (const run of [...this.#stage.runs]) {
      if (run.state !== 'preparing' && run.state !== 'started') continue;
      if (!shares.touches(run.id, devices)) continue;
      const left = shares.askToStop(run.id, devices);
      if (run.t0 !== null) this.#cut(run, devices);
      if (left === 0) this.#stage.finish(run, 'stopped');
      else this.#stage.changed(run);
      // What has not begun yet is not to begin either, and what was away is known to be stopped.
      await orders.send(addresses, stopOrder(run.id), clock.now() + ORDER_LIFE_MS, run.id);
    }
    if (!sent)
      throw noLink('Try again in a moment; broadcasts are stopped as soon as their devices are reached.');
    return devices.length;
  }

  #tellToStop(run: Run): Promise<boolean> {
    const expiresAt = this.#deps.clock.now() + ORDER_LIFE_MS;
    return this.#stage.orders.send(run.addresses, stopOrder(run.id), expiresAt, run.id);
  }

  #cut(run: Run, devices: readonly string[] | null): void {
    const { store, clock, changes } = this.#deps;
    const { id, t0 } = run;
    if (t0 === null) return;
    this.#stage.enterPlays(run);
    cutPlays(store, { id, t0, now: clock.now() }, devices);
    changes.announce('play', `${id}@${t0}`);
  }
}

const noLink = (what: string): Failure =>
  new Failure('no-link', `There is no connection to the MQTT broker. ${what}`, { status: 503 });
