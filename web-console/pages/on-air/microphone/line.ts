import type { MicrophoneHello, MicrophoneState } from '#controller/http/contract/live';

/** Where the contract has it (`MICROPHONE_PATH`); the console takes types alone from there. */
const PATH = '/microphone/v1';
/** The controller ends what it heard nothing of for so long. */
export const LEASE_MS = 5_000;
/** It speaks every second: a line that is silent for so long is dead, whatever the browser thinks of it. */
const DEAD_MS = 2_800;
/** A handshake over a bad 4G takes its time; twice of it fit into the lease. The first call has no other to follow. */
const TRY_MS = 2_200;
const FIRST_TRY_MS = 4_300;
const PAUSE_MS = 250;
/** More than so much waiting to be sent is old sound: new packets are left out until it is gone. */
const MOST_WAITING = 6_000;

export type Word = { type: 'end' } | { type: 'muted'; muted: boolean };
export interface LineListener {
  readonly state: (state: MicrophoneState) => void;
  readonly up: () => void;
  readonly down: () => void;
  /** Nobody answered within the lease, or the controller does not know the session any more. */
  readonly lost: () => void;
}

const isState = (value: unknown): value is MicrophoneState =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  value.type === 'state' &&
  'session' in value;

/** The way of the packets to the controller: opened again when it breaks, for as long as the lease is worth it. */
export class Line {
  readonly #session: string;
  readonly #hello: MicrophoneHello;
  readonly #listener: LineListener;
  #socket: WebSocket | null = null;
  #timer = 0;
  #heardAt = 0;
  #downAt: number | null = null;
  #closed = false;
  #everUp = false;
  /** Packets that were left out because the way was too narrow for them. */
  dropped = 0;

  constructor(session: string, hello: MicrophoneHello, listener: LineListener) {
    this.#session = session;
    this.#hello = hello;
    this.#listener = listener;
  }

  start(): void {
    this.#downAt = performance.now();
    window.addEventListener('online', this.#atOnce);
    this.#dial();
  }

  close(): void {
    this.#closed = true;
    window.removeEventListener('online', this.#atOnce);
    window.clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  send(packet: Uint8Array<ArrayBuffer>): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > MOST_WAITING) this.dropped += 1;
    else socket.send(packet);
  }

  /** @returns whether there was a line to say it on. */
  say(word: Word): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(word));
    return true;
  }

  readonly #atOnce = () => {
    if (this.#downAt !== null && this.#socket === null) this.#dial();
  };

  #dial(): void {
    window.clearTimeout(this.#timer);
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(
      `${scheme}://${window.location.host}${PATH}/${encodeURIComponent(this.#session)}`,
    );
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#timer = window.setTimeout(() => this.#broke(socket), this.#everUp ? TRY_MS : FIRST_TRY_MS);
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      socket.send(JSON.stringify(this.#hello));
      this.#watch(socket);
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#socket !== socket || typeof data !== 'string') return;
      this.#heardAt = performance.now();
      if (this.#downAt !== null) {
        this.#downAt = null;
        this.#everUp = true;
        this.#listener.up();
      }
      const message: unknown = JSON.parse(data);
      if (isState(message)) this.#listener.state(message);
    };
    socket.onclose = () => this.#broke(socket);
  }

  #watch(socket: WebSocket): void {
    window.clearTimeout(this.#timer);
    this.#heardAt = performance.now();
    const look = () => {
      if (performance.now() - this.#heardAt > DEAD_MS) this.#broke(socket);
      else this.#timer = window.setTimeout(look, 500);
    };
    this.#timer = window.setTimeout(look, 500);
  }

  #broke(socket: WebSocket): void {
    if (this.#socket !== socket || this.#closed) return;
    this.#socket = null;
    window.clearTimeout(this.#timer);
    socket.close();
    if (this.#downAt === null) {
      this.#downAt = performance.now();
      this.#listener.down();
    }
    if (performance.now() - this.#downAt >= LEASE_MS) this.#listener.lost();
    else this.#timer = window.setTimeout(() => this.#dial(), PAUSE_MS);
  }
}
