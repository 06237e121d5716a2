import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGED } from './recordings.ts';

const run = promisify(execFile);

type Codec = 'mp3' | 'aac' | 'ogg';
const ENCODE: Record<Codec, { type: string; options: string[] }> = {
  mp3: {
    type: 'audio/mpeg',
    options: ['-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3'],
  },
  aac: { type: 'audio/aac', options: ['-c:a', 'aac', '-b:a', '64k', '-f', 'adts'] },
  ogg: { type: 'application/ogg', options: ['-c:a', 'libopus', '-b:a', '64k', '-vbr', 'off', '-f', 'ogg'] },
};
const MADE_SECONDS = 60;
const TICK_MS = 50;
/** What a listener is sent at once, as Icecast does. */
const BURST_SECONDS = 2;

/** A minute of a tone, or of silence, encoded by the real encoder. */
export async function encoded(codec: Codec, frequency: number | null, volumeDb = -14): Promise<Buffer> {
  const source =
    frequency === null
      ? 'anullsrc=r=48000:cl=mono'
      : `sine=frequency=${frequency}:sample_rate=48000,volume=${volumeDb + 18}dB`;
  const { stdout } = await run(
    PACKAGED.ffmpeg,
    [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      source,
      '-t',
      String(MADE_SECONDS),
      '-ac',
      '1',
      ...ENCODE[codec].options,
      'pipe:1',
    ],
    { encoding: 'buffer', maxBuffer: 1 << 26 },
  );
  return stdout;
}

/** One mount point: what it sends now, to whom. */
class Station {
  readonly #codec: Codec;
  readonly #sounds: { readonly tone: Buffer; readonly silence: Buffer };
  readonly #listeners = new Map<ServerResponse, number>();
  #at = 0;
  silent = false;
  /** Sends nothing more, without hanging up. */
  stalled = false;
  /** Whether listeners are let in. */
  open = true;

  constructor(codec: Codec, sounds: { readonly tone: Buffer; readonly silence: Buffer }) {
    this.#codec = codec;
    this.#sounds = sounds;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  admit(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': ENCODE[this.#codec].type, 'icy-name': 'Radio' });
    // An Ogg stream is heard from its beginning, where its heads are.
    const from = this.#codec === 'ogg' ? 0 : this.#at;
    this.#listeners.set(response, from);
    this.#send(response, BURST_SECONDS * 1_000);
    response.on('close', () => this.#listeners.delete(response));
  }

  /** @param ms since the last tick: by the clock, so that a busy machine does not make a slow station. */
  tick(ms: number): void {
    this.#at += (ms / 1_000) * this.#rate;
    if (this.stalled) return;
    for (const response of this.#listeners.keys()) this.#send(response, ms);
  }

  /** Hangs up, and lets nobody in until it is opened. */
  cut(): void {
    this.open = false;
    for (const response of this.#listeners.keys()) response.destroy();
  }

  get #rate(): number {
    return this.#sounds.tone.length / MADE_SECONDS;
  }

  #send(response: ServerResponse, ms: number): void {
    const from = this.#listeners.get(response) ?? 0;
    const to = from + (ms / 1_000) * this.#rate;
    const sound = this.silent ? this.#sounds.silence : this.#sounds.tone;
    const [first, last] = [Math.floor(from) % sound.length, Math.floor(to) % sound.length];
    if (last >= first) response.write(sound.subarray(first, last));
    else response.write(Buffer.concat([sound.subarray(first), sound.subarray(0, last)]));
    this.#listeners.set(response, to);
  }
}

/** A radio station on the loopback: streams as Icecast sends them, at the pace of a clock, and whatever else a test answers. */
export class Radio {
  readonly #server: Server;
  readonly #stations = new Map<string, Station>();
  readonly #answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  readonly #directories = new Map<string, string>();
  readonly #sockets = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  readonly asked: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    let before = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      for (const station of this.#stations.values()) station.tick(now - before);
      before = now;
    }, TICK_MS);
  }

  static async open(): Promise<Radio> {
    const radio = new Radio();
    await new Promise<void>((resolve) => radio.#server.listen(0, '127.0.0.1', resolve));
    return radio;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** As an administrator would list it. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  url(path: string): string {
    return `http://${this.host}${path}`;
  }

  async station(path: string, frequency: number, codec: Codec = 'mp3', volumeDb = -14): Promise<Station> {
    const [tone, silence] = await Promise.all([encoded(codec, frequency, volumeDb), encoded(codec, null)]);
    const station = new Station(codec, { tone, silence });
    this.#stations.set(path, station);
    return station;
  }

  answer(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void): void {
    this.#answers.set(path, answer);
  }

  text(path: string, body: string | Buffer, type = 'application/vnd.apple.mpegurl'): void {
    this.answer(path, (_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
  }

  /** The files of a directory, as they are now. */
  files(prefix: string, directory: string): void {
    this.#directories.set(prefix, directory);
  }

  redirect(path: string, location: string): void {
    this.answer(path, (_request, response) => response.writeHead(302, { location }).end());
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.asked.push(path);
    const station = this.#stations.get(path);
    const answer = this.#answers.get(path);
    if (station?.open === true) station.admit(response);
    else if (answer !== undefined) answer(request, response);
    else this.#file(path, response);
  }

  #file(path: string, response: ServerResponse): void {
    for (const [prefix, directory] of this.#directories) {
      if (!path.startsWith(prefix)) continue;
      readFile(join(directory, basename(path))).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
      return;
    }
    response.writeHead(404).end();
  }
}
