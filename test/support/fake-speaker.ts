import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { z } from 'zod';
import { type Broadcast, occurrenceOf } from '#devices/broadcast';
import type { Capabilities, DeviceKind } from '#devices/kind';
import type { Ack, SelfTest } from '#devices/messages/ack';
import { Command } from '#devices/messages/command';
import { LIVE_TYPE, type MediaType } from '#devices/plan';
import { SCENE_TYPE, Scene } from '#devices/scene';
import { verify } from '#devices/signature';
import {
  downTopic,
  EVERY_DEVICE,
  groupTopic,
  UP,
  type UpKind,
  type UpMessage,
  upTopic,
} from '#devices/topics';
import { LightClient } from './light-client.ts';
import { seededCredential } from './seed.ts';

/** How a speaker answers; everything in time and in order unless told otherwise. */
export interface Manner {
  /** Connected, and silent for ever. */
  readonly dead?: boolean;
  readonly readyAfterMs?: number;
  readonly rejects?: string;
  readonly selfTest?: SelfTest;
  /** Shows scenes instead of sounding. */
  readonly board?: boolean;
  /** Takes only scenes that are in the message themselves, as they are named. */
  readonly checksScene?: boolean;
  /** Reads without checking the signature: two thousand share one processor here. */
  readonly believes?: boolean;
  /** It says that it plays live sound; the sound itself is a `LiveListener`'s. */
  readonly live?: boolean;
}

/** The little of a speaker's firmware that a controller can tell from the real one: words, and no sound. */
export class FakeSpeaker {
  readonly id: string;
  /** What it was told, in the order in which it came, each checked as a device checks it. */
  readonly heard: Command[] = [];
  /** It played, and was told to stop. */
  onSilence: () => void = () => {};
  manner: Manner;
  readonly #groups: string[];
  readonly #publicKey: CryptoKey;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #unsaid: string[] = [];
  readonly #stopped = new Set<string>();
  #client: LightClient | undefined;
  #playing: { broadcast: string; jti: string; timer: NodeJS.Timeout } | null = null;
  boot = 1;

  constructor(
    { id, groups, publicKey }: { id: string; groups: readonly string[]; publicKey: CryptoKey },
    manner: Manner = {},
  ) {
    this.id = id;
    this.#groups = [...groups];
    this.#publicKey = publicKey;
    this.manner = manner;
  }

  joins(group: string): this {
    this.#groups.push(group);
    return this;
  }

