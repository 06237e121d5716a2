import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { LIVE_REPORT_EVERY_MS, LiveReport } from '#devices/messages/live-report';
import { pongCount } from './websocket-message.ts';

/** More than this is not left lying in our memory for one socket: about two seconds of sound. */
const MOST_WAITING_BYTES = 16_384;
/** A device that has not answered a ping for so long hears what is long past; it is sent nothing until it has. */
const BEHIND_MS = 3_000;
/** After this it is hopeless: the device shall connect anew. */
const HOPELESS_MS = 20_000;
/** Reports that come faster than this are not read. */
const REPORT_GAP_MS = LIVE_REPORT_EVERY_MS / 2;

/**
 * One device that listens to a stream. What it cannot take is dropped for it, never queued: neither in our memory, nor
 * in the kernel's, which would hold minutes of speech; a ping each second tells how far the device has read.
 */
export class Listener {
  readonly device: string;
  /** Frames that were not sent because the device was behind. */
  dropped = 0;
  /** The last report, and when it came. */
  report: { readonly at: number; readonly said: LiveReport } | null = null;
  /** Least of the last round trips, and the greatest of them, ms; null before the first. */
  roundTrip: { readonly leastMs: number; readonly mostMs: number } | null = null;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #unanswered = new Map<number, number>();

  /** @param socket the one below the WebSocket, to which whole messages are written. */
  constructor(
    device: string,
    webSocket: WebSocket,
    socket: Duplex,
    events: { readonly now: () => number; readonly onClosed: () => void },
  ) {
    this.device = device;
    this.#webSocket = webSocket;
    this.#socket = socket;
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('close', events.onClosed);
    webSocket.on('pong', (payload: Buffer) => this.#answered(pongCount(payload), events.now()));
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      const now = events.now();
      if (isBinary || (this.report !== null && now - this.report.at < REPORT_GAP_MS)) return;
      const said = readReport(data);
      if (said !== null) this.report = { at: now, said };
    });
  }

  /** @returns whether it was sent; else it is lost for this device. */
  send(message: Buffer, now: number): boolean {
    if (this.#socket.writable && !this.#isBehind(now)) {
      this.#socket.write(message);
      return true;
    }
    this.dropped += 1;
    return false;
  }

  ping(message: Buffer, count: number, now: number): void {
    const oldest = this.#oldest();
    if (oldest !== null && now - oldest > HOPELESS_MS) {
      this.#webSocket.terminate();
      return;
    }
    if (!this.#socket.writable || this.#isBehind(now)) return;
    this.#unanswered.set(count, now);
    this.#socket.write(message);
  }

  /** @param code of RFC 6455 §7.4.1. */
  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  /** Without waiting for the device to agree. */
  cut(): void {
    this.#webSocket.terminate();
  }

  #isBehind(now: number): boolean {
    const oldest = this.#oldest();
    return this.#socket.writableLength > MOST_WAITING_BYTES || (oldest !== null && now - oldest > BEHIND_MS);
  }

  #oldest(): number | null {
    return this.#unanswered.values().next().value ?? null;
  }

  #answered(count: number | null, now: number): void {
    const sentAt = count === null ? undefined : this.#unanswered.get(count);
    if (count === null || sentAt === undefined) return;
    // TCP keeps the order: what was asked before this was read before it.
    for (const earlier of this.#unanswered.keys()) if (earlier <= count) this.#unanswered.delete(earlier);
    const tookMs = Math.max(0, now - sentAt);
    const { leastMs, mostMs } = this.roundTrip ?? { leastMs: tookMs, mostMs: tookMs };
    this.roundTrip = { leastMs: Math.min(leastMs, tookMs), mostMs: Math.max(mostMs * 0.95, tookMs) };
  }
}

function readReport(data: Buffer): LiveReport | null {
  try {
    return LiveReport.safeParse(JSON.parse(data.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
