import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import type { MicrophoneState } from '#controller/http/contract/live';
import { OggPackets } from '#controller/live-audio/ogg-packets';
import { byHand, PACKAGED } from './recordings.ts';
import { speakTo } from './spoken.ts';

/** Real speech as Opus packets of 20 ms, one channel. */
export async function spokenPackets(seconds: number): Promise<Uint8Array[]> {
  return inDirectory(async (directory) => {
    const spoken = path.join(directory, 'spoken.wav');
    await speakTo(spoken);
    return packetsOf(spoken, directory, ['-stream_loop', '100'], ['-t', String(seconds)]);
  });
}

/** A file of sound as Opus packets of 20 ms, one channel. */
export const filePackets = (file: string): Promise<Uint8Array[]> =>
  inDirectory((directory) => packetsOf(file, directory, [], []));

/** Real speech as little-endian samples of 16 bit. */
export async function spokenSamples(seconds: number, rate: number): Promise<Buffer> {
  return inDirectory(async (directory) => {
    const spoken = path.join(directory, 'spoken.wav');
    await speakTo(spoken);
    const raw = path.join(directory, 'raw.s16');
    const form = ['-t', String(seconds), '-ac', '1', '-ar', String(rate), '-f', 's16le'];
    await byHand('-stream_loop', '100', '-i', spoken, ...form, raw);
    return readFile(raw);
  });
}

async function packetsOf(
  file: string,
  directory: string,
  before: readonly string[],
  after: readonly string[],
): Promise<Uint8Array[]> {
  const ogg = path.join(directory, 'sound.ogg');
  const opus = ['-c:a', 'libopus', '-frame_duration', '20', '-b:a', '32k', '-application', 'lowdelay'];
  await promisify(execFile)(PACKAGED.ffmpeg, [
    ...['-nostdin', '-v', 'error', '-y', ...before, '-i', file, ...after],
    ...['-ac', '1', '-ar', '48000', ...opus, ogg],
  ]);
  return new OggPackets().feed(await readFile(ogg));
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'loa-spoken-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const FRAME_MS = 20;

/** A person's browser at a live session, as far as the controller can see: sound in its own time, and words. */
export class LiveMicrophone {
  readonly states: MicrophoneState[] = [];
  closed: number | null = null;
  /** When the first packet was spoken, epoch ms. */
  beganAt = 0;
  spoken = 0;
  readonly #webSocket: WebSocket;
  #timer: NodeJS.Timeout | undefined;

  private constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket;
    webSocket.on('error', () => {});
    webSocket.on('close', (code) => {
      this.closed = code;
      clearInterval(this.#timer);
    });
    webSocket.on('message', (data: Buffer) => this.states.push(JSON.parse(data.toString())));
  }

  /** @returns the microphone, or the status with which it was turned away. */
  static join(
    url: string,
    session: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<LiveMicrophone | number> {
    return new Promise((resolve, reject) => {
      const webSocket = new WebSocket(`${url}/microphone/v1/${session}`, { headers });
      const microphone = new LiveMicrophone(webSocket);
      webSocket.once('open', () => resolve(microphone));
      webSocket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
      webSocket.once('error', reject);
    });
  }

  say(word: unknown): void {
    this.#webSocket.send(JSON.stringify(word));
  }

  sound(bytes: Uint8Array): void {
    if (this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.send(bytes);
  }

  /**
   * Speaks in time, again and again from the beginning: packets of 20 ms, or samples. A piece leaves when its last
   * sample was spoken. @param each of how many ms.
   */
  speak(pieces: readonly Uint8Array[], each = FRAME_MS): void {
    this.beganAt = Date.now();
    const began = performance.now();
    this.#timer = setInterval(() => {
      while (began + (this.spoken + 1) * each <= performance.now()) {
        const piece = pieces[this.spoken % pieces.length];
        if (piece !== undefined) this.sound(piece);
        this.spoken += 1;
      }
    }, 5);
  }

  hush(): void {
    clearInterval(this.#timer);
  }

  /** The laptop is closed: nothing comes any more, and nobody is told. */
  vanish(): void {
    this.hush();
    this.#webSocket.pause();
  }

  leave(): void {
    this.hush();
    this.#webSocket.terminate();
  }
}

export const HELLO = { v: 1, type: 'hello', codec: 'opus', sampleRate: 48_000, frameMs: 20 } as const;
