import type { Logger } from 'pino';
import type { Ack } from '#devices/messages/ack';
import type { Birth } from '#devices/messages/birth';
import { downTopic, upTopic } from '#devices/topics';
import type { BrokerListener } from '../broker/embedded.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Link } from '../link/link.ts';
import { Batch } from './batch.ts';
import type { Commands } from './commands.ts';
import { FrozenBoards } from './frozen-boards.ts';
import { Heartbeats, type LiveBeats } from './heartbeats.ts';
import { HeartbeatHistory } from './history.ts';
import { introduce } from './introductions.ts';
import type { Refusals } from './refusals.ts';
import { every } from './ticking.ts';
import { Watch } from './watch.ts';

const COMMANDS_MS = 5_000;

export interface RegistryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly link: Pick<Link, 'on' | 'tell'>;
  readonly refusals: Refusals;
  readonly commands: Commands;
  readonly pairing: { collected(device: string): void };
  readonly desired: { refresh(devices: Iterable<string>): Promise<void> };
  readonly heartbeatIntervalMs: number;
}

/** Listeners must not wait; what they throw undoes what was stored of that message. */
export type AckListener = (device: string, ack: Ack, at: number) => void;
export type BirthListener = (device: string, birth: Birth) => void;

/** Which devices there are and how they are: everything that they say about themselves ends here. */
export class Registry implements Component {
  readonly watch: Watch;
  readonly #heartbeats: Heartbeats;
  readonly #history: HeartbeatHistory;
  readonly #batch: Batch;
  readonly #frozen: FrozenBoards;
  readonly #deps: RegistryDeps;
  readonly #ends: (() => void)[] = [];
  readonly #onAcknowledged = new Set<AckListener>();
  readonly #onBorn = new Set<BirthListener>();

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    const ask = (device: string): void => void deps.link.tell(device, { v: 1, type: 'how' });
    this.watch = new Watch({ ...deps, intervalMs: deps.heartbeatIntervalMs, ask });
    this.#heartbeats = new Heartbeats(deps);
    this.#history = new HeartbeatHistory(deps);
    this.#batch = new Batch(deps);
    this.#frozen = new FrozenBoards(deps.store, deps.changes, (work) => this.#batch.add(work));
    const { link } = deps;
    link.on('presence', (device, { session, online }, { receivedAt }) => {
      if (!this.#expected(device, 'presence')) return;
      if (online) this.watch.present(device, session, true, receivedAt);
      else this.watch.absent(device, session, receivedAt);
    });
    link.on('birth', (device, birth, { receivedAt }) => {
      if (this.#expected(device, 'birth')) this.#batch.add(() => this.#born(device, birth, receivedAt));
    });
    link.on('heartbeat', (device, beat, { receivedAt }) => {
      if (!this.#expected(device, 'heartbeat')) return;
      this.watch.beat(device, beat.session, this.#frozen.beat(device, beat, receivedAt), receivedAt);
      this.#heartbeats.add(device, beat, receivedAt);
    });
    link.on('beat', (device, { same, drawnAgoMs }, { receivedAt }) => {
      if (!this.#expected(device, 'beat')) return;
      this.watch.same(device, receivedAt, this.#frozen.same(device, drawnAgoMs, receivedAt));
      if (!this.#heartbeats.same(device, same, receivedAt)) this.watch.ask(device);
    });
    link.on('ack', (device, ack, { receivedAt }) => {
      if (this.#expected(device, 'ack')) this.#batch.add(() => this.#acknowledged(device, ack, receivedAt));
    });
  }

  async start(): Promise<void> {
    await this.watch.start();
    // Whoever lets a device in announces it; it is watched from then on.
    const { changes, commands, log } = this.#deps;
    this.#ends.push(
      changes.listen((entity, id) => {
        if (entity === 'device' && !this.watch.knows(id)) this.watch.add(id);
      }),
      every(COMMANDS_MS, 'ending old commands', log, () => commands.sweep()),
    );
    await this.#batch.start();
    await this.#heartbeats.start();
    await this.#history.start();
  }

  async stop(): Promise<void> {
    await this.#history.stop();
    await this.#heartbeats.stop();
    await this.#batch.stop();
    for (const end of this.#ends.splice(0)) end();
    await this.watch.stop();
  }

  /** Heartbeats as they come, gathered for a second. @returns a function that ends it. */
  onHeartbeats(listener: (beats: LiveBeats) => void): () => void {
    return this.#heartbeats.onHeartbeats(listener);
  }

  /** Stores the short heartbeats of a device that are only counted in memory yet. */
  settle(device: string): void {
    this.#heartbeats.settle(device);
  }

  /** Acknowledged commands, within the transaction that stores many of them. @returns a function that ends it. */
  onAcknowledged(listener: AckListener): () => void {
    this.#onAcknowledged.add(listener);
    return () => this.#onAcknowledged.delete(listener);
  }

  /** Devices that said who they are, after it was believed; within a transaction as above. */
  onBorn(listener: BirthListener): () => void {
    this.#onBorn.add(listener);
    return () => this.#onBorn.delete(listener);
  }

  /** Writes what waits, so that a test or a report sees it. */
  flush(): void {
    this.#batch.flush();
    this.watch.flush();
    this.#heartbeats.flush();
  }

  /** What the embedded broker reports. */
  readonly brokerListener: BrokerListener = {
    connections: (changes) => {
      const now = this.#deps.clock.now();
      for (const { device, connected } of changes) this.watch.connection(device, connected, now);
    },
    refused: (refusals) => {
      for (const refusal of refusals) this.#deps.refusals.count({ ...refusal, source: 'broker' });
    },
  };

  /** Behind an external broker anyone may speak; only devices that were let in are listened to. */
  #expected(device: string, topic: string): boolean {
    if (this.watch.knows(device)) return true;
    this.#deps.log.debug({ device, topic }, 'a message of a device that is not in the registry');
    return false;
  }

  #born(device: string, birth: Birth, at: number): void {
    const { store, refusals, pairing, changes, desired } = this.#deps;
    const introduced = introduce(store, device, birth, at);
    if (introduced.objection !== null) {
      const { objection } = introduced;
      const topic = upTopic(device, 'birth');
      refusals.count({ device, source: 'controller', reason: objection, topic, detail: birth.serial });
      return;
    }
    if (introduced.news) void desired.refresh([device]);
    pairing.collected(device);
    this.watch.present(device, birth.session, true, at);
    for (const listener of this.#onBorn) listener(device, birth);
    changes.announce('device', device);
  }

  #acknowledged(device: string, ack: Ack, at: number): void {
    const { store, refusals, commands, changes } = this.#deps;
    if (ack.subject === 'command') {
      commands.acknowledged(device, ack);
      for (const listener of this.#onAcknowledged) listener(device, ack, at);
    }
    if (ack.state === 'rejected') {
      const topic = downTopic(device, ack.subject === 'plan' ? 'desired' : ack.subject);
      refusals.count({
        device,
        source: 'device',
        reason: ack.reason ?? 'unsupported',
        topic: ack.subject === 'plan' ? `${topic} (plan)` : topic,
        detail: ack.id,
      });
      return;
    }
    if (ack.subject === 'desired' && ack.revision !== undefined) {
      // Never more than was asked for, and never back.
      const { changes: rows } = store.sqlite
        .prepare(
          `UPDATE device SET acknowledged_revision = min(?, desired_revision), acknowledged_at = ?
            WHERE id = ? AND acknowledged_revision < min(?, desired_revision)`,
        )
        .run(ack.revision, at, device, ack.revision);
      if (rows > 0) changes.announce('device', device);
    }
  }
}
