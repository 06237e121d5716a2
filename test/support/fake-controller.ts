import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes } from 'aedes';
import express from 'express';
import { type CryptoKey, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose';
import { ulid } from 'ulid';
import type { z } from 'zod';
import type { AsRunRecord } from '#devices/as-run';
import type { Rendition } from '#devices/broadcast';
import type { Settings } from '#devices/kind';
import type { Ack } from '#devices/messages/ack';
import type { Birth } from '#devices/messages/birth';
import type { Command } from '#devices/messages/command';
import type { Desired } from '#devices/messages/desired';
import type { FirmwareOffer } from '#devices/messages/firmware';
import type { Heartbeat } from '#devices/messages/heartbeat';
import { Played } from '#devices/messages/played';
import { type PairAnswer, PairProof, PairRequest } from '#devices/pairing';
import type { Plan } from '#devices/plan';
import { sign } from '#devices/signature';
import { downTopic, EVERY_DEVICE, HOST_STATE, parseUpTopic, UP, type UpKind } from '#devices/topics';

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

type Key = { kid: string; privateKey: CryptoKey };
type Approved = Extract<PairAnswer, { state: 'approved' }>;

/** What a test may make go wrong on the way of a file. */
export interface BlobFault {
  /** Break the connection after so many bytes of the next answer. */
  breakAfter?: number;
  /** Answer the next request with these bytes instead. */
  lie?: Buffer;
  /** Send the next answer at this pace, bytes a second. */
  pace?: number;
}

/** What the contract says of a controller, and no more: real broker, real HTTP, real signatures, all in memory. */
export class FakeController {
  readonly device = `d-${randomBytes(4).toString('hex')}`;
  readonly credential = randomBytes(24).toString('base64url');
  approve = true;
  /** When false, records are heard but not acknowledged. */
  recording = true;
  answersTime = true;
  /** Ahead of the machine's clock by so much. */
  clockOffsetMs = 0;
  readonly blobs = new Map<string, Buffer>();
  readonly faults = new Map<string, BlobFault>();
  readonly requests: { path: string; range: string | undefined; status: number }[] = [];
  readonly evidence = new Map<string, { type: string; body: Buffer; takenAt: number; pixels: string }>();
  readonly heard: { device: string; kind: UpKind; message: unknown }[] = [];
  /** Devices that were let in, by serial; the first of them is `device`. */
  readonly #letIn = new Map<string, { device: string; credential: string }>();
  readonly records = new Map<string, AsRunRecord & { boot: number }>();
  /** How often each record came, acknowledged or not. */
  readonly received = new Map<string, number>();
  /** Where devices are told to find it, when that is not where it listens. */
  publicUrl: string | null = null;
  /** Who takes WebSockets of devices that were let in. */
  onUpgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null = null;
  pairRequests: PairRequest[] = [];
  epoch = ulid();
  #key!: Key;
  #publicKey!: Approved['controllerKey'];
  #broker!: Aedes;
  #tcp!: TcpServer;
  #http!: Server;
  #httpPort = 0;
  #mqttPort = 0;
  #revision = 0;
  readonly #sockets = new Set<Socket>();

  async start(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const jwk = await exportJWK(publicKey);
    this.#key = { kid: 'k1', privateKey };
    this.#publicKey = { kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '', kid: 'k1' };
    await this.listen();
  }

  /** Comes (back) to life, on the same ports. */
  async listen(): Promise<void> {
    this.#broker = await Aedes.createBroker({
      authenticate: (client, username, password, done) => {
        done(null, username === client.id && password?.toString() === this.#credentialOf(client.id));
      },
    });
    this.#broker.on('publish', (packet) => this.#up(packet.topic, packet.payload));
    this.#tcp = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      this.#broker.handle(socket);
    });
    await listenOn(this.#tcp, this.#mqttPort);
    this.#mqttPort = (this.#tcp.address() as AddressInfo).port;
    const app = this.#app();
    this.#http = await new Promise<Server>((resolve) => {
      const server = app.listen(this.#httpPort, '127.0.0.1', () => resolve(server));
    });
    this.#httpPort = (this.#http.address() as AddressInfo).port;
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.onUpgrade !== null && this.#letsIn(request.headers.authorization))
        this.onUpgrade(request, socket, head);
      else socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    });
    this.publish(HOST_STATE.topic, JSON.stringify({ v: 1, epoch: this.epoch, online: true }), true);
  }

  /** As a power cut: connections break, retained messages are gone. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    await new Promise((resolve) => this.#tcp.close(resolve));
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#httpPort}`;
  }

  now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  addBlob(bytes: Buffer): string {
    const name = sha256(bytes);
    this.blobs.set(name, bytes);
    return name;
  }

  publish(topic: string, payload: string, retain = false): void {
    this.#broker.publish(
      { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain, dup: false },
      () => undefined,
    );
  }

  /** Signs a plan, stores it, and points the device at it. Returns the desired document's id and revision. */
  async desire(
    plan: Plan | null,
    more: {
      settings?: Partial<Settings>;
      groups?: string[];
      planKey?: Key;
      stored?: Rendition[];
    } = {},
  ): Promise<{ id: string; revision: number }> {
    this.#revision += 1;
    const revision = this.#revision;
    const pointer = plan === null ? null : await this.#storePlan(plan, revision, more.planKey ?? this.#key);
    const settings = { volume: 100, muted: false, brightness: 80, outputDelayMs: 0, ...more.settings };
    const body = { v: 1 as const, revision, settings, groups: more.groups ?? [], plan: pointer };
    const stored = more.stored === undefined ? {} : { stored: more.stored };
    const id = ulid();
    this.publish(
      downTopic(this.device, 'desired'),
      await this.signDesired({ ...body, ...stored }, { id }),
      true,
    );
    return { id, revision };
  }

  async #storePlan(plan: Plan, revision: number, key: Key) {
    const claims = {
      jti: ulid(),
      aud: EVERY_DEVICE,
      issuedAt: this.now(),
      expiresAt: this.now() + 86_400_000,
    };
    const jws = Buffer.from(await sign('plan', plan, claims, key));
    const name = this.addBlob(jws);
    return { revision, sha256: name, bytes: jws.length, url: `/device/v1/plans/${name}` };
  }

  signDesired(
    body: z.infer<typeof Desired>,
    odd: { id?: string; audience?: string; key?: Key; expiresAt?: number } = {},
  ): Promise<string> {
    return sign('desired', body, this.#claims(odd), odd.key ?? this.#key);
  }

  signCommand(
    body: z.infer<typeof Command>,
    odd: { id?: string; audience?: string; key?: Key; expiresAt?: number } = {},
  ): Promise<string> {
    return sign('command', body, this.#claims(odd), odd.key ?? this.#key);
  }

  signFirmware(
    body: FirmwareOffer,
    odd: { id?: string; audience?: string; key?: Key; issuedAt?: number; expiresAt?: number } = {},
  ): Promise<string> {
    return sign('firmware', body, this.#claims(odd), odd.key ?? this.#key);
  }

  /** Stores an image and offers it, retained. @returns the id of the offer. */
  async offer(
    image: Buffer,
    body: { version: string; model: string },
    odd: Parameters<FakeController['signFirmware']>[1] = {},
  ): Promise<string> {
    const name = this.addBlob(image);
    const id = odd.id ?? ulid();
    const url = `/device/v1/firmware/${name}`;
    const offer = { v: 1 as const, ...body, sha256: name, bytes: image.length, url };
    this.publish(downTopic(this.device, 'firmware'), await this.signFirmware(offer, { ...odd, id }), true);
    return id;
  }

  command(jws: string): void {
    this.publish(downTopic(this.device, 'command'), jws);
  }

  /** Starts anew, as far as devices can tell. */
  newEpoch(): void {
    this.epoch = ulid();
    this.publish(HOST_STATE.topic, JSON.stringify({ v: 1, epoch: this.epoch, online: true }), true);
  }

  /** Whether a pairing request carries the proof that its sender holds the key. */
  async proves(request: PairRequest | undefined): Promise<boolean> {
    if (request === undefined) return false;
    const key = await importJWK({ ...request.publicKey }, 'EdDSA');
    const { payload } = await compactVerify(request.proof, key);
    const proof = PairProof.parse(JSON.parse(new TextDecoder().decode(payload)));
    return proof.code === request.code && proof.serial === request.serial;
  }

  acks(): z.infer<typeof Ack>[] {
    return this.#of('ack') as z.infer<typeof Ack>[];
  }

  /** The acknowledgements of one command, by whichever device. */
  acksOf(id: string): (z.infer<typeof Ack> & { device: string })[] {
    return this.heard
      .filter(({ kind }) => kind === 'ack')
      .map(({ device, message }) => ({ device, ...(message as z.infer<typeof Ack>) }))
      .filter((ack) => ack.id === id);
  }

  births(): z.infer<typeof Birth>[] {
    return this.#of('birth') as z.infer<typeof Birth>[];
  }

  heartbeats(): z.infer<typeof Heartbeat>[] {
    return this.#of('heartbeat') as z.infer<typeof Heartbeat>[];
  }

  /** The account of the device with this serial, made when there is none yet. */
  #account(serial: string): { device: string; credential: string } {
    const first = { device: this.device, credential: this.credential };
    const another = { device: `d-${randomBytes(4).toString('hex')}`, credential: this.credential };
    const account = this.#letIn.get(serial) ?? (this.#letIn.size === 0 ? first : another);
    this.#letIn.set(serial, account);
    return account;
  }

  #letsIn(authorization: string | undefined): boolean {
    const accounts = [...this.#letIn.values()];
    return accounts.some(({ device, credential }) => authorization === `Bearer ${device}.${credential}`);
  }

  /** The controller's signature of any bytes. */
  async signBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign('Ed25519', this.#key.privateKey, bytes));
  }

  #credentialOf(device: string): string | undefined {
    return [...this.#letIn.values()].find((account) => account.device === device)?.credential;
  }

  #of(kind: UpKind): unknown[] {
    return this.heard.filter((one) => one.kind === kind).map((one) => one.message);
  }

  #claims(odd: { id?: string; audience?: string; issuedAt?: number; expiresAt?: number }) {
    return {
      jti: odd.id ?? ulid(),
      aud: odd.audience ?? this.device,
      issuedAt: odd.issuedAt ?? this.now(),
      expiresAt: odd.expiresAt ?? this.now() + 60_000,
    };
  }

  #up(topic: string, payload: Buffer | string): void {
    const address = parseUpTopic(topic);
    if (address === null) return;
    // Parsed by the contract's schema: a device that says what it may not makes the test fail.
    const message: unknown = UP[address.kind].schema.parse(JSON.parse(payload.toString()));
    const { device, kind } = address;
    this.heard.push({ device, kind, message });
    if (kind === 'ask' && this.answersTime) this.#tellTime(device, message as { id: number; t1: number });
    if (kind === 'played') this.#record(device, Played.parse(message));
  }

  #tellTime(device: string, { id, t1 }: { id: number; t1: number }): void {
    const now = performance.timeOrigin + performance.now() + this.clockOffsetMs;
    const tell = { v: 1, type: 'time', id, t1, t2: now, t3: now };
    this.publish(downTopic(device, 'tell'), JSON.stringify(tell));
  }

  #record(device: string, batch: Played): void {
    for (const record of batch.records) {
      const name = `${device === this.device ? '' : `${device}/`}${batch.boot}/${record.seq}`;
      this.received.set(name, (this.received.get(name) ?? 0) + 1);
      if (this.recording) this.records.set(name, { ...record, boot: batch.boot });
    }
    const seq = batch.records.at(-1)?.seq ?? 0;
    const tell = JSON.stringify({ v: 1, type: 'recorded', boot: batch.boot, seq });
    if (this.recording) this.publish(downTopic(device, 'tell'), tell);
  }

  #app(): express.Express {
    const app = express();
    app.post('/device/v1/pair', express.json(), (request, response) => {
      this.pairRequests.push(PairRequest.parse(request.body));
      const pending = { state: 'pending', retryAfterMs: 100, expiresAt: Date.now() + 60_000 };
      const approved: Approved = {
        state: 'approved',
        ...this.#account(String(request.body.serial)),
        controllerKey: this.#publicKey,
        brokers: [`mqtt://127.0.0.1:${this.#mqttPort}`],
        http: this.publicUrl ?? this.url,
      };
      response.json(this.approve ? approved : pending);
    });
    app.use((request, response, next) => {
      if (this.#letsIn(request.headers.authorization)) next();
      else response.status(401).end();
    });
    app.put(
      '/device/v1/evidence/:id',
      express.raw({ type: () => true, limit: '20mb' }),
      (request, response) => {
        this.evidence.set(String(request.params.id), {
          type: String(request.headers['content-type']),
          body: request.body,
          takenAt: Number(request.query.takenAt),
          pixels: String(request.query.pixels),
        });
        response.status(201).end();
      },
    );
    const files = ['plans', 'blobs', 'firmware'].map((kind) => `/device/v1/${kind}/:sha256`);
    app.get(files, (request, response) => {
      const name = String(request.params.sha256);
      const whole = this.blobs.get(name);
      const fault = this.faults.get(name);
      const { range } = request.headers;
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
      const status = whole === undefined ? 404 : from > 0 ? 206 : 200;
      this.requests.push({ path: request.path, range, status });
      if (whole === undefined) {
        response.status(404).end();
        return;
      }
      const bytes = fault?.lie ?? whole.subarray(from);
      this.faults.delete(name);
      if (status === 206)
        response.setHeader('content-range', `bytes ${from}-${whole.length - 1}/${whole.length}`);
      response.status(status).setHeader('content-length', bytes.length);
      if (fault?.pace !== undefined) trickle(bytes, fault.pace, response);
      else if (fault?.breakAfter === undefined) response.end(bytes);
      else
        response.write(bytes.subarray(0, fault.breakAfter), () => setTimeout(() => response.destroy(), 50));
    });
    return app;
  }
}

/** As over a narrow link. */
function trickle(bytes: Buffer, pace: number, response: express.Response): void {
  const piece = Math.ceil(pace / 20);
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + piece));
    sent += piece;
    if (sent >= bytes.length) response.end();
    if (sent >= bytes.length || response.destroyed) clearInterval(timer);
  }, 50);
}

function listenOn(server: TcpServer, port: number): Promise<void> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/** Waits until something is so; fails with what was waited for. The patience is for slow machines, not a measure. */
export async function until<T>(
  what: string,
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  patienceMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${patienceMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
