import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { BroadcastPart } from '#devices/broadcast';
import { encodeLiveFrame, type LiveFrame, liveSignedBytes } from '#devices/live-frame';
import { LiveReport } from '#devices/messages/live-report';
import { LIVE_TYPE } from '#devices/plan';
import type { FakeController } from './fake-controller.ts';

const FRAME_MS = 20;

/** How a test lets the sound of a live broadcast go wrong. */
export interface Mishaps {
  /** Frames that are not sent. */
  readonly lose?: (seq: number) => boolean;
  /** Frames that leave later than they should, by so many ms. */
  readonly holdBack?: (seq: number) => number;
  /** Added to a frame's time. */
  readonly move?: (seq: number) => number;
  /** Without it the stream is not ended. */
  readonly noLast?: boolean;
}

/** The controller's side of live sound, and no more than the contract says: real WebSockets, real signatures. */
export class FakeMicrophone {
  readonly reports: LiveReport[] = [];
  /** By broadcast. */
  readonly #listeners = new Map<string, Set<WebSocket>>();
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #controller: FakeController;

  constructor(controller: FakeController) {
    this.#controller = controller;
    controller.onUpgrade = (request, socket, head) => {
      const broadcast = /^\/device\/v1\/live\/(\w+)$/.exec(request.url ?? '')?.[1];
      if (broadcast === undefined) {
        socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (listener) => this.#add(broadcast, listener));
    };
  }

  listening(broadcast: string): number {
    return this.#listeners.get(broadcast)?.size ?? 0;
  }

  /** Breaks every connection. */
  cut(broadcast: string): void {
    for (const listener of this.#listeners.get(broadcast) ?? []) listener.terminate();
  }

  async message(broadcast: string, frame: LiveFrame, signedFor = broadcast): Promise<Uint8Array> {
    const bytes = encodeLiveFrame(frame);
    return Buffer.concat([bytes, await this.#controller.signBytes(liveSignedBytes(signedFor, bytes))]);
  }

  send(broadcast: string, message: Uint8Array): void {
    for (const listener of this.#listeners.get(broadcast) ?? []) listener.send(message);
  }

  /**
   * Speaks, 20 ms after 20 ms. @param at when the first packet is to be heard, epoch ms. @param leadMs how long before
   * its time each frame is sent.
   */
  async speak(
    broadcast: string,
    packets: readonly Uint8Array[],
    { at, leadMs, from = 0 }: { at: number; leadMs: number; from?: number },
    mishaps: Mishaps = {},
  ): Promise<void> {
    const { lose, holdBack, move, noLast = false } = mishaps;
    for (const [index, packet] of packets.entries()) {
      const seq = from + index;
      const heardAt = at + index * FRAME_MS + (move?.(seq) ?? 0);
      const last = index === packets.length - 1 && !noLast;
      const message = await this.message(broadcast, { seq, heardAt, last, packets: [packet] });
      const waitMs = at + index * FRAME_MS - leadMs + (holdBack?.(seq) ?? 0) - this.#controller.now();
      if (waitMs > 0) await pause(waitMs);
      if (lose?.(seq) !== true) this.send(broadcast, message);
    }
  }

  #add(broadcast: string, listener: WebSocket): void {
    const listeners = this.#listeners.get(broadcast) ?? new Set();
    this.#listeners.set(broadcast, listeners.add(listener));
    listener.on('close', () => listeners.delete(listener));
    // Parsed by the contract's schema: a device that says what it may not makes the test fail.
    listener.on('message', (text) => this.reports.push(LiveReport.parse(JSON.parse(String(text)))));
  }
}

/** Live sound at its place in a broadcast. */
export const livePart = (
  broadcast: string,
  offsetMs: number,
  durationMs: number,
  more: Partial<BroadcastPart> = {},
): BroadcastPart => ({
  role: 'programme',
  programme: null,
  title: 'Phát trực tiếp',
  offsetMs,
  durationMs,
  renditions: [
    {
      sha256: createHash('sha256').update(`loa-live/1 ${broadcast}`).digest('hex'),
      bytes: 0,
      type: LIVE_TYPE,
    },
  ],
  ...more,
});