  async connect(port: number): Promise<this> {
    const session = ulid();
    const presence = upTopic(this.id, 'presence');
    const will = { topic: presence, payload: JSON.stringify({ v: 1, session, online: false }) };
    const client = await LightClient.open({ port, id: this.id, password: seededCredential(this.id), will });
    this.#client = client;
    client.onMessage = (_topic, payload) => void this.#hear(payload.toString('latin1'));
    await client.subscribe([
      downTopic(this.id, 'command'),
      ...[...this.#groups, EVERY_DEVICE].map(groupTopic),
    ]);
    await client.publish(presence, JSON.stringify({ v: 1, session, online: true }), 1, true);
    const birth = {
      ...{ v: 1, session, kind: this.#kind, model: 'M', serial: this.id, firmware: '1.0.0', boot: this.boot },
      ...{ capabilities: this.#capabilities, desiredRevision: 0, plan: null },
    };
    await client.publish(upTopic(this.id, 'birth'), JSON.stringify(birth), 1);
    this.#flush();
    return this;
  }

  /** The power goes; what it played is forgotten with it. */
  cut(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#playing = null;
    this.boot += 1;
    this.disconnect();
  }

  /** The link goes; it plays on. */
  disconnect(): void {
    this.#client?.destroy();
    this.#client = undefined;
  }

  /** The last sample is out, before its time: no test has to wait for it. */
  finish(): void {
    if (this.#playing === null) return;
    clearTimeout(this.#playing.timer);
    this.#say(this.#playing.jti, 'ended');
    this.#playing = null;
  }

  get #kind(): DeviceKind {
    return this.manner.board === true ? 'board' : 'speaker';
  }

  get #capabilities(): Capabilities {
    const { live } = this.manner;
    const codecs: Capabilities['codecs'] = this.#kind === 'board' ? [] : ['opus'];
    const panel = this.manner.checksScene === true ? { panel: { width: 192, height: 96, pitchMm: 5 } } : {};
    return { codecs, outputDelayMs: 0, ...panel, ...(live === undefined ? {} : { live }) };
  }

  get #types(): ReadonlySet<MediaType> {
    if (this.#kind === 'board') return new Set([SCENE_TYPE]);
    return new Set(this.manner.live === true ? ['audio/ogg', LIVE_TYPE] : ['audio/ogg']);
  }

  ping(): void {
    this.#client?.ping();
  }

  get playing(): string | null {
    return this.#playing?.broadcast ?? null;
  }

  async tell<K extends UpKind>(kind: K, message: UpMessage<K>): Promise<void> {
    await this.#client?.publish(upTopic(this.id, kind), JSON.stringify(message), UP[kind].qos);
  }

  types(): string[] {
    return this.heard.map(({ type }) => type);
  }

  async #hear(jws: string): Promise<void> {
    const audiences = new Set([this.id, ...this.#groups, EVERY_DEVICE]);
    const read =
      this.manner.believes === true
        ? believed(jws)
        : await verify('command', jws, this.#publicKey, { audiences, now: Date.now() });
    if (!read.ok) {
      this.#say(read.id ?? '', 'rejected', { reason: read.reason });
      return;
    }
    const { body, claims } = read;
    this.heard.push(body);
    if (this.manner.dead === true) return;
    this.#say(claims.jti, 'received');
    this.#obey(body, claims.jti);
  }

  #obey(body: Command, jti: string): void {
    const { rejects, readyAfterMs = 0, selfTest } = this.manner;
    switch (body.type) {
      case 'prepare':
        if (rejects !== undefined) this.#say(jti, 'rejected', { reason: rejects });
        else this.#after(readyAfterMs, () => this.#say(jti, 'ready'));
        return;
      case 'start':
        this.#start(body, jti);
        return;
      case 'stop':
        if (body.broadcast !== undefined) this.#stopped.add(body.broadcast);
        if (body.broadcast === undefined || this.#playing?.broadcast === body.broadcast) this.#silence();
        this.#say(jti, 'ended');
        return;
      default:
        this.#say(jti, 'started');
        this.#say(jti, 'ended', selfTest === undefined ? {} : { selfTest });
    }
  }

  #start({ broadcast, t0 }: Extract<Command, { type: 'start' }>, jti: string): void {
    const occurrence = occurrenceOf(broadcast, t0, this.#types);
    // What a board does before it draws anything.
    if (this.manner.board === true && this.manner.checksScene === true && !holdsScene(broadcast)) {
      this.#say(jti, 'rejected', { reason: 'hash-mismatch' });
      return;
    }
    if (occurrence === null || this.#stopped.has(broadcast.id)) return;
    if (this.#playing?.broadcast === broadcast.id) return;
    this.#after(t0 - Date.now(), () => {
      if (this.#stopped.has(broadcast.id) || this.#playing?.broadcast === broadcast.id) return;
      // As in the firmware: the latest emergency wins.
      if (this.#playing !== null) {
        clearTimeout(this.#playing.timer);
        this.#say(this.#playing.jti, 'ended', { reason: 'preempted' });
      }
      const startedAt = Math.max(t0, Date.now());
      this.#say(jti, 'started', { startedAt });
      const timer = this.#after(occurrence.endAt - Date.now(), () => {
        this.#playing = null;
        this.#say(jti, 'ended');
      });
      this.#playing = { broadcast: broadcast.id, jti, timer };
    });
  }

  #silence(): void {
    if (this.#playing === null) return;
    clearTimeout(this.#playing.timer);
    this.onSilence();
    this.#say(this.#playing.jti, 'ended', { reason: 'stopped' });
    this.#playing = null;
  }

  #after(ms: number, act: () => void): NodeJS.Timeout {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        act();
      },
      Math.max(0, ms),
    );
    this.#timers.add(timer);
    return timer;
  }

  #say(id: string, state: Ack['state'], more: Partial<Ack> = {}): void {
    const ack: Ack = { v: 1, id, subject: 'command', state, at: Date.now(), ...more };
    this.#unsaid.push(JSON.stringify(ack));
    this.#flush();
  }

  /** As the firmware does: what cannot be said now is said with the next connection. */
  #flush(): void {
    const client = this.#client;
    if (client === undefined) return;
    for (const ack of this.#unsaid.splice(0)) void client.publish(upTopic(this.id, 'ack'), ack, UP.ack.qos);
  }
}

const holdsScene = ({ parts }: Broadcast): boolean =>
  parts.every(({ renditions }) =>
    renditions
      .filter(({ type }) => type === SCENE_TYPE)
      .every(({ sha256, inline }) => {
        if (inline === undefined || createHash('sha256').update(inline, 'utf8').digest('hex') !== sha256)
          return false;
        return Scene.safeParse(JSON.parse(inline)).success;
      }),
  );

const Believed = z.object({ jti: z.string(), body: Command });

function believed(jws: string): { ok: true; body: Command; claims: { jti: string } } {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
  const { jti, body } = Believed.parse(JSON.parse(payload));
  return { ok: true, body, claims: { jti } };
}
