import { WebSocket } from 'ws';
import { MAX_LIVE_FRAME_BYTES } from '#devices/live-frame';
import { Backoff } from '../backoff.ts';
import type { Cable } from '../cable.ts';
import { trusting } from '../trust.ts';

export interface LiveLinkDesk {
  /** `ws:` or `wss:` */
  readonly url: string;
  readonly bearer: string;
  /** An authority to be trusted beside the well-known ones, PEM. */
  readonly ca: string | undefined;
  readonly cable: Cable;
  /** Whether there is more to come. */
  readonly more: () => boolean;
  readonly onOpen: () => void;
  /** @returns whether it was genuine: after what was not, a new connection is made, and not at once. */
  readonly onMessage: (message: Uint8Array) => boolean;
  readonly onTrouble: (detail: string) => void;
}

/** Somebody speaks: sooner than for anything else. */
const SOONEST_MS = 100;
const LATEST_MS = 2_000;
const OPENS_WITHIN_MS = 5_000;
/** A connection on which frames came, and none for so long, is dead before TCP knows. */
const SILENT_MS = 2_000;

/** The device's ear for one broadcast: a WebSocket that is opened again whenever it breaks. */
export class LiveLink {
  readonly #desk: LiveLinkDesk;
  readonly #backoff = new Backoff(SOONEST_MS, LATEST_MS);
  #socket: WebSocket | null = null;
  #retry: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #unplugged: (() => void) | undefined;
  #running = false;

  constructor(desk: LiveLinkDesk) {
    this.#desk = desk;
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  start(): void {
    this.#running = true;
    this.#unplugged = this.#desk.cable.onCut(() => this.#socket?.terminate());
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#unplugged?.();
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#socket?.terminate();
    this.#socket = null;
  }

  say(text: string): void {
    // What cannot leave is not worth keeping: the next report comes in two seconds.
    if (this.#socket !== null && this.connected && this.#socket.bufferedAmount === 0) this.#socket.send(text);
  }

  #connect(): void {
    const { url, bearer, ca, cable, onOpen, onMessage, onTrouble } = this.#desk;
    if (cable.cut) {
      this.#again();
      return;
    }
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${bearer}` },
      handshakeTimeout: OPENS_WITHIN_MS,
      maxPayload: MAX_LIVE_FRAME_BYTES,
      perMessageDeflate: false,
      ...(ca === undefined ? {} : { ca: trusting(ca) }),
    });
    this.#socket = socket;
    socket.on('open', onOpen);
    socket.on('message', (data, isBinary) => {
      if (!isBinary || !(data instanceof Uint8Array)) return;
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => socket.terminate(), SILENT_MS);
      if (onMessage(data)) this.#backoff.reset();
      else socket.terminate();
    });
    socket.on('error', (error) => {
      if (this.#socket === socket) onTrouble(`${url}: ${error.message}`);
    });
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      clearTimeout(this.#silence);
      this.#again();
    });
  }

  #again(): void {
    // After the last word the other side hangs up.
    if (!this.#running || !this.#desk.more()) return;
    this.#retry = setTimeout(() => this.#connect(), this.#backoff.next());
  }
}
