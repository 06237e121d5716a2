import type { WebSocket } from 'ws';
import { MicrophoneHello, type MicrophoneState, MicrophoneWord } from '../http/contract/live.ts';
import { LiveEncoder } from '../media/live-encoder.ts';
import { ArrivalLine } from './arrival-line.ts';
import { OggPackets } from './ogg-packets.ts';
import { opusDurationMs } from './opus-packet.ts';

/** What a microphone says to its session. */
export interface MicrophoneEvents {
  readonly now: () => number;
  /** A packet of Opus, and when it was spoken, epoch ms. */
  readonly onPacket: (packet: Uint8Array, lineAt: number) => void;
  /** A sign of life: sound, or an answer while it is muted. */
  readonly onAlive: () => void;
  readonly onEnd: () => void;
  readonly onGone: () => void;
}

/** Nobody speaks faster than time goes: this much more than that, and it is no microphone. */
const MOST_AHEAD_MS = 3_000;

/**
 * One microphone at its WebSocket: what it says first, then sound, as Opus or as samples that are encoded here. Its own
 * time is found by an {@link ArrivalLine}.
 */
export class Microphone {
  readonly #webSocket: WebSocket;
  readonly #events: MicrophoneEvents;
  readonly #ffmpeg: string;
  #line = new ArrivalLine();
  #hello: MicrophoneHello | null = null;
  #encoder: LiveEncoder | null = null;
  #muted = false;
  /** It was sent away; what it still says before it has taken its leave counts for nothing. */
  #dismissed = false;
  #soundMs = 0;
  #since = 0;

  constructor(webSocket: WebSocket, ffmpeg: string, events: MicrophoneEvents) {
    this.#webSocket = webSocket;
    this.#ffmpeg = ffmpeg;
    this.#events = events;
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('close', () => {
      this.#encoder?.stop();
      this.#encoder = null;
      events.onGone();
    });
    webSocket.on('pong', () => {
      if (this.#muted && !this.#dismissed) events.onAlive();
    });
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      if (this.#dismissed) return;
      if (isBinary) this.#sound(data);
      else this.#word(data.toString('utf8'));
    });
  }

  /** How unevenly its sound comes, ms. */
  get jitterMs(): number {
    return this.#line.jitterMs;
  }

  tell(state: MicrophoneState): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.send(JSON.stringify(state));
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
  }

  close(code = 1000, reason = 'over'): void {
    this.#dismissed = true;
    this.#encoder?.stop();
    this.#encoder = null;
    this.#webSocket.close(code, reason);
  }

  #word(text: string): void {
    const value = parseJson(text);
    if (this.#hello === null) {
      const hello = MicrophoneHello.safeParse(value);
      if (hello.success) this.#begin(hello.data);
      else this.close(1008, 'say hello first');
      return;
    }
    const word = MicrophoneWord.safeParse(value);
    if (!word.success) this.close(1008, 'not understood');
    else if (word.data.type === 'end') this.#events.onEnd();
    else {
      this.#muted = word.data.muted;
      this.#events.onAlive();
    }
  }

  #begin(hello: MicrophoneHello): void {
    this.#hello = hello;
    this.#since = this.#events.now();
    if (hello.codec === 'opus') return;
    const ogg = new OggPackets();
    this.#encoder = new LiveEncoder({ ffmpeg: this.#ffmpeg }, hello.sampleRate, {
      onOgg: (bytes) => {
        for (const packet of ogg.feed(bytes)) this.#packet(packet);
      },
      onEnd: () => {
        if (this.#encoder !== null) this.close(1011, 'the encoder has ended');
      },
    });
  }

  #sound(data: Buffer): void {
    if (this.#hello === null) this.close(1008, 'say hello first');
    else if (this.#hello.codec === 'opus') this.#packet(data);
    else {
      this.#count((data.length / 2 / this.#hello.sampleRate) * 1_000);
      this.#encoder?.take(data);
    }
  }

  #packet(packet: Uint8Array): void {
    if (this.#dismissed) return;
    const ms = opusDurationMs(packet);
    if (ms === null) return;
    if (this.#hello?.codec === 'opus') this.#count(ms);
    const at = this.#line.place(this.#events.now(), ms);
    this.#events.onAlive();
    this.#events.onPacket(packet, at);
  }

  #count(ms: number): void {
    this.#soundMs += ms;
    if (this.#soundMs > this.#events.now() - this.#since + MOST_AHEAD_MS) this.close(1008, 'too much sound');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
